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

/** Words, pairs of words, and three and four letters in a row inside words: a wrong letter or word costs little. */
export function featuresOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (feature: string, weight: number) => counts.set(feature, (counts.get(feature) ?? 0) + weight);
  let before = '^';
  for (const word of words) {
    add(word, 1);
    add(`${before} ${word}`, 0.8);
    before = word;
    if (word.length < 4) continue;
    const framed = `<${word}>`;
    for (let size = 3; size <= 4; size++) {
      for (let at = 0; at + size <= framed.length; at++) add(`~${framed.slice(at, at + size)}`, 0.35);
    }
  }
  let sum = 0;
  for (const value of counts.values()) sum += value * value;
  const norm = Math.sqrt(sum) || 1;
  for (const [feature, value] of counts) counts.set(feature, value / norm);
  return counts;
}
