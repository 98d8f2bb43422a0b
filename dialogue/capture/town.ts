import { digitRunsIn } from './digits.ts';

/** Words between the parts of an address. */
export const glue: ReadonlySet<string> = new Set([
  'in',
  'and',
  'comma',
  'uh',
  'um',
  'the',
  'zip',
  'code',
  'zipcode',
  'is',
  "it's",
]);
const states: readonly string[] =
  `alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii
  idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana
  nebraska nevada new-hampshire new-jersey new-mexico new-york north-carolina north-dakota ohio oklahoma oregon pennsylvania
  rhode-island south-carolina south-dakota tennessee texas utah vermont virginia washington west-virginia wisconsin wyoming`
    .split(/\s+/)
    .map((name) => name.replace('-', ' '));

/** "denver colorado eight oh two oh two" → Denver, Colorado 80202. What is no town, state or ZIP code ends it. */
export function townAt(words: readonly string[], start: number): string {
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

/** Each word with a capital letter. */
export function title(words: string): string {
  return words.replaceAll(/(^|[ '])(\p{L})/gu, (_, mark: string, letter: string) => mark + letter.toUpperCase());
}
