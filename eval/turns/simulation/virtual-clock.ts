interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly work: () => void;
}

/**
 * Time that passes only when it is told to, so that a call runs as fast as its engines and the same each time. What an
 * engine costs still counts: `work` measures the processor time it really took and lets that much time pass.
 */
export class VirtualClock {
  nowMs: number;
  #timers: Timer[] = [];
  #order = 0;
  /** Engines that are really at work. One at a time, so that each is charged for its own time only. */
  #atWork: Promise<unknown> = Promise.resolve();
  #jobs = 0;

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  /** Whole ms, as a machine tells them. */
  readonly now = (): number => Math.floor(this.nowMs);

  readonly after = (delayMs: number, work: () => void): (() => void) => {
    const timer: Timer = { atMs: this.nowMs + delayMs, order: this.#order++, work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  /** Does real work; its result is there as many ms later as the processor was busy with it. */
  async work<T>(job: () => Promise<T>): Promise<T> {
    this.#jobs += 1;
    const measured = this.#atWork.then(async () => {
      const start = process.cpuUsage();
      const result = await job();
      const { user, system } = process.cpuUsage(start);
      return { result, costMs: (user + system) / 1_000 };
    });
    this.#atWork = measured.then(noop, noop);
    try {
      const { result, costMs } = await measured;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.after(costMs, resolve);
      this.#jobs -= 1;
      await promise;
      return result;
    } catch (error) {
      this.#jobs -= 1;
      throw error;
    }
  }

  /** Lets time pass, and everything happen that is due. */
  async advanceTo(untilMs: number): Promise<void> {
    await this.#settle();
    for (let next = this.#next(untilMs); next; next = this.#next(untilMs)) {
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.work();
      await this.#settle();
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  #next(untilMs: number): Timer | undefined {
    const due = this.#timers.filter((timer) => timer.atMs <= untilMs);
    return due.sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
  }

  /** Until nothing can happen any more without time passing. */
  async #settle(): Promise<void> {
    do {
      await this.#atWork;
      await new Promise((resolve) => setImmediate(resolve));
    } while (this.#jobs > 0);
  }
}

const noop = (): void => undefined;
