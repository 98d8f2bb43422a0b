import { calendarDateAt } from './calendar-date.ts';
import { addMonths, isDay, type Civil } from './civil.ts';
import { found, type FoundDate } from './found-date.ts';
import { holidayAt } from './holiday.ts';
import { smallAt } from './numbers.ts';
import { countedDateAt, edgeAt, namedDayAt } from './relative-date.ts';
import { textAt, type Token } from './tokens.ts';
import { weekdayDateAt } from './weekday-date.ts';

export interface SpokenDate extends FoundDate {
  readonly start: number;
  /** Only a number was said, as in "on the 15th": it may be something else. */
  readonly bare: boolean;
}

/** The first date said. What leaves the year or month open is today or later. Null: none was said. */
export function dateIn(tokens: readonly Token[], today: Civil): SpokenDate | null {
  for (let start = 0; start < tokens.length; start++) {
    const date = dateAt(tokens, start, today);
    if (date !== null) return { ...date, start, bare: false };
  }
  for (let start = 0; start < tokens.length; start++) {
    const date = bareAt(tokens, start, today);
    if (date !== null) return { ...date, start, bare: true };
  }
  return null;
}

function dateAt(tokens: readonly Token[], start: number, today: Civil): FoundDate | null {
  const single = (at: number) =>
    calendarDateAt(tokens, at, today) ??
    edgeAt(tokens, at, today) ??
    namedDayAt(tokens, at, today) ??
    holidayAt(tokens, at, today) ??
    weekdayDateAt(tokens, at, today);
  return countedDateAt(tokens, start, today, single) ?? single(start);
}

/** "on 15", "the 27th", "the second": of this month, or of the next when it is over. "The day" is today. */
function bareAt(tokens: readonly Token[], start: number, today: Civil): FoundDate | null {
  const cue = textAt(tokens, start);
  if (textAt(tokens, start + 1) === 'day' && ['the', 'my', 'this'].includes(cue))
    return { date: today, end: start + 2 };
  if (cue !== 'on' && cue !== 'the') return null;
  const day = smallAt(tokens, start + 1);
  if (day === null || day.value < 1 || day.value > 31) return null;
  const next = tokens[day.end];
  // "on 4.22", "the 10:30": parts of something else.
  if (next !== undefined && /^[\d:/.-]/.test(next.text) && tokens[day.end + 1]?.apart === false) return null;
  const months = day.value < today.day ? 1 : 0;
  const date = { ...addMonths({ ...today, day: 1 }, months), day: day.value };
  if (isDay(date)) return { date, end: day.end };
  return found({ ...addMonths({ ...today, day: 1 }, months + 1), day: day.value }, day.end);
}
