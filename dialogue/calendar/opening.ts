import type { SchedulingRules } from '../../contract/scheduling.ts';
import { addDays, instantOf, weekdayOf } from './local-time.ts';

/** A stretch of time in which the business is open: `fromMs` included, `toMs` not. */
export interface Opening {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The openings that begin on `date` in the business's zone, earliest first. One that ends at or
 * before the time it begins at, as 18:00 to 02:00, lasts into the next day.
 */
export function openingsOn(rules: SchedulingRules, date: string, hours = rules.openingHours): Opening[] {
  if (rules.closedOn.includes(date)) return [];
  if (rules.closures?.some(({ from, to }) => from <= date && date <= to) === true) return [];
  const weekday = weekdayOf(date);
  return hours
    .filter(({ days }) => days.some((day) => day === weekday))
    .map(({ from, to }) => ({
      fromMs: instantOf(date, from, rules.timeZone),
      toMs: instantOf(to > from ? date : addDays(date, 1), to, rules.timeZone),
    }))
    .sort((a, b) => a.fromMs - b.fromMs);
}
