/** Runs work once, so many ms from now. Returns how to call it off. */
export type After = (delayMs: number, work: () => void) => () => void;

export const afterOnThisMachine: After = (delayMs, work) => {
  const timer = setTimeout(work, delayMs);
  return () => clearTimeout(timer);
};

/** Tells when nobody has spoken for a while. Runs only while it is the caller's turn. */
export class SilenceTimer {
  readonly #after: After;
  readonly #onSilence: (silentMs: number) => void;
  #afterMs = 0;
  #cancel: (() => void) | undefined;

  constructor(after: After, onSilence: (silentMs: number) => void) {
    this.#after = after;
    this.#onSilence = onSilence;
  }

  start(afterMs: number): void {
    this.stop();
    this.#afterMs = afterMs;
    this.#cancel = this.#after(afterMs, () => {
      this.#cancel = undefined;
      this.#onSilence(afterMs);
    });
  }

  /** From the beginning, if it runs. */
  restart(): void {
    if (this.#cancel) this.start(this.#afterMs);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
