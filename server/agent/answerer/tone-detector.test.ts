import { expect, test } from 'vitest';
import { seeded } from '../../../dialogue/learn/random.ts';
import { ToneDetector } from './tone-detector.ts';

const windowSamples = 512;

/** So many windows of a sound, by the number of the sample. */
function windows(count: number, sound: (n: number) => number): Int16Array[] {
  return Array.from({ length: count }, (_, index) =>
    Int16Array.from({ length: windowSamples }, (__, n) => Math.round(sound(index * windowSamples + n))),
  );
}
const sine =
  (hz: number, peak: number) =>
  (n: number): number =>
    peak * Math.sin((2 * Math.PI * hz * n) / 16_000);
const heard = (sounds: readonly Int16Array[]): number => {
  const detector = new ToneDetector();
  return sounds.filter((window) => detector.hear(window)).length;
};

test.each([400, 440, 852, 1_000, 1_400, 2_000])('a tone of %d Hz is heard, loud, soft and in hiss', (hz) => {
  const random = seeded(hz);
  expect(heard(windows(10, sine(hz, 12_000)))).toBe(10);
  expect(heard(windows(10, sine(hz, 400)))).toBe(10);
  expect(heard(windows(10, (n) => sine(hz, 3_000)(n) + 600 * (random() - 0.5)))).toBe(10);
});

test('what is no beep is none: silence, hiss, a hum, a vowel, dialling tones, a siren', () => {
  const random = seeded(1);
  expect(heard(windows(20, () => 0))).toBe(0);
  expect(heard(windows(20, () => 6_000 * (random() - 0.5)))).toBe(0);
  expect(heard(windows(20, sine(60, 8_000)))).toBe(0);
  const vowel = (n: number): number => [1, 2, 3, 4, 5, 6].reduce((sum, k) => sum + sine(150 * k, 4_000 / k)(n), 0);
  expect(heard(windows(20, vowel))).toBe(0);
  expect(heard(windows(20, (n) => sine(697, 4_000)(n) + sine(1_209, 4_000)(n)))).toBe(0);
  const siren = (n: number): number => 6_000 * Math.sin((2 * Math.PI * (500 + n / 16) * n) / 16_000);
  expect(heard(windows(40, siren))).toBeLessThan(8);
});
