import { expect, test } from 'vitest';
import { Concealer } from './concealment.ts';
import { levelOf } from './frame.ts';

/** A voice-like wave of 125 Hz: its period is 64 samples at 8,000 Hz. */
const wave = (from: number, count: number): Int16Array =>
  Int16Array.from({ length: count }, (_, n) => {
    const phase = (2 * Math.PI * (from + n)) / 64;
    return 6_000 * Math.sin(phase) + 3_000 * Math.sin(3 * phase);
  });

function afterSpeech(): Concealer {
  const concealer = new Concealer();
  for (let n = 0; n < 5; n += 1) concealer.heard(wave(160 * n, 160));
  return concealer;
}

test('what came passes unchanged', () => {
  const samples = wave(0, 160);
  expect(new Concealer().heard(samples)).toBe(samples);
});

test('a lost packet goes on as the voice was: nearly the wave that was lost', () => {
  const made = afterSpeech().lost(160);
  const error = made.map((sample, n) => sample - (wave(800, 160)[n] ?? 0));
  expect(levelOf(error) / levelOf(made)).toBeLessThan(0.1);
});

test('a long gap fades to silence instead of droning', () => {
  const concealer = afterSpeech();
  const levels = [1, 2, 3, 4, 5].map(() => levelOf(concealer.lost(160)));
  expect(levels).toEqual([...levels].sort((a, b) => b - a));
  expect(levels[4]).toBe(0);
});

test('the first packet after a gap is faded into, without a click', () => {
  const concealer = afterSpeech();
  const made = concealer.lost(160);
  const out = concealer.heard(Int16Array.from({ length: 160 }, () => 8_000));
  expect(Math.abs((out[0] ?? 0) - (made[159] ?? 0))).toBeLessThan(3_000);
  expect(out[100]).toBe(8_000);
});

test('before anything was heard, a loss is silence', () => {
  expect(levelOf(new Concealer().lost(160))).toBe(0);
});

test('at 16,000 Hz the same', () => {
  const twice = (from: number, count: number): Int16Array =>
    Int16Array.from({ length: count }, (_, n) => 6_000 * Math.sin((2 * Math.PI * (from + n)) / 128));
  const concealer = new Concealer(16_000);
  for (let n = 0; n < 5; n += 1) concealer.heard(twice(320 * n, 320));
  const made = concealer.lost(320);
  const error = made.map((sample, n) => sample - (twice(1_600, 320)[n] ?? 0));
  expect(levelOf(error) / levelOf(made)).toBeLessThan(0.1);
  expect(concealer.lost(1_600).at(-1)).toBe(0);
});
