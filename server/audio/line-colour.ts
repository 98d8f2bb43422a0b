/** Speech frames after which the first guess at the line's colour has half of its weight. */
const priorFrames = 40;
/** The memory of both running means, in frames of speech: about 2.4 s. */
const memoryFrames = 300;
/** Below the loudest frame by more than this (natural log of power; 19 dB) a frame is not speech. */
const speechRange = 4.5;
/** The loudest frame is forgotten by this much a frame: 11 dB in 10 s. */
const forgetting = 0.002;
/** A mean log power that no telephone line's hiss reaches. */
const hissLevel = 9;

/** Digital silence is as far from speech as room noise is: 39 dB. */
const farthest = 9;

export const withinRange = (relative: number): number => Math.max(-farthest, Math.min(farthest, relative));

/**
 * How loud a caller is and how microphone and line colour their speech: running means of the log powers of each band,
 * over frames of speech. What is learnt about sounds then holds for every line.
 */
export class LineColour {
  /** Each band relative to the level. */
  readonly #colour: number[];
  #level = 0;
  #loudest = hissLevel;
  #frames = 0;

  /** @param usual each band of usual speech relative to its level, natural log of power. */
  constructor(usual: readonly number[]) {
    this.#colour = [...usual];
  }

  /** Mean log power of the caller's speech; 0 before the first of it. */
  get level(): number {
    return this.#level;
  }

  /** @returns the frame without level and colour; null before the first speech. */
  hear(logPowers: readonly number[]): number[] | null {
    let level = 0;
    for (const logPower of logPowers) level += logPower / logPowers.length;
    this.#loudest = Math.max(this.#loudest - forgetting, hissLevel, level);
    if (level > hissLevel && level > this.#loudest - speechRange) this.#learn(logPowers, level);
    if (this.#frames === 0) return null;
    return logPowers.map((logPower, band) => withinRange(logPower - this.#level - (this.#colour[band] ?? 0)));
  }

  #learn(logPowers: readonly number[], level: number): void {
    this.#frames = Math.min(this.#frames + 1, memoryFrames);
    this.#level += (level - this.#level) / this.#frames;
    const rate = 1 / Math.min(this.#frames + priorFrames, memoryFrames);
    for (const [band, logPower] of logPowers.entries())
      this.#colour[band] = (this.#colour[band] ?? 0) + rate * (logPower - level - (this.#colour[band] ?? 0));
  }
}
