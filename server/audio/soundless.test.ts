import { expect, test } from 'vitest';
import { ComfortNoise } from './comfort-noise.ts';
import { Soundless } from './soundless.ts';

const zeros = new Int16Array(160);

test('digital silence is soundless, the softest noise of a line is not', () => {
  const watch = new Soundless(0);
  const noise = new ComfortNoise(1);
  for (let ms = 0; ms < 5_000; ms += 20) watch.heard(noise.make(160, 20), ms);
  expect(watch.longestMs(5_000)).toBeLessThan(100);
  for (let ms = 5_000; ms < 9_000; ms += 20) watch.heard(zeros, ms);
  expect(watch.longestMs(9_000)).toBeGreaterThanOrEqual(4_000);
});

test('the longest stretch is kept; one that was agreed on does not count', () => {
  const watch = new Soundless(0);
  watch.restart(3_000);
  for (let ms = 4_000; ms < 60_000; ms += 20) watch.excuse(ms);
  expect(watch.longestMs(60_000)).toBe(3_000);
  watch.heard(Int16Array.of(900), 60_500);
  expect(watch.longestMs(61_000)).toBe(3_000);
});
