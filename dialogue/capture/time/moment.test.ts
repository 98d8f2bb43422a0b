import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { monthNames } from '../calendar-names.ts';
import { smallOrdinals, tens } from '../number-names.ts';
import { addDays, addMonths, dayNumber, fromDayNumber, isDay, isoOf } from './civil.ts';
import { momentIn } from './moment.ts';
import { tokensOf } from './tokens.ts';

/** A Monday. */
const today = { year: 2026, month: 11, day: 23 };
const heard = (text: string) => momentIn(tokensOf(text), today);
const dateHeard = (text: string) => {
  const { date } = heard(text);
  return date === null ? null : date.date === null ? 'no such day' : isoOf(date.date);
};
const clockHeard = (text: string) => {
  const { clock } = heard(text);
  return clock === null ? null : `${clock.hour}:${String(clock.minute).padStart(2, '0')}`;
};

describe('a date', () => {
  test.each([
    ['a week from friday', '2026-12-04'],
    ['the friday after next', '2026-12-04'],
    ['friday week', '2026-12-04'],
    ['tuesday next week', '2026-12-01'],
    ['two sundays from now', '2026-12-06'],
    ['in four business days', '2026-11-27'],
    ['two days after christmas', '2026-12-27'],
    ['the day before thanksgiving', '2026-11-25'],
    ['one month and two days ago', '2026-10-21'],
    ['the twenty first of march twenty twenty seven', '2027-03-21'],
    ['march twenty one', '2027-03-21'],
    ['december third', '2026-12-03'],
    ['on 12.24', '2026-12-24'],
    ['version 12.24', null],
    ['24/12', '2026-12-24'],
    ['2027-sep-1', '2027-09-01'],
    ['feb 29', '2028-02-29'],
    ['february thirtieth', 'no such day'],
    ['the last friday of the month', '2026-11-27'],
    ['end of february', '2027-02-28'],
    ['memorial day', '2027-05-31'],
    ['easter', '2027-03-28'],
    ['july twenty twelve', null],
    ['i may', null],
    ['', null],
  ])('%s', (text, expected) => {
    expect(dateHeard(text)).toBe(expected);
  });

  test('bare numbers and weekdays alone leave room for another meaning', () => {
    expect(heard('the second').date).toMatchObject({ bare: true });
    expect(heard('the second tuesday').date).toMatchObject({ vague: true });
    expect(heard('tuesday').date).toMatchObject({ vague: true });
    expect(heard('tuesday next week').date?.vague).not.toBe(true);
  });

  test('said in words, every day of the year is captured', () => {
    const ordinal = (day: number) =>
      day < 20
        ? (smallOrdinals[day] ?? '')
        : day % 10 === 0
          ? (tens[day / 10] ?? '').replace(/y$/, 'ieth')
          : `${tens[Math.floor(day / 10)]} ${smallOrdinals[day % 10]}`;
    for (let number = 0; number < 365; number++) {
      const date = addDays(today, number);
      const month = monthNames[date.month - 1] ?? '';
      expect(dateHeard(`${month} ${ordinal(date.day)}`)).toBe(isoOf(date));
      expect(dateHeard(`on the ${ordinal(date.day)} of ${month} please`)).toBe(isoOf(date));
    }
  });
});

describe('a time of day', () => {
  test.each([
    ['half past two', '2:30'],
    ['quarter to four', '3:45'],
    ['a quarter to one pm', '12:45'],
    ['ten to nine in the evening', '20:50'],
    ['from nine to ten', null],
    ['eight to ten thousand', null],
    ['between five to ten weeks', null],
    ['seven thirty in the evening', '19:30'],
    ['in the evening at seven thirty', '19:30'],
    ['eight tonight', '20:00'],
    ['nine tomorrow morning', '9:00'],
    ['340pm', '15:40'],
    ['10 H 10 pm', '22:10'],
    ['twelve thirty a m', '0:30'],
    ['eleven oh five', '11:05'],
    ['fifteen hundred hours', '15:00'],
    ['mid-morning', '10:00'],
    ['the second one', null],
    ['twenty five people', null],
  ])('%s', (text, expected) => {
    expect(clockHeard(text)).toBe(expected);
  });

  test('numbers of a date are no time', () => {
    expect(heard('december third')).toMatchObject({ clock: null });
    expect(heard('december third at half past two')).toMatchObject({ clock: { hour: 2, minute: 30 } });
  });
});

const words = `the a in on at of next last week month day friday march half past quarter to from after before two twenty
  first 4 12 2026 : / - . , pm a m noon end ago few hundred christmas`.split(/\s+/);

test('whatever is said, a date that is found exists, and a time is one of the day', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 30 }), fc.string({ maxLength: 40 }), (said, noise) => {
      const { date, clock } = heard(`${said.join(' ')} ${noise}`);
      if (date !== null && date.date !== null) expect(isDay(date.date)).toBe(true);
      if (clock !== null) {
        expect(clock.hour).toBeGreaterThanOrEqual(0);
        expect(clock.hour).toBeLessThan(24);
        expect(clock.minute).toBeLessThan(60);
      }
    }),
  );
});

test('days are counted as the calendar has them', () => {
  fc.assert(
    fc.property(fc.integer({ min: -200_000, max: 200_000 }), fc.integer({ min: -500, max: 500 }), (number, months) => {
      const date = fromDayNumber(number);
      expect(dayNumber(date)).toBe(number);
      expect(isDay(addMonths(date, months))).toBe(true);
    }),
  );
});
