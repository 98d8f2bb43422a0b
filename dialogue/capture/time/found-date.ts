import { isDay, isBefore, type Civil } from './civil.ts';

/** What a rule of the date grammar found, and the index after its last token. */
export interface FoundDate {
  /** Null when what was said names no day, as February 30th. */
  readonly date: Civil | null;
  readonly end: number;
  /** A weekday without its week, or a count without its month: it may also choose among what was offered. */
  readonly vague?: boolean;
}

export const found = (date: Civil, end: number): FoundDate => ({ date: isDay(date) ? date : null, end });

/** A day of a month whose year was not said: today or later. */
export function upcoming(today: Civil, month: number, day: number, end: number): FoundDate {
  // A leap day is up to eight years away.
  for (let year = today.year; year <= today.year + 8; year++) {
    const date = { year, month, day };
    if (isDay(date) && !isBefore(date, today)) return { date, end };
  }
  return { date: null, end };
}
