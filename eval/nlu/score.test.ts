import { expect, test } from 'vitest';
import { F1, share } from './score.ts';

test('F1 counts what was found and what was missed, over all texts', () => {
  const f1 = new F1();
  f1.add(['date 0-6', 'people 7-8'], ['date 0-6']);
  f1.add([], ['date 0-4']);
  // One right of two found and two expected.
  expect(f1.score).toBe(50);
});

test('F1 of nothing found and nothing expected is 0, not NaN', () => {
  expect(new F1().score).toBe(0);
});

test('share is in per cent, to a hundredth', () => {
  expect(share(2, 3)).toBe(66.67);
});
