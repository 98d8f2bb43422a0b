import { DateTime } from 'luxon';
import type { SlotPreference, Weekday } from '../../contract/scheduling.ts';
import { hasPhrase } from '../understand/words.ts';
import { clockOf, dayPartIn, sameHalf, timeIn, type ClockTime } from './clock-time.ts';
import { dayNames, monthNames, weekdays } from './calendar-names.ts';
import { smallOrdinals, valuesOf } from './number-names.ts';
import { numberAt } from './number-words.ts';
import { addDays, daysIn, inWeek, isBefore, isoOf } from './time/civil.ts';
import { momentIn, type SpokenMoment } from './time/moment.ts';
import { tokensOf, type Token } from './time/tokens.ts';

const weekdayOf: ReadonlyMap<string, Weekday> = new Map([
  ...weekdays.flatMap((day): [string, Weekday][] => {
    const name = dayNames[day - 1] ?? '';
    return [name, `${name}s`, name.slice(0, 3)].map((said) => [said, day]);
  }),
  ['tues', 2],
  ['thurs', 4],
]);
const ordinals: ReadonlyMap<string, number> = new Map([
  ...valuesOf(smallOrdinals, 1),
  ['twentieth', 20],
  ['thirtieth', 30],
]);

/** What was said about a time, in the business's zone. */
export interface When {
  readonly zone: string;
  readonly preference: SlotPreference;
  readonly time: ClockTime | null;
  /** Of the offered ones: 1 is the first, -1 the last. */
  readonly ordinal: number | null;
  readonly any: boolean;
  readonly later: boolean;
  readonly earlier: boolean;
  /** Day of the month, as in "the 24th" or "the second". */
  readonly monthDay: number | null;
}

/** `text` is what was typed, where it is at hand: its signs make a date of "3/14". */
export function whenIn(words: readonly string[], now: DateTime, text: string = words.join(' ')): When {
  const days: Weekday[] = [];
  const notDays: Weekday[] = [];
  let negated = 0;
  words.forEach((word, index) => {
    // "No, Tuesday" names a day; "no Tuesdays" rules one out.
    const ruledOut = word === 'no' && words[index + 1]?.endsWith('days') === true;
    if (word === 'not' || word === "can't" || word === "don't" || word === 'except' || ruledOut) negated = index + 5;
    if (word === 'but') negated = 0;
    const day = weekdayOf.get(word);
    if (day !== undefined && !(word === 'sun' || word === 'sat' || word === 'wed' ? words.length > 4 : false))
      (index < negated ? notDays : days).push(day);
  });
  const tokens = tokensOf(text);
  const moment = momentIn(tokens, { year: now.year, month: now.month, day: now.day });
  const exact = exactDateIn(tokens, moment, now);
  const date = exact ?? dateIn(words, now);
  const time = clockOf(words, moment) ?? timeIn(words);
  // "a week from today at two": the "from" is the date's.
  const { date: span } = moment;
  const around =
    exact === null || span === null
      ? words
      : tokens.filter((_, index) => index < span.start || index >= span.end).map((token) => token.text);
  const limits = dayPartIn(around, time);
  const said = (...phrases: string[]) => hasPhrase(words, phrases);
  return {
    zone: now.zoneName ?? 'utc',
    preference: {
      ...(date.from === undefined ? {} : { fromDate: date.from }),
      ...(date.to === undefined ? {} : { toDate: date.to }),
      // "a week from Friday": the Friday is said already.
      ...(days.length > 0 && exact === null ? { days } : {}),
      ...(notDays.length > 0 ? { notDays } : {}),
      ...limits,
    },
    time: limits.notBefore === undefined && limits.notAfter === undefined ? time : sameHalf(time, limits),
    ordinal: ordinalIn(words),
    any: said(
      'any',
      'either',
      'whichever',
      'whatever',
      'any of them',
      'anything',
      "don't care",
      "doesn't matter",
      'anytime',
      'any time',
      'you pick',
      'you choose',
      'earliest',
      'soonest',
      'first available',
    ),
    later: said('later', 'after that', 'another week') && !said('later one'),
    earlier: said('earlier', 'sooner') && !said('earlier one'),
    monthDay: date.monthDay,
  };
}

function ordinalIn(words: readonly string[]): number | null {
  const pairs: readonly (readonly [string, number])[] = [
    ['first one', 1],
    ['second one', 2],
    ['third one', 3],
    ['the first', 1],
    ['the second', 2],
    ['the third', 3],
    ['number one', 1],
    ['number two', 2],
    ['number three', 3],
    ['option one', 1],
    ['option two', 2],
    ['option three', 3],
    ['last one', -1],
    ['the last', -1],
    ['later one', -1],
    ['earlier one', 1],
    ['middle one', 2],
    ['the middle', 2],
    ['the latter', -1],
    ['the former', 1],
  ];
  for (const [phrase, value] of pairs) if (hasPhrase(words, [phrase])) return value;
  if (words.length > 3) return null;
  const lone = words.find(
    (word) =>
      word === 'first' || word === 'second' || word === 'third' || word === '1st' || word === '2nd' || word === '3rd',
  );
  return lone === undefined
    ? null
    : lone.startsWith('1') || lone === 'first'
      ? 1
      : lone.startsWith('2') || lone === 'second'
        ? 2
        : 3;
}

