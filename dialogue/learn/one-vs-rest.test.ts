import { expect, test } from 'vitest';
import { fitOneVsRest, scoresOf, type Row } from './one-vs-rest.ts';

const row = (ids: number[], ...targets: number[]): Row => ({
  ids: Int32Array.from(ids),
  values: new Float64Array(ids.length).fill(1),
  targets,
});
const scores = (rows: readonly Row[], features: number, labels: number, ids: number[]) =>
  scoresOf(fitOneVsRest(rows, features, labels), row(ids));

test('each label is scored by itself: one, several or none may be true', () => {
  const rows = [row([0], 0), row([1], 1), row([0, 1], 0, 1), row([2]), row([2, 0], 0), row([2, 1], 1)];
  const signs = (ids: number[]) => Array.from(scores(rows, 3, 2, ids), Math.sign);
  expect(signs([0])).toEqual([1, -1]);
  expect(signs([0, 1])).toEqual([1, 1]);
  expect(signs([2])).toEqual([-1, -1]);
});

test('a label with one example in a hundred is still found', () => {
  const rows = [row([0, 1], 1), ...Array.from({ length: 99 }, () => row([0], 0))];
  const [common, rare] = scores(rows, 2, 2, [0, 1]);
  expect(rare).toBeGreaterThan(common ?? 0);
});

test('the same rows give the same model', () => {
  const rows = [row([0, 1], 0), row([1, 2], 1), row([2, 3], 0), row([0, 3], 1), row([1, 3], 0)];
  expect(fitOneVsRest(rows, 4, 2)).toEqual(fitOneVsRest(rows, 4, 2));
});

test('without rows nothing is claimed', () => {
  expect([...scores([], 1, 2, [0])]).toEqual([0, 0]);
});
