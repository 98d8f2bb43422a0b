import { expect, test } from 'vitest';
import { heardText, resumeFromMs } from './heard-text.ts';

/** Words of 100 ms each. */
const words = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ text: `w${n}`, startSample: n * 1_600, endSample: (n + 1) * 1_600 }));

test('heardText() keeps the words that were heard to their end', () => {
  expect(heardText('how can I help', words(4), 250)).toBe('how can');
  expect(heardText('how can I help', words(4), 0)).toBe('');
  expect(heardText('how can I help', words(4), 400)).toBe('how can I help');
});

test('heardText() matches by share where a number is one word shown and several spoken', () => {
  expect(heardText('It costs $350 now', words(8), 400)).toBe('It costs');
});

test('resumeFromMs() goes back to the start of the word that was cut', () => {
  expect(resumeFromMs(words(4), 250)).toBe(200);
});
