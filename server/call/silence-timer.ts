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
    this.#timer = setTimeout(() => this.#onSilence(this.#afterMs), this.#afterMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
