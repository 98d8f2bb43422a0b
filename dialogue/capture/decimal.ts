import { numberAt, type SpokenNumber } from './number-words.ts';

const scales: ReadonlyMap<string, number> = new Map([
  ['hundred', 100],
  ['thousand', 1e3],
  ['k', 1e3],
  ['grand', 1e3],
  ['million', 1e6],
  ['m', 1e6],
  ['billion', 1e9],
  ['trillion', 1e12],
]);

/** A number with a fraction or a great scale: "one point five million", "two and a half thousand", "a hundred". */
export function decimalAt(words: readonly string[], start: number): SpokenNumber | null {
  const great = scales.get(words[start + 2] ?? '') ?? 0;
  if (words[start] === 'half' && words[start + 1] === 'a' && great >= 1_000)
    return { value: great / 2, start, end: start + 3, scaled: true };
  const first = words[start] === 'point' ? { value: 0, start, end: start, scaled: false } : numberAt(words, start);
  if (first === null) return null;
  let { end } = first;
  let digits = '';
  if (words[end] === 'point') {
    for (let index = end + 1; index < words.length && digits.length < 9; index++) {
      const digit = numberAt([words[index] === 'oh' ? 'zero' : (words[index] ?? '')], 0);
      if (digit === null || digit.scaled || digit.value > 99) break;
      digits += String(digit.value);
      end = index + 1;
    }
  }
  if (first.end === start && digits === '') return null;
  let value = digits === '' ? first.value : Number(`${first.value}.${digits}`);
  if (words[end] === 'and' && words[end + 1] === 'a' && words[end + 2] === 'half') {
    value += 0.5;
    end += 3;
  }
  const scale = scales.get(words[end] ?? '');
  if (scale === undefined || (end === first.end && first.scaled && scale <= 1e6))
    return { value, start, end, scaled: first.scaled };
  // Binary fractions: 1.436 billion is no whole number without rounding.
  return { value: Number((value * scale).toPrecision(15)), start, end: end + 1, scaled: true };
}

/** Every such number. */
export function decimalsIn(words: readonly string[]): SpokenNumber[] {
  const found: SpokenNumber[] = [];
  for (let index = 0; index < words.length;) {
    const number = decimalAt(words, index);
    if (number !== null) found.push(number);
    index = number?.end ?? index + 1;
  }
  return found;
}
