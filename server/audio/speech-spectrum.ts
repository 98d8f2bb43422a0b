import { Fourier } from './fourier.ts';
import { sampleRateHz } from './frame.ts';

/** Short-time spectra of sound at 16,000 Hz: 32 ms, every 8 ms. */
export const spectrumSamples = 512;
export const hopSamples = 128;
const bins = spectrumSamples / 2;

const window = Float64Array.from(
  { length: spectrumSamples },
  (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / spectrumSamples),
);
/** The windows of every fourth part of a spectrum add up to this. */
export const overlapGain = spectrumSamples / hopSamples / 2;

export const fourier = new Fourier(spectrumSamples);

/** Real and imaginary part of a stretch of `spectrumSamples`, windowed. */
export interface Spectrum {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

export function spectrumOf(samples: Float64Array, start: number): Spectrum {
  const real = new Float64Array(spectrumSamples);
  for (let index = 0; index < spectrumSamples; index += 1)
    real[index] = (samples[start + index] ?? 0) * (window[index] ?? 0);
  const imaginary = new Float64Array(spectrumSamples);
  fourier.forward(real, imaginary);
  return { real, imaginary };
}

/** A triangle on the mel scale; its weights add up to one. */
export type MelBand = readonly { readonly bin: number; readonly weight: number }[];

const melOf = (hz: number): number => 2_595 * Math.log10(1 + hz / 700);
const hzOf = (mel: number): number => 700 * (10 ** (mel / 2_595) - 1);

export function melBands(lowHz: number, highHz: number, count: number): MelBand[] {
  const step = (melOf(highHz) - melOf(lowHz)) / (count + 1);
  const edgeHz = (index: number): number => hzOf(melOf(lowHz) + index * step);
  return Array.from({ length: count }, (_, band) => {
    const [from, top, to] = [edgeHz(band), edgeHz(band + 1), edgeHz(band + 2)];
    const weights = Array.from({ length: bins - 1 }, (_unused, index) => {
      const hz = ((index + 1) * sampleRateHz) / spectrumSamples;
      return { bin: index + 1, weight: Math.min((hz - from) / (top - from), (to - hz) / (to - top)) };
    }).filter(({ weight }) => weight > 0);
    const sum = weights.reduce((total, { weight }) => total + weight, 0);
    return weights.map(({ bin, weight }) => ({ bin, weight: weight / sum }));
  });
}

/** Power that stands for silence; keeps the logarithm from falling into the noise of rounding. */
const powerFloor = 300;

/** Natural logarithms of the mean power in each band. */
export function logPowers({ real, imaginary }: Spectrum, bands: readonly MelBand[]): number[] {
  return bands.map((band) => {
    let power = powerFloor;
    for (const { bin, weight } of band) power += weight * ((real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2);
    return Math.log(power);
  });
}
