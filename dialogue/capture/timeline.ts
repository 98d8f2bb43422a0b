import type { DateTime } from 'luxon';
import { hasPhrase } from '../understand/words.ts';
import { monthNames } from './calendar-names.ts';
import { numbersIn } from './number-words.ts';

const soon = [
  'as soon as possible',
  'asap',
  'right away',
  'immediately',
  'right now',
  'now',
  'urgent',
  'emergency',
  'today',
  'tomorrow',
  'this week',
  'soon as you can',
  'soon as possible',
];
const seasonMonth: ReadonlyMap<string, number> = new Map([
  ['spring', 3],
  ['summer', 6],
  ['fall', 9],
  ['autumn', 9],
  ['winter', 12],
]);

/** How many days from now a caller wants it: "in three weeks" 21, "next spring" to its first day. Null: not said. */
export function daysAwayIn(words: readonly string[], now: DateTime): number | null {
  if (hasPhrase(words, soon)) return 0;
  if (hasPhrase(words, ['next week', 'couple of weeks', 'few weeks', 'within the month', 'this month']))
    return hasPhrase(words, ['next week']) ? 7 : 21;
  for (const number of numbersIn(words)) {
    const unit = words[number.end] ?? '';
    const days = unit.startsWith('day')
      ? 1
      : unit.startsWith('week')
        ? 7
        : unit.startsWith('month')
          ? 30
          : unit.startsWith('year')
            ? 365
            : 0;
    if (days > 0) return number.value * days;
  }
  if (hasPhrase(words, ['a week'])) return 7;
  if (hasPhrase(words, ['next month', 'a month'])) return 30;
  if (hasPhrase(words, ['couple of months'])) return 60;
  if (hasPhrase(words, ['few months'])) return 90;
  if (hasPhrase(words, ['next year', 'a year'])) return 365;
  for (const word of words) {
    const month = seasonMonth.get(word) ?? (word === 'may' ? 0 : monthNames.indexOf(word) + 1);
    if (month > 0) {
      const start = now.set({ month, day: 1 }).startOf('day');
      return Math.max(
        0,
        Math.round(
          (start < now && start.month !== now.month ? start.plus({ years: 1 }) : start).diff(now, 'days').days,
        ),
      );
    }
  }
  return null;
}
