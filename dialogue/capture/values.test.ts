import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { wordsOf } from '../understand/words.ts';
import { isEmail } from './email.ts';
import { moneyIn } from './money.ts';
import { numbersIn } from './number-words.ts';
import { nameIn } from './person-name.ts';
import { quantityIn } from './quantity.ts';
import { spokenAddress } from './spoken-email.ts';
import { daysAwayIn } from './timeline.ts';
import { whenIn } from './when.ts';

const now = DateTime.fromISO('2026-11-23T10:00', { zone: 'America/Denver' });

test.each([
  ['two thousand', [2_000]],
  ['twenty five hundred', [2_500]],
  ['a hundred and ten', [110]],
  ['one hundred twenty three thousand four hundred fifty six', [123_456]],
  ['12,500 or 15k', [12_500, 15_000]],
  ['five five five', [5, 5, 5]],
  ['ten thousand twelve thousand', [10_000, 12_000]],
  ['two million three hundred thousand', [2_300_000]],
  ['nothing here', []],
])('numbers: %s', (said, values) => {
  expect(numbersIn(wordsOf(said)).map(({ value }) => value)).toEqual(values);
});

test.each([
  ['eight to ten thousand dollars', 9_000, '$8,000 to $10,000'],
  ['between ten and fifteen thousand', 12_500, '$10,000 to $15,000'],
  ['$8,000-$12,000', 10_000, '$8,000 to $12,000'],
  ['under twelve grand', 12_000, 'up to $12,000'],
  ['fifteen hundred bucks', 1_500, '$1,500'],
  ['ten k', 10_000, '$10,000'],
  ['10k-12k', 11_000, '$10,000 to $12,000'],
  ['maybe fifteen', 15_000, 'about $15,000'],
])('money: %s', (said, value, display) => {
  expect(moneyIn(wordsOf(said), true)).toMatchObject({ value, display });
});

test('a size is not money, and money is not a size', () => {
  const unit = {
    name: 'square feet',
    words: ['square feet'],
    also: [{ words: ['squares'], times: 100 }],
    min: 200,
    max: 60_000,
  };
  expect(moneyIn(wordsOf('about two thousand square feet'), false)).toBeNull();
  expect(quantityIn(wordsOf('ten thousand dollars'), unit, false)).toBeNull();
  expect(quantityIn(wordsOf('about 30 squares'), unit, false)).toMatchObject({
    value: 3_000,
    display: 'about 3,000 square feet',
  });
  expect(quantityIn(wordsOf('thirty'), unit, true)).toMatchObject({ value: 3_000 });
  expect(quantityIn(wordsOf('two thousand'), unit, true)).toMatchObject({ value: 2_000 });
  expect(quantityIn(wordsOf('two thousand'), unit, false)).toBeNull();
});

describe('names', () => {
  test.each([
    ['my name is susan miller', false, 'Susan Miller'],
    ["hi i'm susan", false, 'Susan'],
    ["i'm looking for a roof", false, null],
    ["i'm interested", true, null],
    ['susan miller', true, 'Susan Miller'],
    ['susan miller m i l l e r', true, 'Susan Miller'],
    ["sure it's bob jones", true, 'Bob Jones'],
    ["my name is david o'clock", true, 'David Clark'],
    ['yes', true, null],
    ['how much does it cost', true, null],
  ])('%s (asked: %s)', (said, asked, name) => {
    expect(nameIn(wordsOf(said), asked, false)?.name ?? null).toBe(name);
  });
});

test.each([
  ['jane dot doe at gmail dot com', 'jane.doe@gmail.com'],
  ['j a n e d o e at yahoo dot com', 'janedoe@yahoo.com'],
  ['yes my email is bob underscore double o at hot mail dot com', 'bob_oo@hotmail.com'],
  ['you can mail me at tom at icloud', 'tom@icloud.com'],
  ['juliet oscar echo at example dot co dot uk', 'joe@example.co.uk'],
  ['a as in apple b as in boy at example dot com', 'ab@example.com'],
  ['susan twenty two at example dot net', 'susan22@example.net'],
  ['j constructor at example dot net', 'jconstructor@example.net'],
])('e-mail: %s', (said, email) => {
  expect(spokenAddress(wordsOf(said))).toBe(email);
  expect(isEmail(email)).toBe(true);
});

test.each([
  ['as soon as possible', 0],
  ['in three weeks', 21],
  ['next month', 30],
  ['in a couple of months', 60],
  ['next year', 365],
  ['in march', 98],
  ['i like blue', null],
])('timeline: %s', (said, days) => {
  expect(daysAwayIn(wordsOf(said), now)).toBe(days);
});

test.each([
  ['tomorrow morning', { fromDate: '2026-11-24', toDate: '2026-11-24', notAfter: '12:00' }],
  ['monday or tuesday', { days: [1, 2] }],
  ["i can't do friday", { notDays: [5] }],
  ['not monday but tuesday', { days: [2], notDays: [1] }],
  ['the twenty fourth', { fromDate: '2026-11-24', toDate: '2026-11-24' }],
  ['november 30', { fromDate: '2026-11-30', toDate: '2026-11-30' }],
  ['in january', { fromDate: '2027-01-01', toDate: '2027-01-31' }],
  ['before ten', { notAfter: '10:00' }],
  ['thank you', {}],
])('when: %s', (said, preference) => {
  expect(whenIn(wordsOf(said), now).preference).toEqual(preference);
});

test.each([
  ["ten o'clock", 10, 0],
  ['half past two', 2, 30],
  ['two thirty p m', 14, 30],
  ['10:30 am', 10, 30],
  ['at 3pm', 15, 0],
  ['noon', 12, 0],
])('clock: %s', (said, hour, minute) => {
  expect(whenIn(wordsOf(said), now).time).toMatchObject({ hour, minute });
});
