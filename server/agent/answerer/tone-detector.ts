import { Fourier } from '../../audio/fourier.ts';
import { levelOf, sampleRateHz } from '../../audio/frame.ts';

/** 32 ms at 16,000 Hz, as voice activity is heard. */
const windowSamples = 512;
const binHz = sampleRateHz / windowSamples;
/** Answering machines beep within these. */
const lowestHz = 350;
const highestHz = 2_200;
/** A telephone carries no more; what stands above was made up from below. */
const bandHz = 3_600;
/** Of the band's power in the peak and the bins beside it. A vowel spreads over its harmonics. */
const leastPurity = 0.94;
const leastLevel = 150;
/** From one window to the next a tone stays where it is. */
const maxDriftBins = 1;

/** Hears one pure tone, as a machine's beep, window by window. */
export class ToneDetector {
  readonly #fourier = new Fourier(windowSamples);
  readonly #hann = Float64Array.from(
    { length: windowSamples },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / windowSamples),
  );
  readonly #real = new Float64Array(windowSamples);
  readonly #imaginary = new Float64Array(windowSamples);
  #lastBin: number | undefined;

  /**
   * @param window 512 samples, Int16 mono at 16,000 Hz.
   * @returns whether it is a tone, and the same as in the window before, if that was one.
   */
  hear(window: Int16Array): boolean {
    const bin = levelOf(window) < leastLevel ? undefined : this.#pureBin(window);
    const steady = bin !== undefined && (this.#lastBin === undefined || Math.abs(bin - this.#lastBin) <= maxDriftBins);
    this.#lastBin = bin;
    return steady;
  }

  #pureBin(window: Int16Array): number | undefined {
    for (let index = 0; index < windowSamples; index += 1) {
      this.#real[index] = (window[index] ?? 0) * (this.#hann[index] ?? 0);
      this.#imaginary[index] = 0;
    }
    this.#fourier.forward(this.#real, this.#imaginary);
    const power = (bin: number): number => (this.#real[bin] ?? 0) ** 2 + (this.#imaginary[bin] ?? 0) ** 2;
    let total = 0;
    let peak = 0;
    const last = Math.floor(bandHz / binHz);
    for (let bin = 2; bin <= last; bin += 1) {
      total += power(bin);
      if (power(bin) > power(peak) || peak === 0) peak = bin;
    }
    const near = [-2, -1, 0, 1, 2].reduce((sum, offset) => sum + power(peak + offset), 0);
    const peakHz = peak * binHz;
    return peakHz >= lowestHz && peakHz <= highestHz && near >= leastPurity * total ? peak : undefined;
  }
}
