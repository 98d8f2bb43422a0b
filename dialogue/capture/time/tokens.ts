export interface Token {
  /** A word in lower case, digits, or one of : / - . , */
  readonly text: string;
  /** White space stands before it. */
  readonly apart: boolean;
}

const token = /(\s*)(\p{L}+(?:'\p{L}+)*|\d+|[:/.,-])/gu;

/** Longer than any sentence about a time: what comes later is not read. */
const longestChars = 4_000;

/** Words, numbers and the signs that stand in dates: "Oct2, 7:56pm" → oct 2 , 7 : 56 pm */
export function tokensOf(text: string): Token[] {
  const plain = text
    .slice(0, longestChars)
    .toLowerCase()
    .replaceAll(/[\u2018\u2019\u02BC]/g, "'");
  return [...plain.matchAll(token)].map((match) => ({ text: match[2] ?? '', apart: match[1] !== '' }));
}

export const textAt = (tokens: readonly Token[], index: number): string => tokens[index]?.text ?? '';

/** The index after the words of `phrase`, or null when they do not stand at `start`. Hyphens count as spaces. */
export function afterPhrase(tokens: readonly Token[], start: number, phrase: string): number | null {
  const first = textAt(tokens, start);
  if (first === '' || !phrase.startsWith(first)) return null;
  let index = start;
  for (const word of phrase.split(' ')) {
    if (index > start && textAt(tokens, index) === '-') index++;
    if (textAt(tokens, index) !== word) return null;
    index++;
  }
  return index;
}

/** More of them in a row are no sentence, and would be read again from each one. */
const longestSkip = 4;

/** Over any of these signs and words. */
export function skip(tokens: readonly Token[], start: number, ...texts: readonly string[]): number {
  let index = start;
  while (index < tokens.length && index - start < longestSkip && texts.includes(textAt(tokens, index))) index++;
  return index;
}
