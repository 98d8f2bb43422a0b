import { expect, test } from 'vitest';
import { seeded } from '../../../dialogue/learn/random.ts';
import { fitFilter } from './least-squares.ts';

test('fitFilter() finds the filter that was used, also where the source has hardly any highs', () => {
  const random = seeded(3);
  const taps = 16;
  const wanted = Float64Array.from({ length: taps }, () => 2 * random() - 1);
  let low = 0;
  const source = Float64Array.from({ length: 400 + taps - 1 }, () => (low = 0.9 * low + 2_000 * (random() - 0.5)));
  const target = Float64Array.from({ length: 400 }, (_, n) =>
    wanted.reduce((sum, weight, tap) => sum + weight * (source[n + taps - 1 - tap] ?? 0), 0),
  );
  const found = fitFilter(source, target, taps);
  for (const [tap, weight] of wanted.entries()) expect(found[tap]).toBeCloseTo(weight, 1);
});

test('silence has an answer', () => {
  expect([...fitFilter(new Float64Array(103), new Float64Array(100), 4)]).toEqual([0, 0, 0, 0]);
});
