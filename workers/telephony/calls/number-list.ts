/** A line of an imported list, and the E.164 number in it, if there is one. `line` counts from 1. */
export interface NumberLine {
  readonly line: number;
  readonly text: string;
  readonly number: string | null;
}

const shortestDigits = 8;
const longestDigits = 15;

/**
 * Reads a list of numbers, one a line: the first field of a CSV file, quoted or not. A first line without digits is a
 * heading; empty lines are none.
 *
 * @param countryCode of numbers that come without one. Digits.
 */
export function readNumberList(csv: string, countryCode: string): NumberLine[] {
  return csv
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map((text, index) => ({ line: index + 1, text: text.trim() }))
    .filter(({ line, text }) => text !== '' && !(line === 1 && !/\d/.test(text)))
    .map(({ line, text }) => ({ line, text, number: toE164(firstField(text), countryCode) }));
}

function firstField(text: string): string {
  const quoted = /^"((?:[^"]|"")*)"/.exec(text)?.[1];
  return quoted?.replaceAll('""', '"') ?? text.split(/[,;\t]/, 1)[0] ?? '';
}

/** Digits with the usual signs between them; `+` or `00` before a country code, else it is a national number. */
function toE164(text: string, countryCode: string): string | null {
  if (!/^\s*\+?[\d\s().\-/]+$/.test(text)) return null;
  const digits = text.replace(/\D/g, '');
  const whole = text.trim().startsWith('+')
    ? digits
    : digits.startsWith('00')
      ? digits.slice(2)
      : national(digits, countryCode);
  const fits = whole.length >= shortestDigits && whole.length <= longestDigits && !whole.startsWith('0');
  return fits ? `+${whole}` : null;
}

function national(digits: string, countryCode: string): string {
  // North American numbers have ten digits; with eleven the country code stands before them.
  if (countryCode === '1')
    return digits.length === 11 && digits.startsWith('1') ? digits : digits.length === 10 ? `1${digits}` : '';
  return `${countryCode}${digits.replace(/^0/, '')}`;
}
