/** More than this is no sentence for a phone call. Whatever is longer is not even looked at. */
export const maxSentenceLength = 320;

/** What a sentence may hold beside letters and digits that the playbook itself uses. */
const plain = new Set(' \n.,!;:\'"-()$%&abcdefghijklmnopqrstuvwxyz0123456789');

export type PlainText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: 'empty' | 'too-long' | 'unusual-characters' };

/**
 * Lower-case text in which every character is one that can be seen and is what it looks like: no invisible or
 * directional marks, look-alike letters, emoji or full-width digits.
 *
 * @param also Lower-case characters that the playbook's own sentences use, as é in a name.
 */
export function plainText(candidate: string, also: ReadonlySet<string>): PlainText {
  if (candidate.length > maxSentenceLength) return { ok: false, reason: 'too-long' };
  const text = simplified(candidate);
  if (!/[\p{L}\p{N}]/u.test(text)) return { ok: false, reason: 'empty' };
  // What compatibility normalisation would change only pretends to be another character.
  const known = text === text.normalize('NFKC') && [...text].every((sign) => plain.has(sign) || also.has(sign));
  return known ? { ok: true, text } : { ok: false, reason: 'unusual-characters' };
}

/** Typographic quotes, dashes and spaces as a keyboard has them. */
export function simplified(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\u2018\u2019\u02BC]/g, "'")
    .replaceAll(/[\u201C\u201D]/g, '"')
    .replaceAll(/[\u2010-\u2014]/g, '-')
    .replaceAll('\u2026', '.')
    .replaceAll(/[\u00A0\u202F\t\r]/g, ' ')
    .trim();
}
