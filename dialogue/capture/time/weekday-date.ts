import { inWeek, isDay, nextWeekday, nthWeekday, type Civil } from './civil.ts';
import type { FoundDate } from './found-date.ts';
import { weekdayCalled } from './names.ts';
import { smallAt } from './numbers.ts';
import { monthAt, stepCalled } from './period.ts';
import { afterPhrase, skip, textAt, type Token } from './tokens.ts';

/** Days named by their weekday: "this Friday", "Tuesday next week", "the first Friday of July", "Friday after next". */
export function weekdayDateAt(tokens: readonly Token[], start: number, today: Civil): FoundDate | null {
  return nthAt(tokens, start, today) ?? steppedAt(tokens, start, today) ?? plainAt(tokens, start, today);
}

/** "the first Friday of next month", "second Sunday": this month's when none is said. */
function nthAt(tokens: readonly Token[], start: number, today: Civil): FoundDate | null {
  const index = skip(tokens, start, 'the');
  const last = textAt(tokens, index) === 'last';
  const small = last ? null : smallAt(tokens, index);
  if (!last && (small === null || !small.ordinal || small.value > 5)) return null;
  const at = small?.end ?? index + 1;
  const weekday = weekdayCalled(textAt(tokens, at));
  if (weekday === undefined) return null;
  const of = skip(tokens, at + 1, 'of', 'in');
  const month = of > at + 1 ? monthAt(tokens, of, today) : null;
  if (month === null && last) return null;
  const { year, month: number } = month ?? today;
  const date = nthWeekday(year, number, weekday, small?.value ?? -1);
  return { date: isDay(date) ? date : null, end: month?.end ?? at + 1, vague: month === null };
}

/** "next Sunday" is next week's; "this week Friday", "next week on Friday". */
function steppedAt(tokens: readonly Token[], start: number, today: Civil): FoundDate | null {
  const afterNext = afterPhrase(tokens, start, 'week after next');
  const second = afterNext === null ? undefined : weekdayCalled(textAt(tokens, skip(tokens, afterNext, 'on', ',')));
  if (afterNext !== null && second !== undefined)
    return { date: inWeek(today, second, 2), end: skip(tokens, afterNext, 'on', ',') + 1 };
  const weeks = stepCalled(textAt(tokens, start));
  if (weeks === undefined || textAt(tokens, start) === 'the') return null;
  const week = textAt(tokens, start + 1) === 'week';
  const index = week ? skip(tokens, start + 2, 'on', ',') : start + 1;
  const weekday = weekdayCalled(textAt(tokens, index));
  if (weekday === undefined) return null;
  // "this coming", "the following": the next one there is, not next week's.
  if (!week && ['coming', 'following'].includes(textAt(tokens, start)))
    return { date: nextWeekday(today, weekday), end: index + 1, vague: true };
  return { date: inWeek(today, weekday, weeks), end: index + 1, vague: !week };
}

/** "Friday", "Friday of next week", "Friday after next". */
function plainAt(tokens: readonly Token[], start: number, today: Civil): FoundDate | null {
  const weekday = weekdayCalled(textAt(tokens, start));
  if (weekday === undefined) return null;
  const of = skip(tokens, start + 1, 'of', 'in', 'the', ',');
  const weeks = stepCalled(textAt(tokens, of));
  if (weeks !== undefined && textAt(tokens, of + 1) === 'week')
    return { date: inWeek(today, weekday, weeks), end: of + 2 };
  const next = nextWeekday(today, weekday);
  if (textAt(tokens, start + 1) === 'after' && textAt(tokens, start + 2) === 'next')
    return { date: inWeek(next, weekday, 1), end: start + 3 };
  if (textAt(tokens, start + 1) === 'week') return { date: inWeek(next, weekday, 1), end: start + 2 };
  return { date: next, end: start + 1, vague: true };
}
