/** Sends due frames for every call from one timer: absolute deadlines, so that it neither drifts nor bunches. */
export class Pacer {
  readonly #everyMs: number;
  readonly #now: () => number;
  readonly #tasks = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #nextMs = 0;

  /** @param now a monotonic clock, in ms. */
  constructor(everyMs: number, now: () => number) {
    this.#everyMs = everyMs;
    this.#now = now;
  }

  /** Calls `task` every period until the returned function is called. */
  add(task: () => void): () => void {
    this.#tasks.add(task);
    if (!this.#timer) {
      this.#nextMs = this.#now() + this.#everyMs;
      this.#schedule();
    }
    return () => {
      this.#tasks.delete(task);
      if (this.#tasks.size > 0 || !this.#timer) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  #schedule(): void {
    this.#timer = setTimeout(() => this.#run(), Math.max(0, this.#nextMs - this.#now()));
  }

  #run(): void {
    // After a stall of the whole process what is long past is dropped, not sent in a burst.
    const late = this.#now() - this.#nextMs;
    if (late > 10 * this.#everyMs) this.#nextMs = this.#now();
    while (this.#nextMs <= this.#now()) {
      this.#nextMs += this.#everyMs;
      for (const task of this.#tasks) task();
    }
    this.#schedule();
  }
}
