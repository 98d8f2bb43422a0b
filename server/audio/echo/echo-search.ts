import { Fourier } from '../fourier.ts';
import { predictorOf } from './linear-prediction.ts';

/** What is searched for an echo: 1,024 ms of ours at 8,000 Hz. */
export const searchedSamples = 8_192;
const predictorOrder = 10;
const fourier = new Fourier(searchedSamples);

export interface EchoMatch {
  /** How far back, from the end of both, ours lies that sounds like theirs. Samples. */
  readonly delaySamples: number;
  /** 0 to 1: how much alike they are there, sample by sample, with what all speech has in common taken out. */
  readonly likeness: number;
}

/**
 * Looks for theirs in ours. Both are whitened by what predicts theirs, so that a voice is not taken for another one of
 * the same pitch.
 *
 * @param ours `searchedSamples`, up to now.
 * @param theirs far fewer, up to now.
 */
export function findEcho(ours: Float64Array, theirs: Float64Array): EchoMatch {
  const weights = predictorOf(theirs, predictorOrder);
  const real = whitened(ours, weights);
  const sounds = whitened(theirs, weights);
  const imaginary = new Float64Array(searchedSamples);
  imaginary.set(sounds);
  const energies = runningEnergies(real, sounds.length);
  const energy = energyOf(sounds);
  fourier.forward(real, imaginary);
  correlate(real, imaginary);
  fourier.inverse(real, imaginary);
  let best: EchoMatch = { delaySamples: 0, likeness: 0 };
  const last = searchedSamples - sounds.length;
  for (let start = 0; start <= last; start += 1) {
    const likeness = Math.abs(real[start] ?? 0) / Math.sqrt(energy * (energies[start] ?? 0) + 1);
    if (likeness > best.likeness) best = { delaySamples: last - start, likeness };
  }
  return best;
}

function whitened(samples: Float64Array, weights: Float64Array): Float64Array {
  const out = new Float64Array(samples.length);
  for (let index = predictorOrder; index < samples.length; index += 1) {
    let value = samples[index] ?? 0;
    for (let tap = 0; tap < predictorOrder; tap += 1) value -= (weights[tap] ?? 0) * (samples[index - 1 - tap] ?? 0);
    out[index] = value;
  }
  return out;
}

/** From the spectrum of a + ib, with a and b real, to that of a's correlation with b, in place. */
function correlate(real: Float64Array, imaginary: Float64Array): void {
  const size = searchedSamples;
  for (let bin = 0; bin <= size / 2; bin += 1) {
    const twin = (size - bin) % size;
    const [r1, i1, r2, i2] = [real[bin] ?? 0, imaginary[bin] ?? 0, real[twin] ?? 0, imaginary[twin] ?? 0];
    // a = (z + z̄')/2, b = (z - z̄')/2i
    const [aReal, aImaginary] = [(r1 + r2) / 2, (i1 - i2) / 2];
    const [bReal, bImaginary] = [(i1 + i2) / 2, (r2 - r1) / 2];
    const productReal = aReal * bReal + aImaginary * bImaginary;
    const productImaginary = aImaginary * bReal - aReal * bImaginary;
    real[bin] = productReal;
    imaginary[bin] = productImaginary;
    real[twin] = productReal;
    imaginary[twin] = -productImaginary;
  }
}

/** Of each stretch of so many samples. */
function runningEnergies(samples: Float64Array, length: number): Float64Array {
  const energies = new Float64Array(samples.length - length + 1);
  let energy = energyOf(samples.subarray(0, length));
  for (let start = 0; start < energies.length; start += 1) {
    energies[start] = Math.max(0, energy);
    energy += (samples[start + length] ?? 0) ** 2 - (samples[start] ?? 0) ** 2;
  }
  return energies;
}

function energyOf(samples: Float64Array): number {
  let energy = 0;
  for (let index = 0; index < samples.length; index += 1) energy += (samples[index] ?? 0) ** 2;
  return energy;
}
