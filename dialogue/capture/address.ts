import { digitRunsIn } from './digits.ts';
import { numberAt } from './number-words.ts';
import { isStreet, ordinals, streetAt, tenStems, type Part } from './street.ts';
import { glue, townAt } from './town.ts';

const units = new Map([
  ['apartment', 'Apartment'],
  ['apt', 'Apartment'],
  ['suite', 'Suite'],
  ['unit', 'Unit'],
  ['number', '#'],
]);
/** A street address: "twelve forty two oak street" → 1242 Oak Street. Null when no number and street were said. */
export function addressIn(words: readonly string[]): string | null {
  for (const start of numberStarts(words)) {
    const number = houseNumberAt(words, start);
    const street = number === null ? null : streetAt(words, number.end);
    if (number === null || street === null) continue;
    const unit = unitAt(words, street.end);
    const town = townAt(words, unit?.end ?? street.end);
    return [`${number.text} ${street.text}`, unit?.text ?? '', town].filter((part) => part !== '').join(', ');
  }
  return null;
}

const numberStarts = (words: readonly string[]): number[] => digitRunsIn(words).map((run) => run.start);

/** "twelve forty two", "one oh five", "two hundred and six", "fourteen b". */
function houseNumberAt(words: readonly string[], start: number): Part | null {
  const ahead = words.slice(start, start + 12);
  // "fifty second street": the last of the run belongs to the street.
  const run = digitRunsIn(ahead)[0];
  if (run === undefined || run.start > 0) return null;
  const number = numberAt(ahead, 0);
  const whole =
    number !== null && number.scaled && ahead.slice(0, number.end).some((word) => /^(?:hundred|thousand)$/.test(word));
  // "twelve hundred" is both; "one hundred and five" only reads as a number.
  const end = whole ? number.end : run.end;
  const text = whole ? String(number.value) : run.digits;
  if (tenStems.has(ahead[end - 1] ?? '') && ordinals.has(ahead[end] ?? '')) {
    const before = end > 1 ? houseNumberAt(words.slice(0, start + end - 1), start) : null;
    return before;
  }
  const letter = ahead[end] ?? '';
  if (/^[a-d]$/.test(letter) && !isStreet(ahead[end + 1] ?? ''))
    return { text: text + letter.toUpperCase(), end: start + end + 1 };
  return text.length > 6 ? null : { text, end: start + end };
}

/** "apartment four b", "unit twelve". */
function unitAt(words: readonly string[], start: number): Part | null {
  const index = glue.has(words[start] ?? '') ? start + 1 : start;
  const name = units.get(words[index] ?? '');
  if (name === undefined) return null;
  const run = digitRunsIn(words.slice(index + 1, index + 8))[0];
  const digits = run?.start === 0 ? run.digits : '';
  let end = index + 1 + (run?.start === 0 ? run.end : 0);
  const letter = /^[a-z]$/.test(words[end] ?? '') ? (words[end] ?? '').toUpperCase() : '';
  if (letter !== '') end++;
  if (digits + letter === '') return null;
  return { text: name === '#' ? `#${digits}${letter}` : `${name} ${digits}${letter}`, end };
}
