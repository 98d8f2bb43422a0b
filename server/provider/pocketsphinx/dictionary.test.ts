import { expect, test } from 'vitest';
import { selectPronunciations } from './dictionary.ts';

const full = 'a AH\na(2) EY\nroof R UW F\nroof(2) R UH F\nroofer R UW F ER\n';

test('selectPronunciations() keeps every pronunciation of each word and names the words without one', () => {
  const { text, missing } = selectPronunciations(full, ['a roof', 'zymurgy']);
  expect(text).toBe('a AH\na(2) EY\nroof R UW F\nroof(2) R UH F\n');
  expect(missing).toEqual(['zymurgy']);
});
