import { addDays, isBefore, nthWeekday, type Civil } from './civil.ts';
import type { FoundDate } from './found-date.ts';
import { afterPhrase, type Token } from './tokens.ts';

const on = (month: number, day: number) => (year: number) => ({ year, month, day });
const nth = (month: number, weekday: number, count: number) => (year: number) =>
  nthWeekday(year, month, weekday, count);

/** Days that callers in the United States go by; longer names first. */
const holidays: readonly (readonly [string, (year: number) => Civil])[] = [
  ['christmas eve', on(12, 24)],
  ['christmas day', on(12, 25)],
  ['christmas', on(12, 25)],
  ["new year's eve", on(12, 31)],
  ['new years eve', on(12, 31)],
  ["new year's day", on(1, 1)],
  ['new years day', on(1, 1)],
  ["new year's", on(1, 1)],
  ["valentine's day", on(2, 14)],
  ['valentines day', on(2, 14)],
  ["saint patrick's day", on(3, 17)],
  ["st patrick's day", on(3, 17)],
  ['independence day', on(7, 4)],
  ['halloween', on(10, 31)],
  ['veterans day', on(11, 11)],
  ['martin luther king day', nth(1, 1, 3)],
  ['presidents day', nth(2, 1, 3)],
  ["presidents' day", nth(2, 1, 3)],
  ["mother's day", nth(5, 7, 2)],
  ['memorial day', nth(5, 1, -1)],
  ["father's day", nth(6, 7, 3)],
  ['labor day', nth(9, 1, 1)],
  ['columbus day', nth(10, 1, 2)],
  ['black friday', (year) => addDays(nthWeekday(year, 11, 4, 4), 1)],
  ['thanksgiving', nth(11, 4, 4)],
  ['good friday', (year) => addDays(easter(year), -2)],
  ['easter monday', (year) => addDays(easter(year), 1)],
  ['easter', (year) => easter(year)],
];

/** The next time a holiday comes round. */
export function holidayAt(tokens: readonly Token[], start: number, today: Civil): FoundDate | null {
  for (const [name, inYear] of holidays) {
    const end = afterPhrase(tokens, start, name);
    if (end === null) continue;
    const date = inYear(today.year);
    return { date: isBefore(date, today) ? inYear(today.year + 1) : date, end };
  }
  return null;
}

/** Easter Sunday: the anonymous Gregorian algorithm, in Meeus, Astronomical Algorithms, chapter 8. */
function easter(year: number): Civil {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return { year, month: Math.floor(f / 31), day: (f % 31) + 1 };
}
