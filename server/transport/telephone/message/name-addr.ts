import { parseParams, unquote, type Params } from './params.ts';
import { splitOutside } from './sip-message.ts';

/** From, To, Contact, Route, Record-Route (RFC 3261 §20.10): a URI with parameters of the header. */
export interface NameAddr {
  readonly displayName: string;
  readonly uri: string;
  readonly params: Params;
}

/** The address, or undefined when brackets or quotes do not close. */
export function parseNameAddr(value: string): NameAddr | undefined {
  const [address = '', ...rest] = splitOutside(value, ';');
  const params = parseParams(rest);
  const open = openBracket(address);
  if (open < 0) {
    // Without brackets every parameter is the header's.
    return address === '' || /[\s<>"]/.test(address) ? undefined : { displayName: '', uri: address, params };
  }
  const close = address.indexOf('>', open);
  const displayName = address.slice(0, open).trim();
  if (close < 0 || address.slice(close + 1).trim() !== '' || !isDisplayName(displayName)) return undefined;
  const uri = address.slice(open + 1, close).trim();
  return uri === '' ? undefined : { displayName: unquote(displayName), uri, params };
}

/** A quoted string that closes at its end, or words. */
function isDisplayName(text: string): boolean {
  return /^"(?:[^"\\]|\\.)*"$/s.test(text) || !text.includes('"');
}

/** The first `<` that is not inside a quoted display name. */
function openBracket(address: string): number {
  if (!address.startsWith('"')) return address.indexOf('<');
  for (let index = 1; index < address.length; index += 1) {
    if (address[index] === '\\') index += 1;
    else if (address[index] === '"') return address.indexOf('<', index);
  }
  return -1;
}
