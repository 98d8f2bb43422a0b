import { DateTime } from 'luxon';
import type { Civil } from './civil.ts';
import { clockIn, type SpokenClock } from './clock.ts';
import { dateIn, type SpokenDate } from './date.ts';
import { tokensOf } from './tokens.ts';

/** The day and the time of day in what was said. */
export interface SpokenMoment {
  readonly date: SpokenDate | null;
  readonly clock: SpokenClock | null;
}

export function momentIn(text: string, today: Civil): SpokenMoment {
  const tokens = tokensOf(text);
  const date = dateIn(tokens, today);
  return { date, clock: clockIn(tokens, date) };
}

/** The calendar day it is at a moment in a zone. */
export function civilAt(nowMs: number, zone: string): Civil {
  const { year, month, day } = DateTime.fromMillis(nowMs, { zone });
  return { year, month, day };
}
