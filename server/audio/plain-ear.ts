import { sampleRateHz } from './frame.ts';
import type { LineEar } from './line-ear.ts';
import { Resampler } from './resampler.ts';

/** For people: the band as it is, at twice the rate. */
export class PlainEar implements LineEar {
  readonly #up = new Resampler(8_000, sampleRateHz);

  said(): void {}

  heard(samples: Int16Array): Int16Array {
    return this.#up.push(samples);
  }
}
