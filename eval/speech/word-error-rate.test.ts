import { expect, test } from 'vitest';
import { wordErrorRate, wordsOf } from './word-error-rate.ts';

const rate = (said: string, heard: string): number => wordErrorRate(wordsOf(said), wordsOf(heard));

test('wordErrorRate ignores case and punctuation', () => {
  expect(rate('Hello, Robin!', 'hello robin')).toBe(0);
});

test('wordErrorRate counts a wrong, a missing and an extra word once each', () => {
  expect(rate('a b c d', 'a x c d')).toBe(0.25);
  expect(rate('a b c d', 'a b d')).toBe(0.25);
  expect(rate('a b c d', 'a b c c d')).toBe(0.25);
});

test('wordErrorRate of nothing heard is one', () => {
  expect(rate('a b c', '')).toBe(1);
});
