import { fitFilter } from './least-squares.ts';
import type { SoundHistory } from './sound-history.ts';

/** 8 ms: what a hybrid and its codecs smear, at 8,000 Hz; and how far ahead of the found delay that may begin. */
const taps = 64;
const leadTaps = 16;
/** Of NLMS, with a steady bound against division by silence. */
const stepSize = 0.2;
const leastEnergy = taps * 100;

/** A path, and how much of the energy of what was heard it does not explain. */
export interface FittedPath {
  readonly path: EchoPath;
  readonly count: number;
  readonly heard: number;
  readonly left: number;
}

/** The way of our voice back to us: a delay, and a filter. */
export class EchoPath {
  /** From a position in theirs to the one in ours that may sound in it first. */
  readonly #shift: number;
  readonly #filter: Float64Array;

  private constructor(shift: number, filter: Float64Array) {
    this.#shift = shift;
    this.#filter = filter;
  }

  /**
   * The best path for the end of theirs, with the energy that it leaves unexplained.
   *
   * @param delay from the end of both histories, in samples.
   */
  static fit(ours: SoundHistory, theirs: SoundHistory, count: number, delay: number): FittedPath {
    return EchoPath.#fitShifted(ours, theirs, count, ours.end - delay - theirs.end + leadTaps);
  }

  static #fitShifted(ours: SoundHistory, theirs: SoundHistory, count: number, shift: number): FittedPath {
    const from = theirs.end - count;
    const target = theirs.copy(from, count);
    const source = ours.copy(from + shift - taps + 1, count + taps - 1);
    const path = new EchoPath(shift, fitFilter(source, target, taps));
    const residual = path.#residual(source, target);
    return { path, count, heard: energyOf(target), left: energyOf(residual) };
  }

  /** The same delay, fitted anew to the end of theirs. */
  refit(ours: SoundHistory, theirs: SoundHistory, count: number): FittedPath {
    return EchoPath.#fitShifted(ours, theirs, count, this.#shift);
  }

  /** What of theirs, from a position on, is not our echo; and how strong that echo is. */
  explain(ours: SoundHistory, from: number, target: Float64Array): { residual: Float64Array; echoEnergy: number } {
    const source = ours.copy(from + this.#shift - taps + 1, target.length + taps - 1);
    const residual = this.#residual(source, target);
    let echoEnergy = 0;
    for (let n = 0; n < target.length; n += 1) echoEnergy += ((target[n] ?? 0) - (residual[n] ?? 0)) ** 2;
    return { residual, echoEnergy };
  }

  /** Follows a path that changes slowly, while nothing but our echo is heard (NLMS). */
  learn(ours: SoundHistory, from: number, target: Float64Array): void {
    const source = ours.copy(from + this.#shift - taps + 1, target.length + taps - 1);
    const filter = this.#filter;
    let energy = energyOf(source.subarray(0, taps));
    for (let n = 0; n < target.length; n += 1) {
      const newest = n + taps - 1;
      let error = target[n] ?? 0;
      for (let tap = 0; tap < taps; tap += 1) error -= (filter[tap] ?? 0) * (source[newest - tap] ?? 0);
      const step = (stepSize * error) / (energy + leastEnergy);
      for (let tap = 0; tap < taps; tap += 1) filter[tap] = (filter[tap] ?? 0) + step * (source[newest - tap] ?? 0);
      energy += (source[newest + 1] ?? 0) ** 2 - (source[n] ?? 0) ** 2;
    }
  }

  #residual(source: Float64Array, target: Float64Array): Float64Array {
    const filter = this.#filter;
    const residual = new Float64Array(target.length);
    for (let n = 0; n < target.length; n += 1) {
      const newest = n + taps - 1;
      let sum = target[n] ?? 0;
      for (let tap = 0; tap < taps; tap += 1) sum -= (filter[tap] ?? 0) * (source[newest - tap] ?? 0);
      residual[n] = sum;
    }
    return residual;
  }
}

export function energyOf(samples: Float64Array): number {
  let energy = 0;
  for (let index = 0; index < samples.length; index += 1) energy += (samples[index] ?? 0) ** 2;
  return energy;
}
