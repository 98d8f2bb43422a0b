import { smallNumbers, tens, valuesOf } from './number-names.ts';

const unitValues = valuesOf(smallNumbers);
const tenValues: ReadonlyMap<string, number> = new Map(
  [...valuesOf(tens, 2)].map(([name, value]) => [name, value * 10]),
);
const scales: ReadonlyMap<string, number> = new Map([
  ['hundred', 100],
  ['thousand', 1_000],
  ['k', 1_000],
  ['grand', 1_000],
  ['million', 1_000_000],
]);
const figures = /^\d+(?:\.\d+)?$/;
/** More than this is no size, sum or date that a caller means. */
const largest = 1_000_000_000;

export interface SpokenNumber {
  readonly value: number;
  /** First word and the word after the last. */
  readonly start: number;
  readonly end: number;
  /** A scale word was said: "thousand" makes money of "ten thousand". */
  readonly scaled: boolean;
}

export function isNumberWord(word: string): boolean {
  return unitValues.has(word) || tenValues.has(word) || scales.has(word) || figures.test(word);
}

/** All numbers in a list of words: "twenty five hundred" 2,500; "2 thousand" 2,000; "a hundred and ten" 110. */
export function numbersIn(words: readonly string[]): SpokenNumber[] {
  const found: SpokenNumber[] = [];
  let index = 0;
  while (index < words.length) {
    const number = numberAt(words, index);
    if (number === null) index++;
    else {
      found.push(number);
      index = number.end;
    }
  }
  return found;
}

/** The number that starts at `start`, as long as it goes: at least one word. */
export function numberAt(words: readonly string[], start: number): SpokenNumber | null {
  let total = 0;
  let part: number | null = null;
  let lastSmall: 'none' | 'unit' | 'ten' | 'scale' = 'none';
  let scaled = false;
  let partStart = start;
  let lastScale = Infinity;
  let index = start;
  for (; index < words.length; index++) {
    const word = words[index] ?? '';
    const small = figures.test(word) ? Number(word) : unitValues.get(word);
    const ten = tenValues.get(word);
    const scale = scales.get(word);
    if (small !== undefined && small <= largest) {
      const joins = lastSmall === 'none' || lastSmall === 'scale' || (lastSmall === 'ten' && small >= 1 && small <= 9);
      if (!joins) break;
      if (part === null) partStart = index;
      part = (part ?? 0) + small;
      lastSmall = 'unit';
    } else if (ten !== undefined) {
      if (lastSmall === 'unit' || lastSmall === 'ten') break;
      if (part === null) partStart = index;
      part = (part ?? 0) + ten;
      lastSmall = 'ten';
    } else if (scale !== undefined) {
      if (part === null) {
        // "ten thousand grand": a scale needs a number of its own, or "a".
        if (total > 0 || (word !== 'hundred' && word !== 'thousand') || words[index - 1] !== 'a') break;
        part = 1;
      }
      if (scale === 100 && part >= 100) break;
      if (scale > 100 && scale >= lastScale) {
        // "10k 12k" is two numbers.
        index = partStart;
        part = null;
        break;
      }
      scaled = true;
      if (scale === 100) part *= 100;
      else {
        total += part * scale;
        part = null;
        lastScale = scale;
      }
      lastSmall = 'scale';
    } else if (word === 'and' && lastSmall === 'scale' && startsNumber(words[index + 1])) {
      continue;
    } else break;
  }
  const value = total + (part ?? 0);
  if ((part === null && total === 0) || value > largest) return null;
  while (words[index - 1] === 'and') index--;
  return { value, start, end: index, scaled };
}

function startsNumber(word: string | undefined): boolean {
  return word !== undefined && word !== 'zero' && (tenValues.has(word) || unitValues.has(word));
}
