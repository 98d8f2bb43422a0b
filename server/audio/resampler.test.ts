import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resample, Resampler } from './resampler.ts';

const tone = (hertz: number, rateHz: number, ms: number): Int16Array =>
  Int16Array.from({ length: (rateHz * ms) / 1_000 }, (_, n) => 8_000 * Math.sin((2 * Math.PI * hertz * n) / rateHz));

/** How far `actual` is from `expected`, in dB below it, away from the ends. */
function errorDb(actual: Int16Array, expected: Int16Array): number {
  let [error, signal] = [0, 0];
  for (let n = 400; n < expected.length - 400; n++) {
    error += ((actual[n] ?? 0) - (expected[n] ?? 0)) ** 2;
    signal += (expected[n] ?? 0) ** 2;
  }
  return 10 * Math.log10(signal / error);
}

test.each([
  [16_000, 24_000],
  [24_000, 16_000],
  [22_050, 16_000],
  [16_000, 8_000],
  [8_000, 16_000],
])('a tone keeps its pitch, level and place from %i to %i Hz', (fromHz, toHz) => {
  const converted = resample(tone(1_000, fromHz, 200), fromHz, toHz);
  const expected = tone(1_000, toHz, 200);
  expect(converted).toHaveLength(expected.length);
  expect(errorDb(converted, expected)).toBeGreaterThan(50);
});

test('what the lower rate cannot hold does not come back as another tone', () => {
  const alias = resample(tone(10_500, 24_000, 200), 24_000, 16_000);
  expect(Math.max(...alias.subarray(400, -400))).toBeLessThan(80);
});

test('a stream in pieces of any size gives what the whole gives', () => {
  const sound = tone(700, 16_000, 100);
  const [from, to] = [16_000, 24_000];
  const whole = resample(sound, from, to);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 20 }), (sizes) => {
      const resampler = new Resampler(from, to);
      const out: number[] = [];
      let at = 0;
      for (const size of [...sizes, sound.length]) {
        out.push(...resampler.push(sound.subarray(at, at + size)));
        at = Math.min(sound.length, at + size);
      }
      out.push(...resampler.flush());
      expect(out.slice(0, whole.length)).toEqual([...whole]);
    }),
  );
});

test('after flush() a new stream begins', () => {
  const resampler = new Resampler(24_000, 16_000);
  const sound = tone(500, 24_000, 50);
  const once = [...resampler.push(sound), ...resampler.flush()];
  expect([...resampler.push(sound), ...resampler.flush()]).toEqual(once);
});

test('silence and full scale stay what they are', () => {
  expect(resample(new Int16Array(2_400), 24_000, 16_000).every((sample) => sample === 0)).toBe(true);
  const loud = resample(new Int16Array(2_400).fill(32_767), 24_000, 16_000);
  expect(loud.subarray(100, 1_500).every((sample) => Math.abs(sample - 32_767) <= 1)).toBe(true);
});
