const extension = String.raw`(?:\s?(?:x|ext\.?)\s?\d{1,6}(?!\w))?`;
/** One run of digits and the signs between them; bounded, so that a text of digits is read once. */
const run = new RegExp(String.raw`\(?\+?\(?[ ]?\d(?:[ ]?[()./-]{0,2}[ ]{0,2}[(]?\d){4,40}${extension}`, 'gi');
/** Dates, clock times and social security numbers, which are blanked first. */
const otherFigures = [
  /(?<![\d/.-])\d{1,2}([/-])\d{1,2}\1(?:19|20)\d{2}(?![\d/-])/g,
  /(?<!\d)(?:19|20)\d{2}\/(?:19|20)\d{2}(?!\d)/g,
  /(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)/g,
  /(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])/g,
];
const notPhones = /\b(?:account|card|visa|american express|discover|omb|ssn|invoice|order)\b/g;
const phones = /\b(?:phone|tel|telephone|call|mobile|cell|office)\b/g;

/** The phone numbers in a typed text, as they were written. */
export function writtenPhonesIn(text: string): string[] {
  let plain = text.slice(0, 4_000).toLowerCase();
  for (const figures of otherFigures) plain = plain.replaceAll(figures, (match) => '|'.repeat(match.length));
  const found: string[] = [];
  for (const match of plain.matchAll(run)) {
    const written = trimmed(match[0]);
    const start = match.index + match[0].indexOf(written);
    if (written !== '' && looksLikePhone(written, plain.slice(0, start), plain.slice(start + written.length)))
      found.push(written);
  }
  return found;
}

/** Without brackets that have no partner: "(19 358", "19) 358". */
function trimmed(match: string): string {
  let written = match.trim();
  if (/^\(\s?[^)]*$/.test(written)) written = written.slice(1).trim();
  const unopened = /^\+?\d+\)\s+/.exec(written);
  return unopened === null ? written : written.slice(unopened[0].length);
}

function looksLikePhone(written: string, before: string, after: string): boolean {
  const digits = written.replace(/\s?(?:x|ext).*$/, '').replaceAll(/\D/g, '');
  const international = written.includes('+');
  if (digits.length > (international ? 16 : 15) || digits.length < 6) return false;
  if (digits.length === 6 && (!digits.startsWith('0') || written.includes(' '))) return false;
  // Nested brackets, decimal fractions, local numbers with an exchange that does not exist.
  if (/\([^)]*\(|\)\s?\)/.test(written) || /^\d{1,3}\.\d{7,}$/.test(written) || /^1\d{2}-\d{4}$/.test(written))
    return false;
  const signed = written.startsWith('+') || written.startsWith('(');
  if ((signed ? /[\d*=#+)]$/ : /[\w*=#+.,/]$/).test(before) && !/(?:^|[^\d)])[.,]$/.test(before)) return false;
  // "-2208960000" is a negative number, "e-151673398" a part number.
  if (before.endsWith('-') && (/^\d+$/.test(written) || /\d[\p{L}]*-$/u.test(before))) return false;
  if (/^(?:[a-z\d%*=:]|[+)]\d|-\w|[.,/]\d|\s[a-f]\d)/.test(after)) return false;
  return lastOf(notPhones, before) <= lastOf(phones, before);
}

/** Where a word of a kind stands last in the words before a number; -1 is nowhere. */
function lastOf(kind: RegExp, before: string): number {
  return [...before.slice(-60).matchAll(kind)].at(-1)?.index ?? -1;
}
