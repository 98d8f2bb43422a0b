import fc from 'fast-check';
import { expect, test } from 'vitest';
import { levelOf } from './frame.ts';
import { Halver } from './halver.ts';

const tone = (hertz: number, rateHz: number, count: number): Int16Array =>
  Int16Array.from({ length: count }, (_, n) => 8_000 * Math.sin((2 * Math.PI * hertz * n) / rateHz));

/** Of what comes out, after the filter has filled, in dB of what went in. */
function gainDb(hertz: number): number {
  const out = new Halver().push(tone(hertz, 16_000, 3_200));
  return 20 * Math.log10(levelOf(out.subarray(100)) / (8_000 / Math.SQRT2));
}

test.each([100, 300, 1_000, 3_000, 3_400])('%i Hz passes', (hertz) => {
  expect(Math.abs(gainDb(hertz))).toBeLessThan(0.5);
});

test.each([4_600, 5_500, 7_500])('%i Hz does not come back as another tone', (hertz) => {
  expect(gainDb(hertz)).toBeLessThan(-35);
});

test('frames of any even length give what the whole gives, half as many samples', () => {
  const sound = tone(700, 16_000, 2_000);
  const whole = [...new Halver().push(sound)];
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 12 }), (halves) => {
      const halver = new Halver();
      const out: number[] = [];
      let at = 0;
      for (const half of [...halves, sound.length]) {
        out.push(...halver.push(sound.subarray(at, at + 2 * half)));
        at = Math.min(sound.length, at + 2 * half);
      }
      expect(out).toEqual(whole);
    }),
    { numRuns: 50 },
  );
});

test('silence stays silence, and full scale stays within bounds', () => {
  expect(new Halver().push(new Int16Array(320)).every((sample) => sample === 0)).toBe(true);
  const loud = new Halver().push(new Int16Array(640).fill(32_767));
  expect(Math.abs((loud.at(-1) ?? 0) - 32_767)).toBeLessThanOrEqual(2);
});
