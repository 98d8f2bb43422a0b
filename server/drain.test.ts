import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { drained } from './drain.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start(calls: () => number, maxMs: number) {
  let done = false;
  void drained(calls, maxMs).then(() => (done = true));
  return async (ms: number): Promise<boolean> => {
    await vi.advanceTimersByTimeAsync(ms);
    return done;
  };
}

test('a node is drained when it had no call for five seconds', async () => {
  let calls = 1;
  const doneAfter = start(() => calls, 60_000);
  expect(await doneAfter(20_000)).toBe(false);
  calls = 0;
  expect(await doneAfter(4_500)).toBe(false);
  calls = 1;
  expect(await doneAfter(1_000)).toBe(false);
  calls = 0;
  expect(await doneAfter(5_000)).toBe(true);
});

test('calls that do not end are not waited for longer than allowed, or not at all', async () => {
  const doneAfter = start(() => 1, 10_000);
  expect(await doneAfter(9_900)).toBe(false);
  expect(await doneAfter(200)).toBe(true);
  expect(await start(() => 1, 0)(0)).toBe(true);
});
