import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordsOf } from '../understand/words.ts';
import { smallNumbers, tens } from './number-names.ts';
import { numberAt, numbersIn } from './number-words.ts';

const scales = ['hundred', 'thousand', 'k', 'grand', 'million'];
const word = fc.oneof(
  fc.constantFrom(...smallNumbers),
  fc.constantFrom(...tens.slice(2)),
  { weight: 3, arbitrary: fc.constantFrom(...scales) },
  fc.constantFrom('and', 'a', 'to', 'constructor'),
  fc.bigInt({ min: 0n, max: 10n ** 40n }).map(String),
  fc.constantFrom('2.5', '0', '9'.repeat(400)),
);

test('every number takes at least a word and has a finite value, and all of them come to an end', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      words.forEach((_, start) => {
        const number = numberAt(words, start);
        if (number !== null) expect(number.end).toBeGreaterThan(start);
      });
      const found = numbersIn(words);
      expect(found.length).toBeLessThanOrEqual(words.length);
      for (const { value } of found) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1_000_000_000);
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['ten thousand thousand', [10_000]],
  ['ten thousand grand', [10_000]],
  ['ten k k', [10_000]],
  ['two million million', [2_000_000]],
  ['ten hundred hundred hundred', [1_000]],
  ['two hundred thousand five hundred thousand', [200_000, 500_000]],
  ['$' + '9'.repeat(400), []],
  ['constructor thousand', []],
])('%s', (said, values) => {
  expect(numbersIn(wordsOf(said)).map(({ value }) => value)).toEqual(values);
});
