/** One-letter header names (RFC 3261 §20, RFC 3265, RFC 3515, RFC 3841, RFC 3891, RFC 3892, RFC 4028, RFC 4474). */
const compactForms: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};

const written: Readonly<Record<string, string>> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'www-authenticate': 'WWW-Authenticate',
  'min-se': 'Min-SE',
  rack: 'RAck',
  rseq: 'RSeq',
};

/** Lower case, long form. */
export function longName(name: string): string {
  const lower = name.toLowerCase();
  return (lower.length === 1 ? compactForms[lower] : undefined) ?? lower;
}

const maxWritten = 200;
const known = new Map(Object.entries(written));

/** As it is usually written: `max-forwards` as `Max-Forwards`. */
export function writtenName(name: string): string {
  const before = known.get(name);
  if (before !== undefined) return before;
  const made = name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
  // What we write has few names; those that others make up must not fill the memory.
  if (known.size < maxWritten) known.set(name, made);
  return made;
}