interface DateRange {
  readonly from?: string;
  readonly to?: string;
  readonly monthDay: number | null;
}

/** A day that leaves no doubt, as "a week from Friday", or all up to it: "before Christmas". */
function exactDateIn(tokens: readonly Token[], { date, before }: SpokenMoment, now: DateTime): DateRange | null {
  if (date === null || date.date === null || date.bare) return null;
  if (isBefore(date.date, { year: now.year, month: now.month, day: now.day })) return null;
  const said = date.date;
  const monthDay = null;
  // "in three weeks", "two months from now": the week, the month, not its one day.
  const span = tokens.slice(date.start, date.end).map(({ text }) => text);
  const loose = span[0] === 'in' || span[0] === 'within' || span.at(-1) === 'now';
  if (loose && span.some((word) => /^weeks?$/.test(word)))
    return { from: isoOf(inWeek(said, 1, 0)), to: isoOf(inWeek(said, 7, 0)), monthDay };
  if (loose && span.some((word) => /^months?$/.test(word)))
    return { from: isoOf({ ...said, day: 1 }), to: isoOf({ ...said, day: daysIn(said.year, said.month) }), monthDay };
  const at = (days: number) => isoOf(addDays(said, days));
  if (before === 'by' || before === 'until') return { to: at(0), monthDay };
  if (before === 'before') return { to: at(-1), monthDay };
  if (before === 'after') return { from: at(1), monthDay };
  return date.vague === true ? null : { from: at(0), to: at(0), monthDay };
}

function dateIn(words: readonly string[], now: DateTime): DateRange {
  const day = (at: DateTime) => ({ from: iso(at), to: iso(at), monthDay: null });
  const said = (...phrases: string[]) => hasPhrase(words, phrases);
  // Calendar arithmetic is slow: only when it is needed.
  const monday = () => now.startOf('week');
  if (said('day after tomorrow')) return day(now.plus({ days: 2 }));
  if (said('tomorrow')) return day(now.plus({ days: 1 }));
  if (said('today', 'tonight', 'this afternoon', 'this morning')) return day(now);
  if (said('week after next'))
    return { from: iso(monday().plus({ weeks: 2 })), to: iso(monday().plus({ weeks: 2, days: 6 })), monthDay: null };
  if (said('next week', 'following week'))
    return { from: iso(monday().plus({ weeks: 1 })), to: iso(monday().plus({ weeks: 1, days: 6 })), monthDay: null };
  if (said('this week')) return { from: iso(now), to: iso(monday().plus({ days: 6 })), monthDay: null };
  if (said('next month')) {
    const start = now.startOf('month').plus({ months: 1 });
    return { from: iso(start), to: iso(start.endOf('month')), monthDay: null };
  }
  const monthDay = monthDayIn(words);
  const month = words.findIndex(
    (word, index) => monthNames.includes(word) && (word !== 'may' || monthDay !== null || words[index - 1] === 'in'),
  );
  if (month >= 0) {
    const number = monthNames.indexOf(words[month] ?? '') + 1;
    const year = number < now.month ? now.year + 1 : now.year;
    if (monthDay === null) {
      const start = DateTime.fromObject({ year, month: number, day: 1 }, { zone: now.zone });
      return { from: iso(start < now ? now : start), to: iso(start.endOf('month')), monthDay: null };
    }
    const at = DateTime.fromObject({ year, month: number, day: monthDay }, { zone: now.zone });
    if (at.isValid) return { from: iso(at), to: iso(at), monthDay };
  }
  if (monthDay !== null && (monthDay > 3 || /\d/.test(words.join(' ')))) {
    let at = now.set({ day: monthDay });
    if (at.day !== monthDay || at.startOf('day') < now.startOf('day'))
      at = now.startOf('month').plus({ months: 1 }).set({ day: monthDay });
    return { from: iso(at), to: iso(at), monthDay };
  }
  return { monthDay };
}

/** "the 24th", "twenty fourth", "november 24". */
function monthDayIn(words: readonly string[]): number | null {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const typed = /^(\d{1,2})(?:st|nd|rd|th)$/.exec(word);
    if (typed !== null) return valid(Number(typed[1]));
    const after = ordinals.get(words[index + 1] ?? '');
    if ((word === 'twenty' || word === 'thirty') && after !== undefined && after < 10)
      return valid((word === 'twenty' ? 20 : 30) + after);
    const ordinal = ordinals.get(word);
    if (ordinal !== undefined && words[index + 1] !== 'one') return valid(ordinal);
    if (monthNames.includes(word)) {
      const number = numberAt(words, index + 1);
      if (number !== null && !number.scaled) return valid(number.value);
    }
  }
  return null;
}

const valid = (day: number) => (Number.isInteger(day) && day >= 1 && day <= 31 ? day : null);
const iso = (at: DateTime): string => at.toISODate() ?? '';
