import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pacer } from './pacer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('every task runs every period, without drift', () => {
  const pacer = new Pacer(20, () => performance.now());
  const [one, two, onFault] = [vi.fn(), vi.fn(), vi.fn()];
  const remove = [pacer.add(one, onFault), pacer.add(two, onFault)];
  vi.advanceTimersByTime(10_000);
  expect([one.mock.calls.length, two.mock.calls.length]).toEqual([500, 500]);
  for (const stop of remove) stop();
  vi.advanceTimersByTime(1_000);
  expect(one).toHaveBeenCalledTimes(500);
  expect(vi.getTimerCount()).toBe(0);
  expect(onFault).not.toHaveBeenCalled();
});

test('after a stall of the process it goes on from now instead of sending a burst', () => {
  let nowMs = 0;
  const pacer = new Pacer(20, () => nowMs);
  const run = vi.fn();
  const stop = pacer.add(run, vi.fn());
  nowMs = 5_000;
  vi.advanceTimersByTime(20);
  expect(run).toHaveBeenCalledTimes(1);
  stop();
});

test('a round that takes longer than a period does not keep everything else from running', () => {
  let nowMs = 0;
  const pacer = new Pacer(20, () => nowMs);
  const run = vi.fn(() => void (nowMs += 30));
  const stop = pacer.add(run, vi.fn());
  nowMs = 20;
  vi.advanceTimersToNextTimer();
  expect(run).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(1);
  stop();
});

test('a task that throws is told so and dropped; the others go on', () => {
  const pacer = new Pacer(20, () => performance.now());
  const [good, onFault] = [vi.fn(), vi.fn()];
  const bad = vi.fn(() => {
    throw new Error('worker gone');
  });
  pacer.add(bad, onFault);
  const stop = pacer.add(good, vi.fn());
  vi.advanceTimersByTime(200);
  expect(bad).toHaveBeenCalledTimes(1);
  expect(onFault).toHaveBeenCalledTimes(1);
  expect(good).toHaveBeenCalledTimes(10);
  stop();
});

test('it starts again after its last task has left', () => {
  const pacer = new Pacer(20, () => performance.now());
  pacer.add(vi.fn(), vi.fn())();
  const run = vi.fn();
  const stop = pacer.add(run, vi.fn());
  vi.advanceTimersByTime(100);
  expect(run).toHaveBeenCalledTimes(5);
  stop();
});
