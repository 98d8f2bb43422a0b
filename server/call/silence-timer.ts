/** Tells when nobody has spoken for a while. Runs only while it is the caller's turn. */
export class SilenceTimer {
  readonly #afterMs: number;
  readonly #onSilence: (silentMs: number) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(afterMs: number, onSilence: (silentMs: number) => void) {
    this.#afterMs = afterMs;
    this.#onSilence = onSilence;
  }

  start(): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#onSilence(this.#afterMs);
    }, this.#afterMs);
  }

  /** From the beginning, if it runs. */
  restart(): void {
    if (this.#timer) this.start();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
