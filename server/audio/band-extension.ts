import {
  hiddenOf,
  highBands,
  inputScale,
  lowBands,
  outputOf,
  trainedWeights,
  type HighBandWeights,
} from './high-band-model.ts';
import { sampleRateHz } from './frame.ts';
import { LineColour } from './line-colour.ts';
import {
  fourier,
  hopSamples,
  logPowers,
  overlapGain,
  spectrumOf,
  spectrumSamples,
  type Spectrum,
} from './speech-spectrum.ts';

/** Above this a telephone carries nothing; what is there after doubling the rate is a mirror image. */
const lineTopHz = 3_700;
const firstHighBin = Math.round((lineTopHz * spectrumSamples) / sampleRateHz);
/** Where no band reaches, the image is taken out. */
const leftOverGain = 0.1;
const greatestGain = 100;
/** Speech is brought to this mean log power, which recognisers know best; by at most 20 dB. */
const outputLevel = 15.5;
const greatestLevelling = 10;

/**
 * 8,000 Hz to 16,000 Hz for a recogniser that was trained on wideband speech: the missing 3.7 to 7 kHz are guessed from
 * the rest, in how strong they are, frame by frame. "s" gets its hiss back, vowels stay dark. Levels the voice as well.
 * It helps recognition; it is not made to be listened to. One a stream; what comes out is 32 ms late.
 */
export class BandExtension {
  readonly #weights: HighBandWeights;
  readonly #colour: LineColour;
  /** The last `spectrumSamples` at the higher rate, every other one zero: the mirror image is the raw material. */
  readonly #line = new Float64Array(spectrumSamples);
  readonly #sum = new Float64Array(spectrumSamples);
  #filled = spectrumSamples - hopSamples;
  /** Ready, but not yet handed out. A hop in advance, so that every piece comes out at twice its length. */
  #ready: Float64Array = new Float64Array(hopSamples);

  constructor(weights: HighBandWeights = trainedWeights) {
    this.#weights = weights;
    this.#colour = new LineColour(weights.usualLow);
  }

  /**
   * @param samples Int16 mono, 8,000 Hz, any number of them.
   * @returns twice as many, Int16 mono at 16,000 Hz.
   */
  push(samples: Int16Array): Int16Array {
    const done: Float64Array[] = [this.#ready];
    for (const sample of samples) {
      this.#line[this.#filled] = 2 * sample;
      this.#line[this.#filled + 1] = 0;
      this.#filled += 2;
      if (this.#filled < spectrumSamples) continue;
      done.push(this.#nextHop());
      this.#filled -= hopSamples;
    }
    const all = joined(done);
    this.#ready = all.slice(2 * samples.length);
    return Int16Array.from(all.subarray(0, 2 * samples.length), clamped);
  }

  #nextHop(): Float64Array {
    const spectrum = spectrumOf(this.#line, 0);
    this.#fill(spectrum);
    fourier.inverse(spectrum.real, spectrum.imaginary);
    const sum = this.#sum;
    for (let index = 0; index < spectrumSamples; index += 1)
      sum[index] = (sum[index] ?? 0) + (spectrum.real[index] ?? 0) / overlapGain;
    const hop = sum.slice(0, hopSamples);
    sum.copyWithin(0, hopSamples);
    sum.fill(0, spectrumSamples - hopSamples);
    this.#line.copyWithin(0, hopSamples);
    return hop;
  }

  #fill(spectrum: Spectrum): void {
    const frame = this.#colour.hear(logPowers(spectrum, lowBands));
    if (frame === null) return scale(spectrum, (bin) => (bin < firstHighBin ? 1 : leftOverGain));
    const inputs = frame.map((logPower) => logPower * inputScale);
    const relative = outputOf(this.#weights, hiddenOf(this.#weights, inputs), inputs);
    const { level } = this.#colour;
    const levelling = Math.min(Math.exp((outputLevel - level) / 2), greatestLevelling);
    const gains = imageGains(spectrum, relative, this.#weights.usualHigh, level);
    scale(spectrum, (bin) => levelling * (bin < firstHighBin ? 1 : (gains[bin] ?? leftOverGain)));
  }
}

/** How much each bin of the image has to grow or shrink for its bands to have the wanted power. */
function imageGains(
  spectrum: Spectrum,
  relative: readonly number[],
  usual: readonly number[],
  level: number,
): (number | undefined)[] {
  const present = logPowers(spectrum, highBands);
  const gains: (number | undefined)[] = [];
  const weights: number[] = [];
  for (const [index, band] of highBands.entries()) {
    const lacking = (relative[index] ?? 0) + (usual[index] ?? 0) + level - (present[index] ?? 0);
    for (const { bin, weight } of band) {
      gains[bin] = (gains[bin] ?? 0) + weight * lacking;
      weights[bin] = (weights[bin] ?? 0) + weight;
    }
  }
  return gains.map((sum, bin) =>
    sum === undefined ? undefined : Math.min(Math.exp(sum / (weights[bin] ?? 1) / 2), greatestGain),
  );
}

/** Each bin and its mirror twin, so that the sound stays real. */
function scale({ real, imaginary }: Spectrum, gain: (bin: number) => number): void {
  for (let bin = 0; bin <= spectrumSamples / 2; bin += 1) {
    const factor = gain(bin);
    const twin = (spectrumSamples - bin) % spectrumSamples;
    real[bin] = (real[bin] ?? 0) * factor;
    imaginary[bin] = (imaginary[bin] ?? 0) * factor;
    if (twin === bin) continue;
    real[twin] = (real[twin] ?? 0) * factor;
    imaginary[twin] = (imaginary[twin] ?? 0) * factor;
  }
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const clamped = (value: number): number => Math.max(-32_768, Math.min(32_767, Math.round(value)));
