import { seeded, shuffle } from './random.ts';

/** A text as a sparse vector, and the labels that are true of it. */
export interface Row {
  readonly ids: Int32Array;
  readonly values: Float64Array;
  readonly targets: readonly number[];
}

/** `weights[feature * labels + label]`. A label's score is about 1 where it is true and -1 where it is not. */
export interface LinearModel {
  readonly weights: Float32Array;
  readonly bias: Float64Array;
}

const passes = 12;
/** No step of a pass was larger: good enough. */
const settled = 0.05;
/** Rows that are right by more than this are left alone from then on. */
const clearlyRight = 0.3;

/**
 * One linear support vector machine a label (squared hinge loss), by dual coordinate descent: Hsieh et al., "A Dual
 * Coordinate Descent Method for Large-scale Linear SVM", ICML 2008. The same rows give the same model.
 */
export function fitOneVsRest(rows: readonly Row[], features: number, labels: number): LinearModel {
  const weights = new Float32Array(features * labels);
  const bias = new Float64Array(labels);
  const lengths = Float64Array.from(rows, ({ values }) => values.reduce((sum, value) => sum + value * value, 1));
  const signs = new Int8Array(rows.length);
  const plane = new Float64Array(features);
  const random = seeded(1);
  for (let label = 0; label < labels; label++) {
    rows.forEach(({ targets }, at) => (signs[at] = targets.includes(label) ? 1 : -1));
    plane.fill(0);
    bias[label] = separate(rows, signs, lengths, plane, random);
    for (let feature = 0; feature < features; feature++) weights[feature * labels + label] = plane[feature]!;
  }
  return { weights, bias };
}

/** Fills `plane`; returns its bias. The hot loop: plain loops over typed arrays. */
function separate(
  rows: readonly Row[],
  signs: Int8Array,
  lengths: Float64Array,
  plane: Float64Array,
  random: () => number,
): number {
  // A rare label would otherwise be cheapest to deny.
  const rare = Math.sqrt(rows.length / Math.max(1, signs.filter((sign) => sign > 0).length));
  const pull = new Float64Array(rows.length);
  let bias = 0;
  let active = Array.from(rows, (_, index) => index);
  for (let pass = 0; pass < passes; pass++) {
    const next: number[] = [];
    let largest = 0;
    for (const at of shuffle(active, random)) {
      const { ids, values } = rows[at]!;
      const sign = signs[at]!;
      const ridge = sign > 0 ? 0.5 / rare : 0.5;
      const before = pull[at]!;
      let score = bias;
      for (let index = 0; index < ids.length; index++) score += plane[ids[index]!]! * values[index]!;
      const slope = sign * score - 1 + ridge * before;
      if (before > 0 || slope < clearlyRight || pass === 0) next.push(at);
      if (before === 0 && slope >= 0) continue;
      largest = Math.max(largest, Math.abs(slope));
      const after = Math.max(0, before - slope / (lengths[at]! + ridge));
      const step = (after - before) * sign;
      pull[at] = after;
      bias += step;
      for (let index = 0; index < ids.length; index++) plane[ids[index]!]! += step * values[index]!;
    }
    active = next;
    if (largest < settled) break;
  }
  return bias;
}

/** Every label's score, with the features of one row. */
export function scoresOf({ weights, bias }: LinearModel, { ids, values }: Pick<Row, 'ids' | 'values'>): Float64Array {
  const scores = bias.slice();
  const labels = bias.length;
  for (let index = 0; index < ids.length; index++) {
    const base = ids[index]! * labels;
    const value = values[index]!;
    for (let label = 0; label < labels; label++) scores[label]! += weights[base + label]! * value;
  }
  return scores;
}
