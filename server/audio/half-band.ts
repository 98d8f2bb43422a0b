/** Taps to each side of the centre. A length of 63: flat to 3.4 kHz, 40 dB and more down from 4.6 kHz on. */
const reach = 31;

/**
 * Every second tap of a windowed-sinc low-pass at half of the higher rate's band, from the centre outwards: the others
 * are zero but the centre, which is a half.
 */
const taps = Float64Array.from({ length: (reach + 1) / 2 }, (_, index) => {
  const distance = 2 * index + 1;
  const sinc = Math.sin((Math.PI * distance) / 2) / (Math.PI * distance);
  return sinc * (0.54 + 0.46 * Math.cos((Math.PI * distance) / (reach + 1)));
});

const clamp = (value: number): number => Math.max(-32_768, Math.min(32_767, Math.round(value)));

/** 8,000 Hz to 16,000 Hz, a piece at a time. What was not there, above 4 kHz, stays empty. One a stream. */
export class Upsampler {
  /** The last samples of the pieces before. */
  readonly #past = new Int16Array(2 * taps.length);

  push(samples: Int16Array): Int16Array {
    const past = this.#past;
    const line = new Int16Array(past.length + samples.length);
    line.set(past);
    line.set(samples, past.length);
    const out = new Int16Array(2 * samples.length);
    for (let index = 0; index < samples.length; index += 1) {
      // Between two samples in the middle of the line's window.
      const left = index + taps.length;
      let sum = 0;
      for (let tap = 0; tap < taps.length; tap += 1) {
        sum += (taps[tap] ?? 0) * ((line[left - tap] ?? 0) + (line[left + 1 + tap] ?? 0));
      }
      out[2 * index] = line[left] ?? 0;
      out[2 * index + 1] = clamp(2 * sum);
    }
    past.set(line.subarray(line.length - past.length));
    return out;
  }
}

/** 16,000 Hz to 8,000 Hz, a piece of even length at a time. One a stream. */
export class Downsampler {
  readonly #past = new Int16Array(2 * reach);

  push(samples: Int16Array): Int16Array {
    const past = this.#past;
    const line = new Int16Array(past.length + samples.length);
    line.set(past);
    line.set(samples, past.length);
    const out = new Int16Array(samples.length >> 1);
    for (let index = 0; index < out.length; index += 1) {
      const centre = 2 * index + reach;
      let sum = 0.5 * (line[centre] ?? 0);
      for (let tap = 0; tap < taps.length; tap += 1) {
        const distance = 2 * tap + 1;
        sum += (taps[tap] ?? 0) * ((line[centre - distance] ?? 0) + (line[centre + distance] ?? 0));
      }
      out[index] = clamp(sum);
    }
    past.set(line.subarray(line.length - past.length));
    return out;
  }
}
