import { isNumberWord } from '../capture/number-words.ts';
import { wordsOf } from './words.ts';

/** Numbers look alike: "two thousand" and "2000" are both `#`. */
export function classWords(text: string): string[] {
  const out: string[] = [];
  for (const word of text.includes('#') ? text.split(' ') : wordsOf(text)) {
    const shape = isNumberWord(word) ? '#' : word;
    if (!(shape === '#' && out.at(-1) === '#')) out.push(shape);
  }
  return out;
}

/**
 * Words, pairs of words ("^" and "$" are the ends), and three and four letters in a row inside words ("~abc"): a wrong
 * letter or word costs little.
 */
export function featuresOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (feature: string) => counts.set(feature, (counts.get(feature) ?? 0) + 1);
  let before = '^';
  for (const word of words) {
    add(word);
    add(`${before} ${word}`);
    before = word;
    if (word.length < 3) continue;
    const framed = `<${word}>`;
    for (let size = 3; size <= 4; size++) {
      for (let at = 0; at + size <= framed.length; at++) add(`~${framed.slice(at, at + size)}`);
    }
  }
  add(`${before} $`);
  return counts;
}
