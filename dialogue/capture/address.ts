import { digitRunsIn } from './digits.ts';
import { numberAt } from './number-words.ts';
import { smallOrdinals, valuesOf } from './number-names.ts';

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
const units = new Map([
  ['apartment', 'Apartment'],
  ['apt', 'Apartment'],
  ['suite', 'Suite'],
  ['unit', 'Unit'],
  ['number', '#'],
]);
const directions: ReadonlyMap<string, string> = new Map(
  'north south east west northeast northwest southeast southwest'.split(' ').map((name) => [name, title(name)] as const),
);
const ordinals = valuesOf(smallOrdinals, 1);
const tenStems: ReadonlyMap<string, number> = new Map(
  'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((name, index) => [name, (index + 2) * 10]),
);
const wholeTens: ReadonlyMap<string, number> = new Map([...tenStems].map(([name, ten]) => [name.replace(/y$/, 'ieth'), ten]));
const glue: ReadonlySet<string> = new Set(['in', 'and', 'comma', 'uh', 'um', 'the', 'zip', 'code', 'zipcode', 'is', "it's"]);
const states: readonly string[] = `alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii
  idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana
  nebraska nevada new-hampshire new-jersey new-mexico new-york north-carolina north-dakota ohio oklahoma oregon pennsylvania
  rhode-island south-carolina south-dakota tennessee texas utah vermont virginia washington west-virginia wisconsin wyoming`
  .split(/\s+/)
  .map((name) => name.replace('-', ' '));

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

interface Part {
  readonly text: string;
  readonly end: number;
}

const numberStarts = (words: readonly string[]): number[] => digitRunsIn(words).map((run) => run.start);

/** "twelve forty two", "one oh five", "two hundred and six", "fourteen b". */
function houseNumberAt(words: readonly string[], start: number): Part | null {
  const ahead = words.slice(start, start + 12);
  // "fifty second street": the last of the run belongs to the street.
  const run = digitRunsIn(ahead)[0];
  if (run === undefined || run.start > 0) return null;
  const number = numberAt(ahead, 0);
  const whole = number !== null && number.scaled && ahead.slice(0, number.end).some((word) => /^(?:hundred|thousand)$/.test(word));
  // "twelve hundred" is both; "one hundred and five" only reads as a number.
  const end = whole ? number.end : run.end;
  const text = whole ? String(number.value) : run.digits;
  if (tenStems.has(ahead[end - 1] ?? '') && ordinals.has(ahead[end] ?? '')) {
    const before = end > 1 ? houseNumberAt(words.slice(0, start + end - 1), start) : null;
    return before;
  }
  const letter = ahead[end] ?? '';
  if (/^[a-d]$/.test(letter) && !streets.has(ahead[end + 1] ?? '')) return { text: text + letter.toUpperCase(), end: start + end + 1 };
  return text.length > 6 ? null : { text, end: start + end };
}

/** Up to four words and a kind of street: "north oak street", "forty second street", "broadway". */
function streetAt(words: readonly string[], start: number): Part | null {
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

/** "denver colorado eight oh two oh two" → Denver, Colorado 80202. What is no town, state or ZIP code ends it. */
function townAt(words: readonly string[], start: number): string {
  const rest = words.slice(start, start + 14).filter((word) => !glue.has(word));
  const run = digitRunsIn(rest).find(({ digits }) => digits.length === 5);
  const zip = run?.digits ?? '';
  const named = rest.slice(0, run?.start ?? rest.length);
  const text = named.join(' ');
  const state = states.find((name) => text === name || text.endsWith(` ${name}`)) ?? '';
  const town = state === '' ? text : text.slice(0, -state.length).trim();
  // Without a state or a ZIP code the words after a street are anything.
  if ((state === '' && zip === '') || town.split(' ').length > 3) return '';
  return [title(town), `${title(state)} ${zip}`.trim()].filter((part) => part !== '').join(', ');
}

function ordinalText(value: number): string {
  const tens = value % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${suffix}`;
}

function title(words: string): string {
  return words.replaceAll(/(^|[ '])(\p{L})/gu, (_, mark: string, letter: string) => mark + letter.toUpperCase());
}
