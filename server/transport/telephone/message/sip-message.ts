/**
 * A SIP message (RFC 3261 §7). Text is latin1: every byte that came in can go out again unchanged. Header names are in
 * lower case and in their long form, values unfolded and trimmed, in the order they came.
 */
export interface SipHeader {
  readonly name: string;
  readonly value: string;
}

export interface SipRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly SipHeader[];
  readonly body: Uint8Array;
}

export interface SipResponse {
  readonly kind: 'response';
  /** 100 to 699. */
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly SipHeader[];
  readonly body: Uint8Array;
}

export type SipMessage = SipRequest | SipResponse;

export const noBody: Uint8Array = new Uint8Array(0);

/** The first header of a name, which is given in lower case. */
export function headerOf(message: SipMessage, name: string): string | undefined {
  for (const header of message.headers) if (header.name === name) return header.value;
  return undefined;
}

export function headersOf(message: SipMessage, name: string): string[] {
  const values: string[] = [];
  for (const header of message.headers) if (header.name === name) values.push(header.value);
  return values;
}

/** Every value of a header whose values are separated by commas, over all lines of it. */
export function listOf(message: SipMessage, name: string): string[] {
  return headersOf(message, name).flatMap(splitList);
}

/** Option tags and methods, as of `Supported` and `Allow`, in lower case. */
export function tokensOf(message: SipMessage, name: string): Set<string> {
  return new Set(listOf(message, name).map((token) => token.toLowerCase()));
}

/** Splits at commas outside of quotes and angle brackets. Empty elements are left out. */
export function splitList(value: string): string[] {
  if (!value.includes(',')) return value === '' ? [] : [value];
  return splitOutside(value, ',').filter((part) => part !== '');
}

/** Splits at a separator outside of quotes and angle brackets; the parts are trimmed. */
export function splitOutside(value: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  let bracketed = false;
  for (let index = 0; index < value.length; index += 1) {
    const char = value[index];
    if (quoted) {
      if (char === '\\') index += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '<') bracketed = true;
    else if (char === '>') bracketed = false;
    else if (char === separator && !bracketed) {
      parts.push(value.slice(start, index).trim());
      start = index + 1;
    }
  }
  parts.push(value.slice(start).trim());
  return parts;
}
