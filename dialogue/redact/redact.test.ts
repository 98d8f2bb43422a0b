import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digitsIn } from '../capture/digits.ts';
import { isCardNumber } from './card-number.ts';
import { nothingRedacted, redact, type RedactionState } from './redact.ts';
import { tokensOf } from './tokens.ts';

const said = (text: string): string => redact(nothingRedacted, text).text;

/** Turns of one call. */
function turns(...texts: string[]): string[] {
  let state: RedactionState = nothingRedacted;
  return texts.map((text) => {
    const result = redact(state, text);
    state = result.state;
    return result.text;
  });
}

const digitsOf = (text: string): string => digitsIn(tokensOf(text).map(({ word }) => word));

/** Digits of a scheme, and the check digit that makes them a card's number. */
const card = fc
  .constantFrom(
    { begins: '4', length: 16 },
    { begins: '53', length: 16 },
    { begins: '2225', length: 16 },
    { begins: '37', length: 15 },
    { begins: '6011', length: 16 },
    { begins: '3056', length: 14 },
    { begins: '4', length: 19 },
  )
  .chain(({ begins, length }) =>
    fc
      .array(fc.integer({ min: 0, max: 9 }), {
        minLength: length - begins.length - 1,
        maxLength: length - begins.length - 1,
      })
      .map((rest) => {
        const body = begins + rest.join('');
        const check = Array.from({ length: 10 }, (_, digit) => body + String(digit)).find(isCardNumber);
        return check ?? '';
      }),
  );
const names = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const spoken = (digits: string, oh: boolean): string =>
  [...digits].map((digit) => (oh && digit === '0' ? 'oh' : names[Number(digit)])).join(' ');
const doubled = (digits: string): string =>
  digits.replaceAll(/(\d)\1|\d/g, (run) => `${run.length === 2 ? 'double ' : ''}${names[Number(run[0])]} `).trim();
const grouped = (digits: string, separator: string): string => digits.match(/.{1,4}/g)?.join(separator) ?? '';
const form = fc.constantFrom(
  (digits: string) => digits,
  (digits: string) => grouped(digits, ' '),
  (digits: string) => grouped(digits, '-'),
  (digits: string) => grouped(digits, ', '),
  (digits: string) => spoken(digits, false),
  (digits: string) => spoken(digits, true),
  (digits: string) => doubled(digits),
  (digits: string) =>
    grouped(digits, '|')
      .split('|')
      .map((group) => spoken(group, false))
      .join(' uh '),
);
const carrier = fc.constantFrom(
  ['', ''],
  ['you can charge it to ', ' please'],
  ['yeah it is ', ', thanks'],
  ['I would pay with ', ' if that works'],
);

describe('card numbers', () => {
  test('are removed in any form that people say or write them in, and nothing else of the sentence', () => {
    fc.assert(
      fc.property(card, form, carrier, (digits, write, [before = '', after = '']) => {
        expect(said(before + write(digits) + after)).toBe(`${before}[card number removed]${after}`);
      }),
      { numRuns: 200 },
    );
  });

  test('with their date and code after them go as a whole', () => {
    expect(said('4111 1111 1111 1111 12 27 123')).toBe('[card number removed]');
    expect(
      said('four one one one one one one one one one one one one one one one expires twelve twenty seven'),
    ).toMatch(/^\[card number removed\] expires/);
  });

  test('that are misheard by a digit are still more figures than anything needs', () => {
    expect(said('it is four one one one one one one one one one one one one one one two')).toBe(
      'it is [card number removed]',
    );
  });

  test('are awaited when they were named, and followed from turn to turn', () => {
    expect(turns('My card number is', '4111 1111', '1111 1111', 'thanks', '2000 square feet')).toEqual([
      'My card number is',
      '[card number removed]',
      '[card number removed]',
      'thanks',
      '2000 square feet',
    ]);
    expect(turns('the card number is four one one one', 'one one one one one one one one', 'one one one one')).toEqual([
      'the card number is four one one one',
      '[card number removed]',
      '[card number removed]',
    ]);
  });

  test('that nobody named lose their second part', () => {
    expect(turns('4111 1111', '1111 1111')).toEqual(['4111 1111', '[card number removed]']);
  });

  test('the code on the back goes too', () => {
    expect(said('the security code is 123')).toBe('the security code is [card code removed]');
    expect(turns('and the CVV is', 'one two three')).toEqual(['and the CVV is', '[card code removed]']);
  });
});

describe('other numbers of a person', () => {
  test.each([
    ['My social security number is 123-45-6789.', 'My social security number is [id number removed].'],
    ['078-05-1120', '[id number removed]'],
    ['my social is one two three four five six seven eight nine', 'my social is [id number removed]'],
    ['the last part of my social is 6789', 'the last part of my social is [id number removed]'],
    ['My passport number is A1234567', 'My passport number is A[id number removed]'],
    ["my driver's license is 99 123 456", "my driver's license is [id number removed]"],
    ['QQ 12 34 56 C', 'QQ 12 34 56 C'],
    ['my NI is AB 12 34 56 C', 'my NI is [id number removed]'],
    ['pay to GB82 WEST 1234 5698 7654 32', 'pay to [account number removed]'],
    ['pay to GB82 WEST 1234 5698 7654 33', 'pay to GB82 WEST 1234 5698 7654 33'],
    ['my account number is 000123456789', 'my account number is [account number removed]'],
    ['routing number 021000021', 'routing number [account number removed]'],
    ['my checking account number is 3035550123', 'my checking account number is [account number removed]'],
  ])('%s', (text, expected) => {
    expect(said(text)).toBe(expected);
  });
});

