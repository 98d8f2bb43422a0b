import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordsOf } from '../understand/words.ts';
import { addressIn } from './address.ts';
import { decimalsIn } from './decimal.ts';
import { digitsIn } from './digits.ts';
import { correctEmail, emailIn } from './email.ts';
import { nameIn } from './person-name.ts';
import { phoneIn } from './phone.ts';
import { sumsIn } from './sum.ts';
import { writtenEmailsIn } from './written-email.ts';
import { writtenPhonesIn } from './written-phone.ts';

test.each([
  ['twelve forty two oak street', '1242 Oak Street'],
  ['four fifty five west forty second street', '455 West 42nd Street'],
  ['one hundred and five main street', '105 Main Street'],
  ['two two one b baker street', '221B Baker Street'],
  ['sixteen hundred broadway', '1600 Broadway'],
  ['seven oak ridge road apartment four b', '7 Oak Ridge Road, Apartment 4B'],
  ['nine elm court denver colorado eight oh two oh two', '9 Elm Court, Denver, Colorado 80202'],
  ['nine elm court if you have time', '9 Elm Court'],
  ['i live on oak street', null],
])('address: %s', (said, address) => {
  expect(addressIn(wordsOf(said))).toBe(address);
});

test.each([
  ['twenty dollars and fifty cents', [{ amount: 20.5, currency: 'USD' }]],
  ['two point five million dollars', [{ amount: 2_500_000, currency: 'USD' }]],
  ['one point four three six billion yuan', [{ amount: 1_436_000_000, currency: 'CNY' }]],
  ['two pounds one penny', [{ amount: 2.01, currency: 'GBP' }]],
  ['$12,500', [{ amount: 12_500, currency: 'USD' }]],
  [
    'five dollars or ten euros',
    [
      { amount: 5, currency: 'USD' },
      { amount: 10, currency: 'EUR' },
    ],
  ],
  ['two weeks', []],
])('sum: %s', (said, sums) => {
  expect(sumsIn(wordsOf(said))).toEqual(sums);
});

test('fractions belong to their number', () => {
  expect(decimalsIn(wordsOf('two and a half thousand or three point oh five'))).toMatchObject([
    { value: 2_500, scaled: true },
    { value: 3.05, scaled: false },
  ]);
});

test.each([
  ['three oh three five five five oh one nine three no it is five not nine', '+13035550153'],
  ['three oh three five five five oh one two three sorry the last four are oh one two four', '+13035550124'],
  ['one eight hundred go u haul', '+18004684285'],
  ['three oh three three fives oh one two three', '+13035550123'],
  ['three oh three five five five fifty five hundred', '+13035555500'],
  ['plus four four two oh seven nine four six oh nine five eight', '+442079460958'],
  ['+44 (0)20 7946 0958', '+442079460958'],
  ['011 44 20 7946 0958', '+442079460958'],
  ['(303) 555-0123 ext. 4', '+13035550123'],
])('phone: %s', (said, phone) => {
  expect(phoneIn(said, wordsOf(said), true, '').phone).toBe(phone);
});

test.each([
  ['call me at 303.555.0123 x12, not before 12:30 on 4/21/2026', ['303.555.0123 x12']],
  ['my account number is 12345678', []],
  ['card 1234567 and phone 303-555-0123', ['303-555-0123']],
  ['911-67-0060', []],
  ['part E-151673398', []],
])('phones written in a text: %s', (text, phones) => {
  expect(writtenPhonesIn(text)).toEqual(phones);
});

test.each([
  ['write to jane.doe+roof@mail.example.com.', ['jane.doe+roof@mail.example.com']],
  ['a..b@example.com, .c@example.com, d@example', []],
  ['Bob@Example.org or j@[129.126.118.1]', ['bob@example.org', 'j@[129.126.118.1]']],
])('addresses written in a text: %s', (text, emails) => {
  expect(writtenEmailsIn(text)).toEqual(emails);
});

test.each([
  ['j doe all one word at gmail dot com', 'jdoe@gmail.com'],
  ["jane that's j a n e at hotmail dot com", 'jane@hotmail.com'],
  ['jim zero zero seven at example dot com thank you', 'jim007@example.com'],
  ['jane at gmail dot com no sorry at yahoo dot com', 'jane@yahoo.com'],
  ['bane at gmail dot com no it is j not b', 'jane@gmail.com'],
])('e-mail: %s', (said, email) => {
  expect(emailIn(said, wordsOf(said), true, '').email).toBe(email);
});

test('an address comes in pieces', () => {
  const first = emailIn('', wordsOf('jane dot doe'), true, '');
  expect(first).toEqual({ email: null, words: 'jane dot doe' });
  expect(emailIn('', wordsOf('at gmail dot com'), true, first.words).email).toBe('jane.doe@gmail.com');
});

test('a letter is put right in the name before the host', () => {
  expect(correctEmail('carl@example.com', { right: ['k'], wrong: ['c'] })).toBe('karl@example.com');
  expect(correctEmail('anna@example.com', { right: ['b'], wrong: ['n'] })).toBeNull();
});

test.each([
  ['s u s a n', 'Susan'],
  ['sierra mike india tango hotel', 'Smith'],
  ['mike', 'Mike'],
  ['first name ada last name lovelace', 'Ada Lovelace'],
  ['anna double n', 'Anna'],
  ["i'd rather not say", null],
])('name: %s', (said, name) => {
  expect(nameIn(wordsOf(said), true, false)?.name ?? null).toBe(name);
});

const captures: readonly (readonly [string, (text: string, words: string[]) => unknown])[] = [
  ['address', (_, words) => addressIn(words)],
  ['sum', (_, words) => sumsIn(words)],
  ['digits', (_, words) => digitsIn(words)],
  ['phone', (text, words) => phoneIn(text, words, true, '')],
  ['e-mail', (text, words) => emailIn(text, words, true, '')],
  ['name', (_, words) => nameIn(words, true, false)],
  ['written phones', (text) => writtenPhonesIn(text)],
  ['written addresses', (text) => writtenEmailsIn(text)],
];
const said =
  `no not sorry at dot dash a b oh one twenty five hundred thousand double point half and dollars cents oak street
  eight plus first name is x ray as in 5 303 + ( ) @ .`.split(/\s+/);

test.each(captures)('%s: anything at all can be said', (_, capture) => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...said), { maxLength: 40 }), fc.string({ maxLength: 60 }), (list, noise) => {
      const text = `${list.join(' ')} ${noise}`;
      expect(() => capture(text, wordsOf(text))).not.toThrow();
    }),
  );
});

test('a long text is cut, not searched to its end', () => {
  const late = `${'x '.repeat(4_000)}303-555-0123 jane@example.com`;
  expect(writtenPhonesIn(late)).toEqual([]);
  expect(writtenEmailsIn(late)).toEqual([]);
});
