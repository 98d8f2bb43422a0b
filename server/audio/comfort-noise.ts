/** Soft noise for when the line is silent, so that it does not sound dead. */
export class ComfortNoise {
  #seed: number;

  constructor(seed: number) {
    this.#seed = seed >>> 0 || 1;
  }

  /** @param level root mean square, 0 to 32,768. */
  make(count: number, level: number): Int16Array {
    const samples = new Int16Array(count);
    // Uniform noise between ±a has a level of a / √3.
    const amplitude = Math.min(level, 1_000) * Math.sqrt(3);
    for (let index = 0; index < count; index += 1) samples[index] = Math.round(this.#next() * amplitude);
    return samples;
  }

  /** -1 to 1, by xorshift: noise need not be unguessable. */
  #next(): number {
    this.#seed ^= this.#seed << 13;
    this.#seed ^= this.#seed >>> 17;
    this.#seed ^= this.#seed << 5;
    return this.#seed / 0x80000000;
  }
}

/** The level that a comfort noise packet announces: its first byte is -dBov (RFC 3389 §3.1). */
export function announcedLevel(payload: Uint8Array): number {
  return 32_768 * 10 ** (-Math.min(127, payload[0] ?? 127) / 20);
}
