import { describe, expect, it } from 'vitest';
import { readRetryAfter, retryDelayS } from './retry.ts';

describe('retryDelayS', () => {
  it('doubles with each attempt up to an hour', () => {
    expect([1, 2, 3, 4].map((attempt) => retryDelayS(attempt, 5, null, () => 1))).toEqual([5, 10, 20, 40]);
    expect(retryDelayS(20, 5, null, () => 1)).toBe(3_600);
  });

  it('is half random, so that failures do not come back together', () => {
    expect(retryDelayS(4, 5, null, () => 0)).toBe(20);
    expect(retryDelayS(4, 5, null, () => 0.5)).toBe(30);
  });

  it('does what the receiver asks, as far as a queue can', () => {
    expect(retryDelayS(1, 5, 77, () => 1)).toBe(77);
    expect(retryDelayS(1, 5, 1_000_000, () => 1)).toBe(43_200);
  });
});

describe('readRetryAfter', () => {
  it('reads seconds and dates', () => {
    expect(readRetryAfter('120', 0)).toBe(120);
    expect(readRetryAfter('Mon, 05 Mar 2035 17:00:30 GMT', Date.UTC(2035, 2, 5, 17))).toBe(30);
    expect(readRetryAfter('Mon, 05 Mar 2035 16:00:00 GMT', Date.UTC(2035, 2, 5, 17))).toBe(0);
  });

  it('ignores what it cannot read', () => {
    expect(readRetryAfter(null, 0)).toBeNull();
    expect(readRetryAfter('soon', 0)).toBeNull();
  });
});
