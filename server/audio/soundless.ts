/** Nothing real is this quiet: even a telephone's own hiss is louder. A-law cannot write less. */
const faintest = 8;

/** The longest stretch in which a line carried no sound at all: packets of digital silence, or none. */
export class Soundless {
  #sinceMs: number;
  #longestMs = 0;
  #excused = false;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  heard(samples: Int16Array, nowMs: number): void {
    for (let index = 0; index < samples.length; index += 1) {
      if (Math.abs(samples[index] ?? 0) > faintest) return this.restart(nowMs);
    }
  }

  /** There was something. */
  restart(nowMs: number): void {
    this.#longestMs = this.longestMs(nowMs);
    this.#sinceMs = nowMs;
    this.#excused = false;
  }

  /** Nothing is owed now, as on hold. To be called again while that is so. */
  excuse(nowMs: number): void {
    if (!this.#excused) this.restart(nowMs);
    this.#excused = true;
    this.#sinceMs = nowMs;
  }

  longestMs(nowMs: number): number {
    return Math.max(this.#longestMs, nowMs - this.#sinceMs);
  }
}
