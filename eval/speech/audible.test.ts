import { expect, test } from 'vitest';
import { audibleSpan } from './audible.ts';

test('audibleSpan finds a tone between silences to within one window', () => {
  const pcm = new Int16Array(16_000);
  for (let index = 4_800; index < 8_000; index += 1) pcm[index] = 3_000 * Math.sin(index / 3);
  const span = audibleSpan(pcm, 16_000);
  expect(span?.fromMs).toBeGreaterThanOrEqual(297);
  expect(span?.fromMs).toBeLessThanOrEqual(301);
  expect(span?.toMs).toBeGreaterThanOrEqual(499);
  expect(span?.toMs).toBeLessThanOrEqual(503);
});

test('audibleSpan hears nothing in the hiss of a microphone', () => {
  const hiss = Int16Array.from({ length: 16_000 }, (_, index) => (index % 2 === 0 ? 40 : -40));
  expect(audibleSpan(hiss, 16_000)).toBeNull();
});
