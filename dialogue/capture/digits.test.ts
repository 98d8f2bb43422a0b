import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordsOf } from '../understand/words.ts';
import { correctDigits } from './correction.ts';
import { digitsIn } from './digits.ts';
import { phoneIn, toE164 } from './phone.ts';

const names = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** A way of saying digits: repeats as "double", zeros as "oh", pauses as commas or "uh". */
const spokenDigits = fc
  .tuple(
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 15 }),
    fc.infiniteStream(fc.integer({ min: 0, max: 5 })),
  )
  .map(([digits, choices]) => {
    const words: string[] = [];
    const say = (digit: number) => (digit === 0 && (choices.next().value ?? 0) > 2 ? 'oh' : (names[digit] ?? ''));
    for (let index = 0; index < digits.length;) {
      const digit = digits[index] ?? 0;
      const same = digits.slice(index).findIndex((other) => other !== digit);
      const run = same < 0 ? digits.length - index : same;
      const choice = choices.next().value ?? 0;
      if (run >= 3 && choice === 1) {
        words.push('triple', say(digit));
        index += 3;
      } else if (run >= 2 && choice === 2) {
        words.push('double', say(digit));
        index += 2;
      } else {
        words.push(say(digit));
        index += 1;
      }
      if (choice === 3) words.push('uh');
    }
    return { digits: digits.join(''), words };
  });

test('digits said in any grouping are captured exactly', () => {
  fc.assert(
    fc.property(spokenDigits, ({ digits, words }) => {
      expect(digitsIn(words)).toBe(digits);
    }),
  );
});

test.each([
  ['three oh three five fifty five twelve thirty four', '3035551234'],
  ['eight hundred five five five one two one two', '8005551212'],
  ['area code seven two oh then five five five', '720555'],
  ['five five five oh one to three', '5550123'],
  ['303 555 0123', '3035550123'],
])('%s', (said, digits) => {
  expect(digitsIn(wordsOf(said))).toBe(digits);
});

test.each([
  ['3035550123', '+13035550123'],
  ['13035550123', '+13035550123'],
  ['303555012', null],
  ['1035550123', null],
])('a number without + is American: %s', (digits, phone) => {
  expect(toE164(digits, false)).toBe(phone);
});

test.each(['(303) 555-0123', '303.555.0123', '+1 303 555 0123', '1-303-555-0123', 'call me at 303-555-0123 please'])(
  'typed: %s',
  (text) => {
    expect(phoneIn(text, wordsOf(text), false, '').phone).toBe('+13035550123');
  },
);

test('a number from abroad keeps its country', () => {
  expect(phoneIn('+44 20 7946 0958', wordsOf('+44 20 7946 0958'), true, '').phone).toBe('+442079460958');
});

test.each([
  ["no it's five not nine", '3035550123', null],
  ["no it's four not one", '3035550123', '3035550423'],
  ['not two but six', '3035550123', '3035550163'],
  ['no not one four', '3035550123', '3035550423'],
  ['seven instead of two', '3035550123', '3035550173'],
  ['the last four are nine nine nine nine', '3035550123', '3035559999'],
  ['the area code is seven two oh', '3035550123', '7205550123'],
  ["no that's wrong", '3035550123', null],
])('%s on %s → %s', (said, digits, corrected) => {
  expect(correctDigits(digits, wordsOf(said))).toBe(corrected);
});
