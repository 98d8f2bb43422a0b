import { digitRunsIn } from './digits.ts';

/** ITU-T E.161: the letters on the keys 2 to 9. */
const keys = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz'];
const keyOf: ReadonlyMap<string, string> = new Map(
  keys.flatMap((letters, index) => [...letters].map((letter): [string, string] => [letter, String(index + 2)])),
);

/** "one eight hundred go u haul" → 18004684285: the words must fill the seven digits exactly. */
export function vanityDigitsIn(words: readonly string[]): string | null {
  const code = digitRunsIn(words)[0];
  if (code === undefined || !/^1?8(?:00|33|44|55|66|77|88)/.test(code.digits)) return null;
  let digits = code.digits;
  const length = digits.startsWith('1') ? 11 : 10;
  for (let index = code.end; index < words.length && digits.length < length; index++) {
    const word = words[index] ?? '';
    const number = digitRunsIn([word])[0]?.digits;
    if (number === undefined && !/^[a-z]+$/.test(word)) return null;
    digits += number ?? [...word].map((letter) => keyOf.get(letter) ?? '').join('');
  }
  return digits.length === length && digits !== code.digits ? digits : null;
}
