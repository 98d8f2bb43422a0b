import { afterPhrase, skip, textAt, type Token } from './tokens.ts';

export type DayPart = 'am' | 'pm' | 'morning' | 'afternoon' | 'evening' | 'night' | 'midnight' | 'lunch';

const parts: ReadonlyMap<string, DayPart> = new Map([
  ['morning', 'morning'],
  ['afternoon', 'afternoon'],
  ['evening', 'evening'],
  ['night', 'night'],
  ['tonight', 'night'],
  ['midnight', 'midnight'],
  ['lunchtime', 'lunch'],
  ['noon', 'lunch'],
]);

export interface SpokenPart {
  readonly part: DayPart;
  readonly end: number;
}

/** "pm", "p. m.", "a m", "in the morning", "at night", "afternoon", "tomorrow evening". */
export function dayPartAt(tokens: readonly Token[], start: number): SpokenPart | null {
  const word = textAt(tokens, start);
  if (word === 'am' || word === 'pm') return { part: word, end: start + 1 };
  if (word === 'a' || word === 'p') {
    const m = skip(tokens, start + 1, '.');
    if (textAt(tokens, m) === 'm' || (word === 'p' && m > start + 1 && textAt(tokens, m).startsWith('m')))
      return { part: word === 'a' ? 'am' : 'pm', end: skip(tokens, m + 1, '.') };
    return null;
  }
  const index = skip(tokens, start, 'in', 'at', 'the', 'this', 'tomorrow', ',');
  const part = index - start > 3 ? undefined : parts.get(textAt(tokens, index));
  return part === undefined ? null : { part, end: index + 1 };
}

/** The hour of the day, 0 to 23, of an hour said with a part of the day. */
export function hourIn(hour: number, part: DayPart): number {
  switch (part) {
    case 'am':
    case 'morning':
      return hour === 12 ? 0 : hour;
    case 'pm':
    case 'afternoon':
    case 'evening':
      return hour < 12 ? hour + 12 : hour;
    case 'night':
      return hour === 12 ? 0 : hour >= 5 && hour < 12 ? hour + 12 : hour;
    case 'midnight':
      return hour === 12 ? 0 : hour;
    case 'lunch':
      return hour < 5 ? hour + 12 : hour;
    default:
      return part satisfies never;
  }
}

const moments: readonly (readonly [string, number])[] = [
  ['noonish', 12],
  ['noon', 12],
  ['midday', 12],
  ['mid day', 12],
  ['midnight', 0],
  ['mid night', 0],
  ['midmorning', 10],
  ['mid morning', 10],
  ['midafternoon', 14],
  ['mid afternoon', 14],
];

/** "noon", "midnight", "mid-morning": a time without a number. */
export function namedHourAt(tokens: readonly Token[], start: number): { hour: number; end: number } | null {
  for (const [phrase, hour] of moments) {
    const end = afterPhrase(tokens, start, phrase);
    if (end !== null) return { hour, end };
  }
  return null;
}
