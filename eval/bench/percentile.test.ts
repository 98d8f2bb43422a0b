import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { percentile, spread } from './percentile.ts';

test('percentile interpolates between neighbours', () => {
  expect(percentile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(percentile([10, 20, 30, 40, 50], 0.95)).toBeCloseTo(48);
  expect(percentile([7], 0.95)).toBe(7);
});

test('percentile refuses an empty list and a p out of range', () => {
  expect(() => percentile([], 0.5)).toThrow('no values');
  expect(() => percentile([1], 95)).toThrow("'p' must be between 0 and 1: it is 95");
});

test('percentile stays within the values and grows with p', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(values, share, share, (list, a, b) => {
      const low = percentile(list, Math.min(a, b));
      const high = percentile(list, Math.max(a, b));
      expect(low).toBeGreaterThanOrEqual(Math.min(...list));
      expect(high).toBeLessThanOrEqual(Math.max(...list));
      expect(low).toBeLessThanOrEqual(high + 1e-6);
    }),
  );
});

test('spread rounds to a tenth', () => {
  expect(spread([1.04, 1.04, 1.04])).toEqual({ p50: 1, p95: 1 });
});
