import { decimalsIn } from './decimal.ts';
import type { SpokenNumber } from './number-words.ts';

export interface Amount {
  /** Whole dollars; the middle of a range. */
  readonly value: number;
  readonly display: string;
  readonly confidence: number;
}

const dollarWords = new Set(['dollar', 'dollars', 'bucks', '$', 'grand', 'k']);
const topics = new Set(['budget', 'spend', 'afford', 'pay', 'cost']);

/** Money as a budget is told: "eight to ten thousand", "under 12k", "$9,500". */
export function moneyIn(words: readonly string[], asked: boolean): Amount | null {
  const isMoney = words.some((word) => dollarWords.has(word)) || words.some((word) => topics.has(word));
  if (!asked && !isMoney) return null;
  const unitsAfter = (number: SpokenNumber) => words[number.end] ?? '';
  const numbers = decimalsIn(words).filter(
    (number) => !['square', 'squares', 'weeks', 'months', 'days', 'years'].includes(unitsAfter(number)),
  );
  const first = numbers[0];
  if (first === undefined) return null;
  const second = numbers[1];
  let low = first.value;
  if (second !== undefined && isRange(words, first, second)) {
    const high = second.value;
    // "eight to ten thousand": the scale belongs to both.
    if (!first.scaled && second.scaled && low < 1_000) low *= high >= 1_000_000 ? 1_000_000 : 1_000;
    if (high > low && high >= 100)
      return { value: Math.round((low + high) / 2), display: `${dollars(low)} to ${dollars(high)}`, confidence: 0.9 };
  }
  // "nine fifty", "twelve hundred" without its hundred.
  const pair = second !== undefined && second.start === first.end && !first.scaled && !second.scaled;
  if (pair && low > 0 && low < 100 && second.value >= 10 && second.value < 100) low = low * 100 + second.value;
  else if (!first.scaled && low > 0 && low < 100 && asked && !words.includes('$')) low *= 1_000;
  if (low < 100) return null;
  return {
    value: Math.round(low),
    display: bound(words, first.start) + dollars(low),
    confidence: isMoney || first.scaled ? 0.92 : 0.75,
  };
}

function isRange(words: readonly string[], first: SpokenNumber, second: SpokenNumber): boolean {
  const between = words.slice(first.end, second.start).filter((word) => !dollarWords.has(word));
  return between.length === 0
    ? /^\d/.test(words[second.start] ?? '')
    : between.every((word) => ['to', 'and', 'or', 'maybe', 'up'].includes(word));
}

function bound(words: readonly string[], start: number): string {
  const before = words.slice(Math.max(0, start - 3), start).join(' ');
  if (/\b(?:under|below|less than|up to|at most|max|maximum)\b/.test(before)) return 'up to ';
  if (/\b(?:over|above|more than|at least)\b/.test(before)) return 'over ';
  if (/\b(?:about|around|roughly|maybe|like)\b/.test(before)) return 'about ';
  return '';
}

export function dollars(value: number): string {
  return `$${String(Math.round(value)).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')}`;
}
