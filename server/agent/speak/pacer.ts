interface PacedTask {
  readonly run: () => void;
  readonly onFault: (error: unknown) => void;
}

/** Sends due frames for every call from one timer: absolute deadlines, so that it neither drifts nor bunches. */
export class Pacer {
  readonly #everyMs: number;
  readonly #now: () => number;
  readonly #tasks = new Set<PacedTask>();
  #timer: NodeJS.Timeout | undefined;
  #nextMs = 0;

  /** @param now a monotonic clock, in ms. */
  constructor(everyMs: number, now: () => number) {
    this.#everyMs = everyMs;
    this.#now = now;
  }

  /**
   * Calls `run` every period until the returned function is called. A task that throws is told so and not run again;
   * the others go on.
   */
  add(run: () => void, onFault: (error: unknown) => void): () => void {
    const task: PacedTask = { run, onFault };
    this.#tasks.add(task);
    if (!this.#timer) {
      this.#nextMs = this.#now() + this.#everyMs;
      this.#schedule();
    }
    return () => this.#remove(task);
  }

  #remove(task: PacedTask): void {
    this.#tasks.delete(task);
    if (this.#tasks.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    this.#timer = setTimeout(() => this.#run(), Math.max(0, this.#nextMs - this.#now()));
  }

  #run(): void {
    // After a stall of the whole process what is long past is dropped, not sent in a burst.
    const late = this.#now() - this.#nextMs;
    if (late > 10 * this.#everyMs) this.#nextMs = this.#now();
    // Counted beforehand: when the rounds themselves take longer than a period, packets and timers must still get their turn.
    const rounds = Math.floor((this.#now() - this.#nextMs) / this.#everyMs) + 1;
    for (let round = 0; round < rounds; round += 1) {
      this.#nextMs += this.#everyMs;
      for (const task of this.#tasks) this.#runTask(task);
    }
    if (this.#tasks.size > 0) this.#schedule();
    else this.#timer = undefined;
  }

  #runTask(task: PacedTask): void {
    try {
      task.run();
    } catch (error) {
      this.#tasks.delete(task);
      task.onFault(error);
    }
  }
}
