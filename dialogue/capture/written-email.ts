const atom = String.raw`[a-z0-9!#$%&'*+/=?^_{|}~-]+`;
const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** RFC 5321 §4.1.2 without quoted names; a host has letters in its last label, or is an address in brackets. */
const address = new RegExp(
  String.raw`(?<![a-z0-9.@_-])${atom}(?:\.${atom})*@(?:(?:${label}\.)+[a-z]{2,24}(?![a-z0-9_@-])|\[(?:\d{1,3}\.){3}\d{1,3}\])`,
  'gi',
);

/** The e-mail addresses in a typed text, in lower case. */
export function writtenEmailsIn(text: string): string[] {
  // An address has an @: without one there is nothing to look for, and no time to lose.
  if (!text.includes('@')) return [];
  const found: string[] = [];
  for (const piece of text.slice(0, 4_000).split(/[\s,;<>()"]+/))
    if (piece.length <= 320) for (const match of piece.matchAll(address)) found.push(match[0].toLowerCase());
  return found;
}
