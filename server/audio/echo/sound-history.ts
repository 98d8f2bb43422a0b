/** The end of a stream, by position from its beginning. What lies too far back, or ahead, is silence. */
export class SoundHistory {
  readonly #kept: Float64Array;
  #end = 0;

  /** @param length how many samples are kept: a power of two. */
  constructor(length: number) {
    this.#kept = new Float64Array(length);
  }

  /** The position after the newest sample. */
  get end(): number {
    return this.#end;
  }

  push(samples: Int16Array): void {
    const mask = this.#kept.length - 1;
    for (let index = 0; index < samples.length; index += 1)
      this.#kept[(this.#end + index) & mask] = samples[index] ?? 0;
    this.#end += samples.length;
  }

  copy(from: number, count: number): Float64Array {
    const mask = this.#kept.length - 1;
    const out = new Float64Array(count);
    const first = Math.max(from, this.#end - this.#kept.length, 0);
    const last = Math.min(from + count, this.#end);
    for (let at = first; at < last; at += 1) out[at - from] = this.#kept[at & mask] ?? 0;
    return out;
  }
}
