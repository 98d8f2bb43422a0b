import type { sampleRateHz } from './frame.ts';

/** In samples at 8,000 Hz: voices from 66 to 400 Hz. */
const shortestPeriod = 20;
const longestPeriod = 120;
const compared = 160;
/** From the old sound into the new one: 4 ms. */
const fadeSamples = 32;
/** The replacement gets softer from 20 ms on and is gone after 80 ms: longer ones sound like a robot. */
const holdSamples = 160;
const goneSamples = 640;

/** Fills lost packets with the voice's last period, after G.711 Appendix I. One a stream. */
export class Concealer {
  /** Samples for each one at 8,000 Hz. */
  readonly #scale: number;
  readonly #history: number;
  /** The last sounds, as they came; put together only when one is missing. */
  readonly #recent: Int16Array[] = [];
  #kept = 0;
  #period: Int16Array | undefined;
  #made = 0;

  constructor(rateHz: 8_000 | typeof sampleRateHz = 8_000) {
    this.#scale = rateHz / 8_000;
    this.#history = (longestPeriod + compared) * this.#scale;
  }

  /** A packet that came. The first one after a loss is faded into. */
  heard(samples: Int16Array): Int16Array {
    if (this.#made === 0) {
      this.#remember(samples);
      return samples;
    }
    const bridge = this.#continue(Math.min(fadeSamples * this.#scale, samples.length));
    const out = Int16Array.from(samples);
    for (let index = 0; index < bridge.length; index += 1) {
      const share = (index + 1) / (bridge.length + 1);
      out[index] = Math.round((bridge[index] ?? 0) * (1 - share) + (samples[index] ?? 0) * share);
    }
    this.#made = 0;
    this.#period = undefined;
    this.#remember(out);
    return out;
  }

  /** What stands in for `count` lost samples. */
  lost(count: number): Int16Array {
    const out = this.#continue(count);
    this.#remember(out);
    return out;
  }

  #continue(count: number): Int16Array {
    this.#period ??= this.#lastPeriod();
    const out = new Int16Array(count);
    for (let index = 0; index < count; index += 1) {
      const gain = 1 - (this.#made / this.#scale - holdSamples) / (goneSamples - holdSamples);
      const sample = this.#period[this.#made % this.#period.length] ?? 0;
      out[index] = Math.round(sample * Math.max(0, Math.min(1, gain)));
      this.#made += 1;
    }
    return out;
  }

  /** The stretch before the end that resembles the one before it most. */
  #lastPeriod(): Int16Array {
    const past = this.#past();
    const scale = this.#scale;
    const end = past.length - compared * scale;
    let best = longestPeriod * scale;
    let bestLikeness = -1;
    for (let lag = shortestPeriod * scale; lag <= longestPeriod * scale; lag += 1) {
      let product = 0;
      let energy = 1;
      for (let index = end; index < past.length; index += 2) {
        const earlier = past[index - lag] ?? 0;
        product += (past[index] ?? 0) * earlier;
        energy += earlier * earlier;
      }
      const likeness = product / Math.sqrt(energy);
      if (likeness > bestLikeness) [best, bestLikeness] = [lag, likeness];
    }
    return past.slice(past.length - best);
  }

  #remember(samples: Int16Array): void {
    this.#recent.push(samples);
    this.#kept += samples.length;
    while (this.#kept - (this.#recent[0]?.length ?? 0) >= this.#history) {
      this.#kept -= this.#recent.shift()?.length ?? 0;
    }
  }

  #past(): Int16Array {
    const past = new Int16Array(this.#history);
    let end = this.#history;
    for (const piece of this.#recent.toReversed()) {
      const fitting = piece.subarray(Math.max(0, piece.length - end));
      end -= fitting.length;
      past.set(fitting, end);
    }
    return past;
  }
}
