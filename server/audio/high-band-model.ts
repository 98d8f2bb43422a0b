import { melBands } from './speech-spectrum.ts';
import weights from './high-band-weights.json' with { type: 'json' };

/** What a telephone carries, and what it cuts off and a wideband recogniser misses. */
export const lowBands = melBands(200, 3_700, 16);
export const highBands = melBands(3_500, 7_100, 6);

/** Network inputs of about -1 to 1. */
export const inputScale = 1 / 3;

/** Each unit's weights: one an input, and the bias. */
export interface HighBandWeights {
  /** Each low band of usual speech relative to its level, natural log of power. */
  readonly usualLow: readonly number[];
  readonly usualHigh: readonly number[];
  readonly hidden: readonly (readonly number[])[];
  /** Each output's weights: hidden units, then inputs, then the bias. */
  readonly output: readonly (readonly number[])[];
}

/** Learnt from synthesised speech: `npm run eval -- band`. */
export const trainedWeights: HighBandWeights = weights;

/** Activity of the hidden units. */
export function hiddenOf({ hidden }: HighBandWeights, inputs: readonly number[]): number[] {
  return hidden.map((unit) => Math.tanh(weighted(unit, inputs)));
}

/** Log powers of the high bands, relative to what is usual. */
export function outputOf({ output }: HighBandWeights, hidden: readonly number[], inputs: readonly number[]): number[] {
  const all = [...hidden, ...inputs];
  return output.map((unit) => weighted(unit, all));
}

/** The last weight is the bias. */
function weighted(unit: readonly number[], inputs: readonly number[]): number {
  let sum = unit[inputs.length] ?? 0;
  for (const [index, input] of inputs.entries()) sum += input * (unit[index] ?? 0);
  return sum;
}
