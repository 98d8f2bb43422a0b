import { DateTime } from 'luxon';
import type { SlotPreference, Weekday } from '../../contract/scheduling.ts';
import { hasPhrase } from '../understand/words.ts';
import { dayNames, monthNames, weekdays } from './calendar-names.ts';
import { smallOrdinals, valuesOf } from './number-names.ts';
import { numberAt } from './number-words.ts';
import { isBefore, isoOf } from './time/civil.ts';
import { momentIn, type SpokenMoment } from './time/moment.ts';
import { tokensOf } from './time/tokens.ts';

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

interface ClockTime {
  /** 0 to 23; before noon as said when no part of the day was. */
  readonly hour: number;
  readonly minute: number;
  /** "AM", "PM" or "in the morning" was said. */
  readonly sure: boolean;
}

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

export function whenIn(words: readonly string[], now: DateTime): When {
  const days: Weekday[] = [];
  const notDays: Weekday[] = [];
  let negated = 0;
  words.forEach((word, index) => {
    if (word === 'not' || word === "can't" || word === "don't" || word === 'except' || word === 'no')
      negated = index + 5;
    if (word === 'but') negated = 0;
    const day = weekdayOf.get(word);
    if (day !== undefined && !(word === 'sun' || word === 'sat' || word === 'wed' ? words.length > 4 : false))
      (index < negated ? notDays : days).push(day);
  });
  const moment = momentIn(tokensOf(words.join(' ')), { year: now.year, month: now.month, day: now.day });
  const exact = exactDateIn(words, moment, now);
  const date = exact ?? dateIn(words, now);
  const time = clockOf(words, moment) ?? timeIn(words);
  const limits = dayPartIn(words, time);
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
function exactDateIn(words: readonly string[], { date, before }: SpokenMoment, now: DateTime): DateRange | null {
  if (date === null || date.date === null || date.bare || date.vague === true) return null;
  if (isBefore(date.date, { year: now.year, month: now.month, day: now.day })) return null;
  // Said as a week.
  if (hasPhrase(words, ['in two weeks', 'two weeks from now'])) return null;
  const day = isoOf(date.date);
  const monthDay = null;
  if (before === 'by' || before === 'before' || before === 'until') return { to: day, monthDay };
  return before === 'after' ? { from: day, monthDay } : { from: day, to: day, monthDay };
}

/** A time of day that was said as one. */
function clockOf(words: readonly string[], { clock }: SpokenMoment): ClockTime | null {
  if (clock === null || clock.bare) return null;
  const { hour, minute, sure } = clock;
  if (sure) return { hour, minute, sure };
  const late = words.includes('afternoon') || words.includes('evening');
  return { hour: late && hour < 12 ? hour + 12 : hour, minute, sure: late || words.includes('morning') };
}

function dateIn(words: readonly string[], now: DateTime): DateRange {
  const day = (at: DateTime) => ({ from: iso(at), to: iso(at), monthDay: null });
  const said = (...phrases: string[]) => hasPhrase(words, phrases);
  // Calendar arithmetic is slow: only when it is needed.
  const monday = () => now.startOf('week');
  if (said('day after tomorrow')) return day(now.plus({ days: 2 }));
  if (said('tomorrow')) return day(now.plus({ days: 1 }));
  if (said('today', 'tonight', 'this afternoon', 'this morning')) return day(now);
  if (said('week after next', 'in two weeks', 'two weeks from now'))
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

const notBeforeTime = new Set([
  'first',
  'second',
  'third',
  'last',
  'earlier',
  'later',
  'middle',
  'other',
  'that',
  'this',
  'which',
  'either',
  'number',
  'option',
  'in',
  '1st',
  '2nd',
  '3rd',
]);

const valid = (day: number) => (Number.isInteger(day) && day >= 1 && day <= 31 ? day : null);
const isMinute = (value: number) => Number.isInteger(value) && value >= 10 && value < 60;
const iso = (at: DateTime): string => at.toISODate() ?? '';

/** "ten o'clock", "half past two", "10:30", "two thirty p m", "noon". */
function timeIn(words: readonly string[]): ClockTime | null {
  if (words.includes('noon') || words.includes('midday')) return { hour: 12, minute: 0, sure: true };
  for (let index = 0; index < words.length; index++) {
    // "the second one", "number two": not a time.
    if (notBeforeTime.has(words[index - 1] ?? '')) continue;
    const clock = /^(\d{1,2}):(\d{2})$/.exec(words[index] ?? '');
    const number = clock === null ? numberAt(words, index) : null;
    const hour = clock === null ? number?.value : Number(clock[1]);
    if (hour === undefined || hour < 1 || hour > 23 || number?.scaled === true || !Number.isInteger(hour)) continue;
    let end = clock === null ? (number?.end ?? index + 1) : index + 1;
    let minute = clock === null ? 0 : Number(clock[2]);
    const past = words.slice(Math.max(0, index - 2), index).join(' ');
    if (past === 'half past') minute = 30;
    else if (past === 'quarter past') minute = 15;
    const next = clock === null ? numberAt(words, end) : null;
    let exact = clock !== null || minute > 0;
    if (next !== null && !next.scaled && isMinute(next.value) && minute === 0) {
      minute = next.value;
      end = next.end;
      exact = true;
    }
    if (minute > 59) continue;
    const half = halfAt(words, end);
    exact ||=
      half !== null ||
      words[end] === "o'clock" ||
      ['at', 'around', 'after', 'before', 'by', 'the', 'past', 'until'].includes(words[index - 1] ?? '') ||
      words.length <= 3;
    if (!exact || words[end] === 'weeks' || words[end] === 'days') continue;
    const morning = words.includes('morning');
    const afternoon = words.includes('afternoon') || words.includes('evening');
    let hour24 = hour;
    if ((half === 'pm' || afternoon) && hour < 12) hour24 += 12;
    if (half === 'am' && hour === 12) hour24 = 0;
    return { hour: hour24, minute, sure: half !== null || morning || afternoon || hour > 12 };
  }
  return null;
}

function halfAt(words: readonly string[], end: number): 'am' | 'pm' | null {
  for (const index of words[end] === "o'clock" ? [end + 1, end] : [end]) {
    const word = words[index] ?? '';
    if (word === 'am' || word === 'pm') return word;
    if ((word === 'a' || word === 'p') && words[index + 1] === 'm') return word === 'a' ? 'am' : 'pm';
  }
  return null;
}

/** Limits on the time of day. Offices are open by day: "after three" is 15:00. */
function dayPartIn(words: readonly string[], time: ClockTime | null): { notBefore?: string; notAfter?: string } {
  const said = (...phrases: string[]) => hasPhrase(words, phrases);
  if (time !== null && said('after', 'not before', 'from')) return { notBefore: clockText(byDay(time)) };
  if (time !== null && said('before', 'by', 'until', 'not after')) return { notAfter: clockText(byDay(time)) };
  if (said('early morning', 'first thing')) return { notAfter: '10:00' };
  if (said('late afternoon', 'end of the day', 'after work', 'evening')) return { notBefore: '15:00' };
  if (said('not in the morning', 'no mornings', 'not mornings')) return { notBefore: '12:00' };
  if (said('not in the afternoon', 'no afternoons', 'not afternoons')) return { notAfter: '12:00' };
  if (said('morning', 'mornings', 'before noon', 'before lunch')) return { notAfter: '12:00' };
  if (said('afternoon', 'afternoons', 'after noon', 'after lunch')) return { notBefore: '12:00' };
  return {};
}

/** Appointments lie between 7 AM and 7 PM, so "two" is 14:00. */
export function byDay(time: ClockTime): ClockTime {
  return !time.sure && time.hour < 7 ? { hour: time.hour + 12, minute: time.minute, sure: true } : time;
}

export function clockText(time: ClockTime): string {
  return `${String(time.hour).padStart(2, '0')}:${String(time.minute).padStart(2, '0')}`;
}

/** A limit ("after three") is not also the wished time; a part of the day ("ten in the morning") leaves it. */
function sameHalf(time: ClockTime | null, limits: { notBefore?: string; notAfter?: string }): ClockTime | null {
  if (time === null) return null;
  const limit = clockText(byDay(time));
  return limits.notBefore === limit || limits.notAfter === limit ? null : time;
}
