/** A sound this much softer than the caller's loudest is somebody else's: 18 dB. Soft first vowels are above it. */
const ownShare = 0.125;
/** Voices in the room are this much softer than the caller, if not more: 6 dB. */
const plainlyOwnShare = 0.5;
/** How much the latest turn counts. Half: a caller who moves away from the microphone is known after two turns. */
const latestShare = 0.5;

/** How loud the caller usually is at the microphone: other voices in the room are softer. Levels of 32,768. */
export class CallerLevel {
  #usual = 0;

  /** @param loudest the loudest stretch of a turn that was the caller's. */
  learn(loudest: number): void {
    this.#usual = this.#usual === 0 ? loudest : this.#usual + (loudest - this.#usual) * latestShare;
  }

  /** Nothing is foreign before the caller has spoken. */
  isForeign(level: number): boolean {
    return level < this.#usual * ownShare;
  }

  /** Whether the loudest stretch of a sound is as loud as the caller usually is. Undefined before the caller has spoken. */
  isPlainlyOwn(loudest: number): boolean | undefined {
    return this.#usual > 0 ? loudest >= this.#usual * plainlyOwnShare : undefined;
  }
}
