import { addMonths, isDay, weekdayOf, type Civil } from './civil.ts';
import { found, upcoming, type FoundDate } from './found-date.ts';
import { monthCalled, weekdayCalled } from './names.ts';
import { fullYear, smallAt, yearAfterDate, yearAt } from './numbers.ts';
import { monthAt } from './period.ts';
import { skip, textAt, type Token } from './tokens.ts';

/** Dates of the calendar: "15th of March", "Oct. 2", "3/14", "2016-11-07", "Thursday the 21st". */
export function calendarDateAt(tokens: readonly Token[], start: number, today: Civil): FoundDate | null {
  const weekday = weekdayCalled(textAt(tokens, start));
  const after = weekday === undefined ? start : skip(tokens, start + 1, ',', '.', 'the', 'on');
  return (
    figuresAt(tokens, after, today) ??
    monthFirstAt(tokens, after, today) ??
    dayFirstAt(tokens, after, today) ??
    (weekday === undefined ? null : dayOfWeekAndMonthAt(tokens, after, today, weekday))
  );
}

/** "3/14", "21-04-2016", "2015.5.13", "08/12,15", "2019-sep-1": nothing apart. */
function figuresAt(tokens: readonly Token[], start: number, today: Civil): FoundDate | null {
  const before = tokens[start - 1];
  if (before !== undefined && tokens[start]?.apart === false && /^[\d/.:-]/.test(before.text)) return null;
  const parts: string[] = [];
  const signs: string[] = [];
  let index = start;
  while (parts.length < 3) {
    const text = textAt(tokens, index);
    if (!/^\d{1,4}$/.test(text) && !(parts.length === 1 && monthCalled(text) !== undefined)) break;
    parts.push(text);
    index++;
    const sign = textAt(tokens, index);
    const follows = tokens[index + 1];
    if (parts.length === 3 || !/^[/.,-]$/.test(sign) || tokens[index]?.apart !== false || follows?.apart !== false)
      break;
    if (!/^\d/.test(follows.text) && monthCalled(follows.text) === undefined) break;
    signs.push(sign);
    index++;
  }
  const [a = '', b = '', c] = parts;
  if (signs.includes(',') && signs[0] !== '/') return null;
  const [first, second] = [Number(a), monthCalled(b) ?? Number(b)];
  if (c !== undefined) {
    if (a.length === 4) return numbered(first, second, Number(c), index);
    const year = c.length === 4 ? Number(c) : c.length === 2 ? fullYear(Number(c)) : null;
    if (year === null || monthCalled(b) !== undefined)
      return year === null ? null : numbered(year, second, first, index);
    return first > 12 ? numbered(year, second, first, index) : numbered(year, first, second, index);
  }
  if (parts.length !== 2 || monthCalled(b) !== undefined || first > 31 || second > 31) return null;
  // "4.22" and "4-22" are dates after "on"; alone they are a price or a score.
  const cue = textAt(tokens, start - 1);
  if (signs[0] === ',' || (signs[0] !== '/' && cue !== 'on' && cue !== 'in')) return null;
  const [month, day] = first > 12 ? [second, first] : [first, second];
  return month >= 1 && month <= 12 && day >= 1 ? upcoming(today, month, day, index) : null;
}

function numbered(year: number, month: number, day: number, end: number): FoundDate | null {
  return month < 1 || month > 12 || day < 1 || day > 31 ? null : found({ year, month, day }, end);
}

/** "October 2", "Oct-2", "Jan first, 2018", "September the twenty-first nineteen seventy eight". */
function monthFirstAt(tokens: readonly Token[], start: number, today: Civil): FoundDate | null {
  const month = monthCalled(textAt(tokens, start));
  if (month === undefined) return null;
  const index = skip(tokens, start + 1, '.', '-', '/', 'the');
  const day = smallAt(tokens, index);
  if (day === null || day.value < 1 || day.value > 31) return null;
  // "July twenty twelve" is a month of a year.
  const year = yearAt(tokens, index);
  if (day.word && !day.ordinal && year !== null && year.value >= 1_900 && year.end > day.end) {
    if (yearAfterDate(tokens, day.end)?.end !== year.end || yearAt(tokens, day.end) === null) return null;
  }
  // "May 2:30": the two is an hour.
  if (textAt(tokens, day.end) === ':') return null;
  return withYear(tokens, day.end, today, month, day.value);
}

/** "15 June 2016", "second of Aug.", "the tenth of September, two thousand", "20th of next month". */
function dayFirstAt(tokens: readonly Token[], start: number, today: Civil): FoundDate | null {
  const day = smallAt(tokens, skip(tokens, start, 'the'));
  if (day === null || day.value < 1 || day.value > 31) return null;
  const index = skip(tokens, day.end, '.', '-', '/', 'of', 'in');
  const month = monthCalled(textAt(tokens, index));
  if (month !== undefined) {
    const end = textAt(tokens, index + 1) === '.' && yearAt(tokens, index + 2) !== null ? index + 2 : index + 1;
    return withYear(tokens, end, today, month, day.value);
  }
  const period = index > day.end ? monthAt(tokens, index, today) : null;
  return period === null || !period.relative
    ? null
    : found({ year: period.year, month: period.month, day: day.value }, period.end);
}

function withYear(tokens: readonly Token[], end: number, today: Civil, month: number, day: number): FoundDate {
  const year = yearAfterDate(tokens, skip(tokens, end, ',', '-', 'of', 'in'));
  return year === null ? upcoming(today, month, day, end) : found({ year: year.value, month, day }, year.end);
}

/** "Thursday the 21st": this month's when it is a Thursday, or the next month's that is. */
function dayOfWeekAndMonthAt(tokens: readonly Token[], start: number, today: Civil, weekday: number): FoundDate | null {
  const day = smallAt(tokens, start);
  if (day === null || day.value < 1 || day.value > 31) return null;
  if (!day.ordinal && textAt(tokens, start - 1) !== 'the') return null;
  for (let months = 0; months < 12; months++) {
    const date = { ...addMonths({ ...today, day: 1 }, months), day: day.value };
    if (isDay(date) && weekdayOf(date) === weekday) return { date, end: day.end };
  }
  return null;
}
