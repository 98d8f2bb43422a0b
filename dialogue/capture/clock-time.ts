import { hasPhrase } from '../understand/words.ts';
import { smallOrdinals } from './number-names.ts';
import { numberAt } from './number-words.ts';
import type { SpokenMoment } from './time/moment.ts';

export interface ClockTime {
  /** 0 to 23; before noon as said when no part of the day was. */
  readonly hour: number;
  readonly minute: number;
  /** "AM", "PM" or "in the morning" was said. */
  readonly sure: boolean;
}

/** A time of day that was said as one. */
export function clockOf(words: readonly string[], { clock }: SpokenMoment): ClockTime | null {
  if (clock === null || clock.bare) return null;
  const { hour, minute, sure } = clock;
  if (sure) return { hour, minute, sure };
  const late = words.includes('afternoon') || words.includes('evening');
  return { hour: late && hour < 12 ? hour + 12 : hour, minute, sure: late || words.includes('morning') };
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

const isMinute = (value: number) => Number.isInteger(value) && value >= 10 && value < 60;

/** "ten o'clock", "half past two", "10:30", "two thirty p m", "noon". */
export function timeIn(words: readonly string[]): ClockTime | null {
  if (words.includes('noon') || words.includes('midday')) return { hour: 12, minute: 0, sure: true };
  for (let index = 0; index < words.length; index++) {
    // "the second one", "number two": not a time.
    if (notBeforeTime.has(words[index - 1] ?? '')) continue;
    const clock = /^(\d{1,2}):(\d{2})$/.exec(words[index] ?? '');
    const number = clock === null ? numberAt(words, index) : null;
    const hour = clock === null ? number?.value : Number(clock[1]);
    if (hour === undefined || hour < 1 || hour > 23 || number?.scaled === true || !Number.isInteger(hour)) continue;
    let end = clock === null ? (number?.end ?? index + 1) : index + 1;
    // "the twenty fourth" is a day.
    if (smallOrdinals.includes(words[end] ?? '')) continue;
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
export function dayPartIn(words: readonly string[], time: ClockTime | null): { notBefore?: string; notAfter?: string } {
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
export function sameHalf(time: ClockTime | null, limits: { notBefore?: string; notAfter?: string }): ClockTime | null {
  if (time === null) return null;
  const limit = clockText(byDay(time));
  return limits.notBefore === limit || limits.notAfter === limit ? null : time;
}
