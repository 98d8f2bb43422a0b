import { smallOrdinals, valuesOf } from './number-names.ts';
import { title } from './town.ts';

/** A part of an address, and the word after it. */
export interface Part {
  readonly text: string;
  readonly end: number;
}

const streets: ReadonlyMap<string, string> = new Map(
  `street avenue road drive lane boulevard court place way circle terrace trail parkway highway square loop alley plaza
  crescent row run ridge pike path crossing point view hill heights broadway`
    .split(/\s+/)
    .map((name) => [name, name] as const)
    .concat([
      ['st', 'street'],
      ['ave', 'avenue'],
      ['rd', 'road'],
      ['dr', 'drive'],
      ['ln', 'lane'],
      ['blvd', 'boulevard'],
      ['ct', 'court'],
      ['pl', 'place'],
      ['pkwy', 'parkway'],
      ['hwy', 'highway'],
    ]),
);
const directions: ReadonlyMap<string, string> = new Map(
  'north south east west northeast northwest southeast southwest'
    .split(' ')
    .map((name) => [name, title(name)] as const)
    .concat(['nw', 'ne', 'sw', 'se'].map((name) => [name, name.toUpperCase()] as const)),
);
export const ordinals = valuesOf(smallOrdinals, 1);
export const tenStems: ReadonlyMap<string, number> = new Map(
  'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((name, index) => [name, (index + 2) * 10]),
);
const wholeTens: ReadonlyMap<string, number> = new Map(
  [...tenStems].map(([name, ten]) => [name.replace(/y$/, 'ieth'), ten]),
);
export const isStreet = (word: string): boolean => streets.has(word);

/** Up to four words and a kind of street: "north oak street", "forty second street", "broadway". */
export function streetAt(words: readonly string[], start: number): Part | null {
  const out: string[] = [];
  for (let index = start; index < Math.min(words.length, start + 6); index++) {
    const word = words[index] ?? '';
    const stem = tenStems.get(word);
    const after = ordinals.get(words[index + 1] ?? '');
    const ordinal = ordinals.get(word) ?? wholeTens.get(word);
    if (stem !== undefined && after !== undefined && after < 10) {
      out.push(ordinalText(stem + after));
      index++;
      continue;
    }
    if (ordinal !== undefined) {
      out.push(ordinalText(ordinal));
      continue;
    }
    const kind = streets.get(word);
    if (kind !== undefined && (out.some((name) => !directions.has(name.toLowerCase())) || kind === 'broadway')) {
      // "oak ridge road": the kind of street is the last of them.
      if (streets.has(words[index + 1] ?? '') && index + 1 < start + 6) {
        out.push(title(word));
        continue;
      }
      out.push(title(kind));
      const direction = directions.get(words[index + 1] ?? '');
      if (direction !== undefined) out.push(direction);
      return { text: out.join(' '), end: index + (direction === undefined ? 1 : 2) };
    }
    if (!/^(?:[\p{L}']+|\d+(?:st|nd|rd|th))$/u.test(word)) return null;
    out.push(/^\d/.test(word) ? word : (directions.get(word) ?? title(word)));
  }
  return null;
}

function ordinalText(value: number): string {
  const tens = value % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${suffix}`;
}
