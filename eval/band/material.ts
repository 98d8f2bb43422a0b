import { decodeG711, encodeG711 } from '../../server/audio/g711.ts';
import { lowBands, highBands, inputScale } from '../../server/audio/high-band-model.ts';
import { LineColour, withinRange } from '../../server/audio/line-colour.ts';
import { hopSamples, logPowers, spectrumOf, spectrumSamples } from '../../server/audio/speech-spectrum.ts';
import { resample } from '../../server/audio/resampler.ts';

/** How a line changes a voice: how loud, how coloured, how noisy. */
export interface Line {
  readonly gain: number;
  /** -1 to 1: dark to bright, a one-pole difference. */
  readonly tilt: number;
  /** RMS of white noise, Int16 steps. */
  readonly noise: number;
}

/** One moment: what a telephone carries of it, and what it does not. */
export interface Moment {
  readonly inputs: number[];
  readonly targets: readonly number[];
}

/** The same frames at full bandwidth, and through a line as `BandExtension` gets them. */
interface Frames {
  readonly low: readonly (readonly number[])[];
  readonly cleanLow: readonly (readonly number[])[];
  readonly high: readonly (readonly number[])[];
}

function framesOf(speech: Int16Array, line: Line, random: () => number): Frames {
  const clean = Float64Array.from(speech);
  const narrow = new Float64Array(speech.length);
  for (const [index, sample] of throughLine(speech, line, random).entries()) narrow[2 * index] = 2 * sample;
  const low: number[][] = [];
  const cleanLow: number[][] = [];
  const high: number[][] = [];
  for (let start = 0; start + spectrumSamples <= speech.length; start += hopSamples) {
    const whole = spectrumOf(clean, start);
    low.push(logPowers(spectrumOf(narrow, start), lowBands));
    cleanLow.push(logPowers(whole, lowBands));
    high.push(logPowers(whole, highBands));
  }
  return { low, cleanLow, high };
}

function throughLine(speech: Int16Array, { gain, tilt, noise }: Line, random: () => number): Int16Array {
  const narrow = resample(speech, 16_000, 8_000);
  let last = 0;
  const coloured = narrow.map((sample) => {
    const value = gain * (sample + tilt * last) + noise * 1.7 * (random() + random() + random() + random() - 2);
    last = sample;
    return Math.max(-32_768, Math.min(32_767, Math.round(value)));
  });
  return decodeG711('PCMU', encodeG711('PCMU', coloured));
}

/** Frames of speech within 19 dB of the loudest, as `LineColour` has it. */
function usualOf(bands: readonly (readonly number[])[], low: readonly (readonly number[])[]): number[] {
  const levels = low.map(mean);
  const loudest = Math.max(...levels);
  const speech = levels.flatMap((level, index) => (level > loudest - 4.5 ? [index] : []));
  return (bands[0] ?? []).map((_, band) =>
    mean(speech.map((index) => (bands[index]?.[band] ?? 0) - (levels[index] ?? 0))),
  );
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

const average = (rows: readonly (readonly number[])[]): number[] =>
  (rows[0] ?? []).map((_, band) => mean(rows.map((row) => row[band] ?? 0)));

/** The usual colour of these voices. */
export function usualColour(voices: readonly Int16Array[]): { usualLow: number[]; usualHigh: number[] } {
  const quiet: Line = { gain: 1, tilt: 0, noise: 0 };
  const all = voices.map((voice) => framesOf(voice, quiet, () => 0.5));
  return {
    usualLow: average(all.map(({ low }) => usualOf(low, low))),
    usualHigh: average(all.map(({ high, cleanLow }) => usualOf(high, cleanLow))),
  };
}

/** What a network can learn from one voice over one line. */
export function momentsOf(speech: Int16Array, usualLow: readonly number[], line: Line, random: () => number): Moment[] {
  const { low, cleanLow, high } = framesOf(speech, line, random);
  const usual = usualOf(high, cleanLow);
  const level = levelOfSpeech(cleanLow);
  const colour = new LineColour(usualLow);
  return low.flatMap((frame, index) => {
    const heard = colour.hear(frame);
    const wanted = high[index];
    if (heard === null || wanted === undefined) return [];
    return [
      {
        inputs: heard.map((value) => value * inputScale),
        targets: wanted.map((value, band) => withinRange(value - level - (usual[band] ?? 0))),
      },
    ];
  });
}

function levelOfSpeech(low: readonly (readonly number[])[]): number {
  const levels = low.map(mean);
  const loudest = Math.max(...levels);
  return mean(levels.filter((level) => level > loudest - 4.5));
}