describe('what was named is followed from turn to turn, however short the pieces', () => {
  test.each([
    [
      ['my social security number is', 'one two three', 'um four five', 'six seven eight nine and that is it', '80202'],
      [
        'my social security number is',
        '[id number removed]',
        'um [id number removed]',
        '[id number removed] and that is it',
        '80202',
      ],
    ],
    [
      ['ssn 123 45', '6789', '1600 Main Street'],
      ['ssn [id number removed]', '[id number removed]', '1600 Main Street'],
    ],
    [
      ['my pin is', 'one two', 'three four', 'two windows'],
      ['my pin is', '[secret removed]', '[secret removed]', 'two windows'],
    ],
    [
      ['the account number is', 'one two three four uh', 'five six', 'seven eight nine please'],
      [
        'the account number is',
        '[account number removed] uh',
        '[account number removed]',
        '[account number removed] please',
      ],
    ],
    [
      ['my password is', 'one two', 'three four', 'thanks anyway'],
      ['my password is', '[secret removed]', '[secret removed]', 'thanks anyway'],
    ],
  ])('%j', (texts, expected) => {
    expect(turns(...texts)).toEqual(expected);
  });

  test.each([
    [['my pin is 1234', '1600 Main Street', '80202', 'three oh three', 'five five five'], 1],
    [['my account number is 12345678', '2000 square feet', '$12,500', 'at ten thirty'], 1],
    [['do you take visa', 'two windows', '12 of them'], 0],
    [['my social', 'no', '5 windows', 'twelve'], 0],
    [['my social is 6789', '12/05/2026 at 10:30', '1600 Main Street'], 1],
    [['my account number', '303 555 0123'], 0],
  ])('%j: what else is said after it stays', (texts, from) => {
    expect(turns(...texts).slice(from)).toEqual(texts.slice(from));
  });
});

describe('secrets', () => {
  test.each([
    ['my pin is one two three four', 'my pin is [secret removed]'],
    ['the verification code is 883 201', 'the verification code is [secret removed]'],
    ['My password is hunter2!', 'My password is [secret removed]'],
    ['password: correct horse battery, and my name is Ann', 'password: [secret removed] and my name is Ann'],
    ['my password is blue elephant but I forgot it', 'my password is [secret removed] but I forgot it'],
  ])('%s', (text, expected) => {
    expect(said(text)).toBe(expected);
  });

  test('that are said in the next turn', () => {
    expect(turns('okay my password is', 'blue elephant seven', 'what now')).toEqual([
      'okay my password is',
      '[secret removed]',
      'what now',
    ]);
  });

  test.each(['I forgot my password', 'my password is not working', 'do you need a password', 'is my password wrong'])(
    'a remark is none: %s',
    (text) => {
      expect(said(text)).toBe(text);
    },
  );
});

describe('what a call needs stays', () => {
  test.each([
    'Call me at 303-555-0123.',
    'my number is three oh three five five five oh one two three',
    'my number is 303 555 0123 or 720 555 0100',
    '303 555 0123, 720 555 0100',
    'it is +44 20 7946 0958',
    '+49 1512 3456789',
    'plus four four two oh seven nine four six oh nine five eight',
    'my card is in the car, call me at 303 555 0123',
    'do you take visa, my phone is 3035550123',
    'ann.miller1984@example.com',
    'my address is 12345 West 5th Avenue, Denver, 80202-1234',
    'about 2,400 square feet and a budget of $12,500 to 15,000',
    'Tuesday 12/05/2026 at 10:30, or 12/06/2026 at 14:00',
    'I was born on 05/12/1984',
    'my card ends in 4242',
    'Do you accept credit cards?',
    'case number 12345678',
    'the gate code is 4411',
    'we have 4 cards and 16 windows, 2 of them broken',
    'I need it in twenty twenty six, for two thousand square feet',
    'my license plate is fine',
    'your license number please',
    'my social life begins at 6',
  ])('%s', (text) => {
    expect(redact(nothingRedacted, text)).toMatchObject({ text, found: [] });
  });

  test('a phone number in pieces, put right, and followed by a street', () => {
    const texts = [
      'three oh three',
      'five five five',
      'oh one two three',
      'no it is 303 555 0124',
      '1600 Main Street',
      '80202',
    ];
    expect(turns(...texts)).toEqual(texts);
  });

  test('phone numbers, in any turn and form', () => {
    const phone = fc
      .tuple(
        fc.integer({ min: 2, max: 9 }),
        fc.stringMatching(/^\d{2}$/),
        fc.integer({ min: 2, max: 9 }),
        fc.stringMatching(/^\d{6}$/),
      )
      .map((parts) => parts.join(''));
    const phoneForm = fc.constantFrom(
      (digits: string) => digits,
      (digits: string) => `(${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`,
      (digits: string) => `+1${digits}`,
      (digits: string) => spoken(digits, true),
      (digits: string) => doubled(digits),
    );
    const text = fc
      .tuple(carrier, phone, phoneForm)
      .map(([[before = '', after = ''], digits, write]) => before + write(digits) + after);
    fc.assert(
      fc.property(fc.array(text, { maxLength: 4 }), (texts) => {
        expect(turns(...texts)).toEqual(texts);
      }),
      { numRuns: 200 },
    );
  });
});

test('any text at all is read, twice the same, and leaves no card behind', () => {
  const words = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom(...names, 'double', 'card', 'password', 'is', 'pin', '4111', '1111', 'and', ':', ', ', '-', '@'),
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
      const text = parts.join(' ');
      const once = redact(nothingRedacted, text);
      expect(redact(nothingRedacted, once.text).text).toBe(once.text);
      expect(digitsOf(once.text)).not.toMatch(/4111111111111111/);
    }),
    { numRuns: 200 },
  );
});
