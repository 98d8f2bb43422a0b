import { seeded } from '../../dialogue/learn/random.ts';
import { hiddenOf, outputOf, type HighBandWeights } from '../../server/audio/high-band-model.ts';
import type { Moment } from './material.ts';

const hiddenUnits = 24;
const epochs = 10;
const firstRate = 0.008;
const rateDecay = 0.75;

/** Root of the mean squared error, in dB, over all high bands. */
export function errorDb(weights: HighBandWeights, moments: readonly Moment[]): number {
  let sum = 0;
  let count = 0;
  for (const { inputs, targets } of moments) {
    for (const [band, value] of outputOf(weights, hiddenOf(weights, inputs), inputs).entries()) {
      sum += (value - (targets[band] ?? 0)) ** 2;
      count += 1;
    }
  }
  return (10 / Math.LN10) * Math.sqrt(sum / Math.max(1, count));
}

/** One hidden layer and a straight connection beside it, by stochastic gradient descent. The same data gives the same weights. */
export function train(
  moments: readonly Moment[],
  usual: Pick<HighBandWeights, 'usualLow' | 'usualHigh'>,
): HighBandWeights {
  const random = seeded(3);
  const small = (): number => (random() + random() + random() - 1.5) * 0.3;
  const inputCount = usual.usualLow.length;
  const hidden = Array.from({ length: hiddenUnits }, () => Array.from({ length: inputCount + 1 }, small));
  const output = usual.usualHigh.map(() => Array.from({ length: hiddenUnits + inputCount + 1 }, small));
  const weights = { ...usual, hidden, output };
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const rate = firstRate * rateDecay ** epoch;
    for (let count = 0; count < moments.length; count += 1) {
      const moment = moments[Math.floor(random() * moments.length)];
      if (moment !== undefined) descend(weights, moment, rate);
    }
  }
  const rounded = (rows: readonly (readonly number[])[]): number[][] => rows.map((row) => row.map(round));
  return {
    usualLow: usual.usualLow.map(round),
    usualHigh: usual.usualHigh.map(round),
    hidden: rounded(hidden),
    output: rounded(output),
  };
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000;

function descend(
  weights: HighBandWeights & { readonly hidden: number[][]; readonly output: number[][] },
  { inputs, targets }: Moment,
  rate: number,
): void {
  const active = hiddenOf(weights, inputs);
  const before = [...active, ...inputs, 1];
  const errors = outputOf(weights, active, inputs).map((value, band) => value - (targets[band] ?? 0));
  const blame = active.map((value, unit) => {
    let sum = 0;
    for (const [band, error] of errors.entries()) sum += error * (weights.output[band]?.[unit] ?? 0);
    return sum * (1 - value * value);
  });
  for (const [band, error] of errors.entries()) shift(weights.output[band] ?? [], before, -rate * error);
  const given = [...inputs, 1];
  for (const [unit, error] of blame.entries()) shift(weights.hidden[unit] ?? [], given, -rate * error);
}

function shift(unit: number[], by: readonly number[], factor: number): void {
  for (const [index, value] of by.entries()) unit[index] = (unit[index] ?? 0) + factor * value;
}
