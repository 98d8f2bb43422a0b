import { addMonths, type Civil } from './civil.ts';
import { monthCalled } from './names.ts';
import { yearAt } from './numbers.ts';
import { skip, textAt, type Token } from './tokens.ts';

const steps: ReadonlyMap<string, number> = new Map([
  ['this', 0],
  ['the', 0],
  ['next', 1],
  ['following', 1],
  ['coming', 1],
  ['last', -1],
  ['previous', -1],
  ['past', -1],
]);

/** "this" 0, "next" 1, "last" -1; undefined for any other word. */
export const stepCalled = (word: string): number | undefined => steps.get(word);

export interface SpokenMonth {
  readonly year: number;
  readonly month: number;
  readonly end: number;
  /** "next month", where no month was named. */
  readonly relative: boolean;
}

/** "next month", "the month", "july", "december 2026". A named month is this one or a later one. */
export function monthAt(tokens: readonly Token[], start: number, today: Civil): SpokenMonth | null {
  const index = skip(tokens, start, 'the');
  const step = steps.get(textAt(tokens, index)) ?? (index > start ? 0 : undefined);
  const noun = steps.has(textAt(tokens, index)) ? index + 1 : index;
  if (step !== undefined && textAt(tokens, noun) === 'month') {
    const { year, month } = addMonths({ ...today, day: 1 }, step);
    return { year, month, end: noun + 1, relative: true };
  }
  const month = monthCalled(textAt(tokens, noun));
  if (month === undefined) return null;
  const year = yearAt(tokens, skip(tokens, noun + 1, ',', 'of'));
  if (year !== null) return { year: year.value, month, end: year.end, relative: false };
  const upcoming = month < today.month ? today.year + 1 : today.year;
  return { year: upcoming, month, end: noun + 1, relative: false };
}
