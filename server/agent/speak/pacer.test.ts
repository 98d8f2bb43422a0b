import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pacer } from './pacer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('every task runs every period, without drift', () => {
  const pacer = new Pacer(20, () => performance.now());
  const runs = [0, 0];
  const remove = [pacer.add(() => (runs[0] = (runs[0] ?? 0) + 1)), pacer.add(() => (runs[1] = (runs[1] ?? 0) + 1))];
  vi.advanceTimersByTime(10_000);
  expect(runs).toEqual([500, 500]);
  for (const stop of remove) stop();
  vi.advanceTimersByTime(1_000);
  expect(runs).toEqual([500, 500]);
  expect(vi.getTimerCount()).toBe(0);
});

test('after a stall of the process it goes on from now instead of sending a burst', () => {
  let nowMs = 0;
  const pacer = new Pacer(20, () => nowMs);
  let runs = 0;
  const stop = pacer.add(() => runs++);
  nowMs = 5_000;
  vi.advanceTimersByTime(20);
  expect(runs).toBe(1);
  stop();
});
