import { expect, test } from 'vitest';
import { levelOf } from './frame.ts';
import { Downsampler, Upsampler } from './half-band.ts';

const tone = (hertz: number, rateHz: number, ms: number): Int16Array =>
  Int16Array.from({ length: (rateHz * ms) / 1_000 }, (_, n) => 10_000 * Math.sin((2 * Math.PI * hertz * n) / rateHz));

/** In pieces of 20 ms, as it comes from the line. */
function inPieces(samples: Int16Array, size: number, push: (piece: Int16Array) => Int16Array): Int16Array {
  const pieces: number[] = [];
  for (let start = 0; start < samples.length; start += size)
    pieces.push(...push(samples.subarray(start, start + size)));
  return Int16Array.from(pieces);
}

const down = (samples: Int16Array): Int16Array => {
  const sampler = new Downsampler();
  return inPieces(samples, 320, (piece) => sampler.push(piece));
};
const up = (samples: Int16Array): Int16Array => {
  const sampler = new Upsampler();
  return inPieces(samples, 160, (piece) => sampler.push(piece));
};

const settled = (samples: Int16Array): Int16Array => samples.subarray(400, samples.length - 400);
const decibels = (a: Int16Array, b: Int16Array): number => 20 * Math.log10(levelOf(settled(a)) / levelOf(settled(b)));

test.each([300, 1_000, 2_000, 3_400])('%d Hz passes both ways with its level', (hertz) => {
  expect(Math.abs(decibels(down(tone(hertz, 16_000, 500)), tone(hertz, 8_000, 500)))).toBeLessThan(0.5);
  expect(Math.abs(decibels(up(tone(hertz, 8_000, 500)), tone(hertz, 16_000, 500)))).toBeLessThan(0.5);
});

test.each([4_700, 5_500, 7_500])('%d Hz does not fold into the telephone band', (hertz) => {
  expect(decibels(down(tone(hertz, 16_000, 500)), tone(1_000, 8_000, 500))).toBeLessThan(-40);
});

test('pieces join without a seam: the same as in one go', () => {
  const whole = tone(440, 8_000, 200);
  expect([...up(whole)]).toEqual([...new Upsampler().push(whole)]);
  expect([...down(whole)]).toEqual([...new Downsampler().push(whole)]);
});

test('the loudest sound does not wrap around', () => {
  const square = Int16Array.from({ length: 1_600 }, (_, n) => (Math.floor(n / 8) % 2 === 0 ? 32_767 : -32_768));
  const out = up(square);
  const jumps = out.filter((sample, n) => n > 0 && Math.abs(sample - (out[n - 1] ?? 0)) > 60_000);
  expect(jumps).toHaveLength(0);
});
