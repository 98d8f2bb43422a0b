import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { formatElapsed, showProgress } from './progress.mjs';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A stream that is no terminal, and what was written to it. */
function paper() {
  const out = new PassThrough();
  const text: string[] = [];
  out.on('data', (chunk: Buffer) => text.push(chunk.toString()));
  return { out, lines: () => text.join('').split('\n').filter(Boolean) };
}

test('a step of less than two seconds says nothing', async () => {
  const { out, lines } = paper();
  const step = showProgress('Quick', () => vi.advanceTimersByTimeAsync(1_900), { out });
  await step;
  expect(lines()).toEqual([]);
});

test('a longer one tells how far it is, now and then, and that it is done', async () => {
  const { out, lines } = paper();
  await showProgress(
    'Building',
    async (report) => {
      report('3 of 9 files');
      await vi.advanceTimersByTimeAsync(45_000);
    },
    { out },
  );
  expect(lines()).toEqual([
    '  Building: 3 of 9 files  2 s',
    '  Building: 3 of 9 files  20 s',
    '  Building: 3 of 9 files  40 s',
    '+ Building  45 s',
  ]);
});

test('a failed step says so and passes the error on', async () => {
  const { out, lines } = paper();
  const failing = showProgress(
    'Fetching',
    async () => {
      await vi.advanceTimersByTimeAsync(3_000);
      throw new Error('no network');
    },
    { out },
  );
  await expect(failing).rejects.toThrow('no network');
  expect(lines().at(-1)).toBe('x Fetching  3 s');
});

test('formatElapsed counts minutes from sixty seconds on', () => {
  expect([400, 59_000, 60_000, 185_000].map(formatElapsed)).toEqual(['0 s', '59 s', '1 min 00 s', '3 min 05 s']);
});
