import { addBusinessDays, addDays, addMonths, daysIn, inWeek, nextWeekday, type Civil } from './civil.ts';
import type { FoundDate } from './found-date.ts';
import { weekdayCalled } from './names.ts';
import { smallAt } from './numbers.ts';
import { monthAt } from './period.ts';
import { afterPhrase, skip, textAt, type Token } from './tokens.ts';

const phrases: readonly (readonly [string, number])[] = [
  ['day after tomorrow', 2],
  ['day after tmrw', 2],
  ['day before yesterday', -2],
  ['today', 0],
  ['tonight', 0],
  ['tomorrow', 1],
  ['tmrw', 1],
  ['tmr', 1],
  ['yesterday', -1],
  ['next day', 1],
  ['following day', 1],
  ['last day', -1],
  ['past day', -1],
  ['previous day', -1],
];

/** "tomorrow", "the day after tomorrow". */
export function namedDayAt(tokens: readonly Token[], start: number, today: Civil): FoundDate | null {
  for (const [phrase, days] of phrases) {
    const end = afterPhrase(tokens, start, phrase);
    if (end !== null && textAt(tokens, end) !== 'of') return { date: addDays(today, days), end };
  }
  return null;
}

interface Length {
  readonly months: number;
  readonly days: number;
  readonly businessDays: number;
  /** "two Sundays": how many, and which. */
  readonly weekdays: readonly [count: number, weekday: number] | null;
  readonly end: number;
}

/** "two weeks", "a month", "1 month and 21 days", "four business days", "two sundays". */
function lengthAt(tokens: readonly Token[], start: number): Length | null {
  let index = start;
  let sum: Length = { months: 0, days: 0, businessDays: 0, weekdays: null, end: start };
  for (let parts = 0; parts < 4; parts++) {
    const count = countAt(tokens, parts === 0 ? index : skip(tokens, index, 'and', ','));
    if (count === null) break;
    const unit = textAt(tokens, count.end);
    const business = unit === 'business' || unit === 'working';
    const noun = business ? textAt(tokens, count.end + 1) : unit;
    const end = count.end + (business ? 2 : 1);
    if (business && /^days?$/.test(noun)) sum = { ...sum, businessDays: count.value, end };
    else if (/^days?$/.test(noun)) sum = { ...sum, days: sum.days + count.value, end };
    else if (/^weeks?$/.test(noun)) sum = { ...sum, days: sum.days + 7 * count.value, end };
    else if (/^fortnights?$/.test(noun)) sum = { ...sum, days: sum.days + 14 * count.value, end };
    else if (/^months?$/.test(noun)) sum = { ...sum, months: sum.months + count.value, end };
    else if (/^years?$/.test(noun)) sum = { ...sum, months: sum.months + 12 * count.value, end };
    else {
      const weekday = weekdayCalled(noun);
      if (weekday !== undefined && parts === 0 && count.many) return { ...sum, weekdays: [count.value, weekday], end };
      break;
    }
    index = end;
  }
  return sum.end === start ? null : sum;
}

/** "two", "a", "a few", "a couple of". */
function countAt(tokens: readonly Token[], start: number): { value: number; end: number; many: boolean } | null {
  const index = skip(tokens, start, 'a', 'an');
  const word = textAt(tokens, index);
  if (word === 'few') return { value: 3, end: index + 1, many: true };
  if (word === 'couple') return { value: 2, end: skip(tokens, index + 1, 'of'), many: true };
  const hundreds = /^\d{3}$/.test(word);
  const small = index > start ? null : smallAt(tokens, index);
  if (hundreds) return { value: Number(word), end: index + 1, many: true };
  if (small !== null && !small.ordinal) return { value: small.value, end: small.end, many: small.value > 1 };
  // "week from friday", without its "a".
  return index > start || /^(?:day|week|month|year)$/.test(word) ? { value: 1, end: index, many: false } : null;
}

function shift(from: Civil, length: Length, sign: 1 | -1): Civil {
  if (length.weekdays !== null) {
    const [count, weekday] = length.weekdays;
    const first = sign > 0 ? nextWeekday(addDays(from, 1), weekday) : addDays(nextWeekday(from, weekday), -7);
    return addDays(first, sign * 7 * (count - 1));
  }
  const moved = addDays(addMonths(from, sign * length.months), sign * length.days);
  return length.businessDays === 0 ? moved : addBusinessDays(moved, sign * length.businessDays);
}

/**
 * "in two weeks", "two days ago", "a week from Friday", "three weeks from tomorrow". `dateAt` reads what
 * it is counted from.
 */
export function countedDateAt(
  tokens: readonly Token[],
  start: number,
  today: Civil,
  dateAt: (start: number) => FoundDate | null,
): FoundDate | null {
  const within = textAt(tokens, start) === 'in' || textAt(tokens, start) === 'within';
  const length = lengthAt(tokens, within ? start + 1 : start);
  if (length === null) return null;
  const word = textAt(tokens, length.end);
  const end = length.end + 1;
  if (word === 'ago') return { date: shift(today, length, -1), end };
  if (word === 'later' || word === 'hence') return { date: shift(today, length, 1), end };
  if (!within && (word === 'today' || word === 'tomorrow'))
    return { date: shift(today, { ...length, days: length.days + (word === 'tomorrow' ? 1 : 0) }, 1), end };
  if (word === 'from' || word === 'after' || word === 'before' || word === 'on') {
    if (textAt(tokens, end) === 'now') return { date: shift(today, length, word === 'before' ? -1 : 1), end: end + 1 };
    const from = dateAt(skip(tokens, end, 'the', 'this'));
    if (from !== null && from.date !== null)
      return { date: shift(from.date, length, word === 'before' ? -1 : 1), end: from.end };
  }
  return within ? { date: shift(today, length, 1), end: length.end } : null;
}

/** "end of the month", "beginning of next month", "middle of July", "the end of the week", "end of the year". */
export function edgeAt(tokens: readonly Token[], start: number, today: Civil): FoundDate | null {
  const edge = textAt(tokens, start);
  const atEnd = edge === 'end' || afterPhrase(tokens, start, 'last day') !== null;
  const atStart = /^(?:beginning|start)$/.test(edge) || afterPhrase(tokens, start, 'first day') !== null;
  if (!atEnd && !atStart && !/^(?:middle|mid)$/.test(edge)) return null;
  const after = skip(tokens, start + 1, 'day', 'of', '-');
  const month = monthAt(tokens, after, today);
  if (month !== null) {
    const day = atEnd ? daysIn(month.year, month.month) : atStart ? 1 : 15;
    return { date: { year: month.year, month: month.month, day }, end: month.end };
  }
  const next = textAt(tokens, after) === 'next' ? 1 : 0;
  const noun = skip(tokens, after, 'the', 'this', 'next');
  if (noun === after) return null;
  if (textAt(tokens, noun) === 'week') return { date: inWeek(today, atEnd ? 5 : atStart ? 1 : 3, next), end: noun + 1 };
  if (textAt(tokens, noun) !== 'year') return null;
  const year = today.year + next;
  return { date: atEnd ? { year, month: 12, day: 31 } : { year, month: atStart ? 1 : 7, day: 1 }, end: noun + 1 };
}
