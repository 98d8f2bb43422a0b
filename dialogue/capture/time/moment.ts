import type { Civil } from './civil.ts';
import { clockIn, type SpokenClock } from './clock.ts';
import { dateIn, type SpokenDate } from './date.ts';
import { textAt, type Token } from './tokens.ts';

/** The day and the time of day in what was said. */
export interface SpokenMoment {
  readonly date: SpokenDate | null;
  readonly clock: SpokenClock | null;
  /** The word before the date, as "after" or "by"; empty when there is none. */
  readonly before: string;
}

export function momentIn(tokens: readonly Token[], today: Civil): SpokenMoment {
  const date = dateIn(tokens, today);
  const at = date?.start ?? 0;
  const before = textAt(tokens, textAt(tokens, at - 1) === 'the' ? at - 2 : at - 1);
  return { date, clock: clockIn(tokens, date), before };
}
