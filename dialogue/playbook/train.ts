import { exactKey } from '../understand/classify.ts';
import { classWords, featuresOf } from '../understand/features.ts';
import type { Classifier, Label } from './bundle.ts';

export interface Example {
  readonly label: Label;
  readonly text: string;
}

const passes = 30;
const stepSize = 0.5;
const decay = 0.00002;
/** Smaller errors are not worth a step. */
const settled = 0.004;

/** Softmax regression with AdaGrad, in a fixed order: the same examples give the same weights. */
export function train(examples: readonly Example[]): Classifier {
  const labels: Label[] = [];
  const labelIndex = new Map<string, number>();
  const exact: Record<string, number> = {};
  const known = new Set<string>();
  const rows = examples.map(({ label, text }) => {
    const key = `${label.kind}/${label.question ?? ''}/${label.id}`;
    let target = labelIndex.get(key);
    if (target === undefined) {
      target = labels.length;
      labels.push(label);
      labelIndex.set(key, target);
    }
    const words = classWords(text);
    for (const word of words) known.add(word);
    const whole = exactKey(text);
    // "#" alone could be anything. The first label that claims a sentence keeps it.
    if (whole !== '' && whole !== '#') exact[whole] ??= target;
    return { target, features: [...featuresOf(words)] };
  });
  const size = labels.length;
  const ids = new Map<string, number>();
  const coded = rows.map(({ target, features }) => ({
    target,
    ids: features.map(([feature]) => {
      const id = ids.get(feature) ?? ids.size;
      ids.set(feature, id);
      return id;
    }),
    values: features.map(([, value]) => value),
  }));
  const weights = new Float64Array(ids.size * size);
  const squares = new Float64Array(ids.size * size).fill(1e-2);
  const bias = new Float64Array(size);
  const scores = new Float64Array(size);
  /** One step of AdaGrad on one example. The hot loop: plain loops over typed arrays. */
  const fit = ({ target, ids: features, values }: (typeof coded)[number], balance: number) => {
    scores.set(bias);
    for (let at = 0; at < features.length; at++) {
      const base = (features[at] ?? 0) * size;
      const value = values[at] ?? 0;
      for (let label = 0; label < size; label++) scores[label]! += weights[base + label]! * value;
    }
    let top = -Infinity;
    for (let label = 0; label < size; label++) top = Math.max(top, scores[label]!);
    let total = 0;
    for (let label = 0; label < size; label++) total += scores[label] = Math.exp(scores[label]! - top);
    for (let label = 0; label < size; label++) {
      const error = (scores[label]! / total - (label === target ? 1 : 0)) * balance;
      if (Math.abs(error) < settled) continue;
      bias[label]! -= 0.02 * error;
      for (let at = 0; at < features.length; at++) {
        const cell = (features[at] ?? 0) * size + label;
        const slope = error * (values[at] ?? 0) + decay * weights[cell]!;
        squares[cell]! += slope * slope;
        weights[cell]! -= (stepSize * slope) / Math.sqrt(squares[cell]!);
      }
    }
  };
  // Labels with few examples count as much as those with many.
  const perLabel = new Float64Array(size);
  for (const { target } of coded) perLabel[target] = (perLabel[target] ?? 0) + 1;
  const mean = coded.length / size;
  for (let pass = 0; pass < passes; pass++) {
    for (const row of coded) fit(row, Math.min(3, Math.sqrt(mean / (perLabel[row.target] ?? 1))));
  }
  const table: Record<string, number[]> = {};
  for (const [feature, id] of ids) {
    const row: number[] = [];
    for (let label = 0; label < size; label++) {
      const hundredths = Math.round((weights[id * size + label] ?? 0) * 100);
      // Small weights are noise and most of the size.
      if (Math.abs(hundredths) >= 12) row.push(label, hundredths);
    }
    if (row.length > 0) table[feature] = row;
  }
  return {
    labels,
    bias: Array.from(bias, (value) => Math.round(value * 1_000) / 1_000),
    weights: table,
    known: [...known].sort(),
    exact,
  };
}
