/** Nonzero taps on each side of the middle one: every other tap of a half-band filter is zero. */
const sideTaps = 12;
const reach = 2 * sideTaps - 1;
/** For input that lies 1, 3, 5 … samples from the middle. The sum of all taps is 1. */
const taps = halfBand();

/**
 * 16,000 Hz to 8,000 Hz, Int16 mono: a half-band filter, flat to 3.4 kHz. A frame in is a frame out, 1.4 ms late. Costs
 * a fifth of `Resampler`, which matters where a leg costs little else.
 */
export class Halver {
  /** The end of what came before, then what comes now. */
  #line = new Float32Array(2 * reach);

  /** @param samples an even number of them. */
  push(samples: Int16Array): Int16Array {
    const kept = 2 * reach;
    if (this.#line.length < kept + samples.length) {
      const longer = new Float32Array(kept + samples.length);
      longer.set(this.#line.subarray(0, kept));
      this.#line = longer;
    }
    const line = this.#line;
    line.set(samples, kept);
    const out = new Int16Array(samples.length >> 1);
    for (let index = 0; index < out.length; index += 1) {
      const middle = 2 * index + reach + 1;
      let sum = 0.5 * (line[middle] ?? 0);
      for (let tap = 0; tap < sideTaps; tap += 1) {
        const distance = 2 * tap + 1;
        sum += (taps[tap] ?? 0) * ((line[middle - distance] ?? 0) + (line[middle + distance] ?? 0));
      }
      out[index] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
    }
    line.copyWithin(0, samples.length, samples.length + kept);
    return out;
  }
}

/** Sinc at a quarter of the rate, under a Hamming window. */
function halfBand(): Float32Array {
  const raw = Float64Array.from({ length: sideTaps }, (_, tap) => {
    const distance = 2 * tap + 1;
    const window = 0.54 + 0.46 * Math.cos((Math.PI * distance) / (reach + 1));
    return (window * Math.sin((Math.PI * distance) / 2)) / (Math.PI * distance);
  });
  const sum = raw.reduce((total, tap) => total + tap, 0);
  return Float32Array.from(raw, (tap) => (0.25 * tap) / sum);
}
