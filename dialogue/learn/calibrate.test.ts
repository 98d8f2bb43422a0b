import { expect, test } from 'vitest';
import { calibrate, probabilityOf } from './calibrate.ts';
import { seeded } from './random.ts';

test('finds how often guesses with a score are right', () => {
  const random = seeded(7);
  const truth = { slope: 3, offset: -1 };
  const seen = Array.from({ length: 20_000 }, () => {
    const score = random() * 4 - 2;
    return { score, right: random() < probabilityOf(truth, score) };
  });
  const found = calibrate(seen);
  expect(found.slope).toBeCloseTo(3, 0);
  expect(found.offset).toBeCloseTo(-1, 0);
  for (const score of [-1, 0, 0.5, 1]) {
    expect(Math.abs(probabilityOf(found, score) - probabilityOf(truth, score))).toBeLessThan(0.03);
  }
});

test.each([
  ['all are right', [true, true, true]],
  ['all are wrong', [false, false, false]],
  ['right and wrong lie apart', [false, false, true]],
  ['nothing was seen', []],
])('stays finite where %s', (_, rights) => {
  const { slope, offset } = calibrate(rights.map((right, index) => ({ score: index, right })));
  expect(Number.isFinite(slope) && Number.isFinite(offset)).toBe(true);
});
