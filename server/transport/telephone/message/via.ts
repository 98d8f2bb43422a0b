import { parseParams, writeParams, type Params } from './params.ts';
import { splitOutside } from './sip-message.ts';
import { parseHostPort, writeHostPort } from './uri.ts';

/** Where a request came through (RFC 3261 §20.42). */
export interface Via {
  /** Upper case, as `UDP`. */
  readonly transport: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;
}

/** What branches of RFC 3261 begin with; others cannot be told apart by it. */
export const branchCookie = 'z9hG4bK';

/** The latest one: a request's own is asked for again and again on its way through the layers. */
let latest: { readonly value: string; readonly via: Via | undefined } = { value: '', via: undefined };

export function parseVia(value: string): Via | undefined {
  if (value !== latest.value) latest = { value, via: readVia(value) };
  return latest.via;
}

function readVia(value: string): Via | undefined {
  const [start = '', ...rest] = splitOutside(value, ';');
  const match = /^SIP *\/ *2\.0 *\/ *([A-Za-z0-9\-.!%*_+`'~]+) +(\S+(?: *: *\d+)?)$/i.exec(start.replace(/\s+/g, ' '));
  if (!match) return undefined;
  const [, transport = '', sentBy = ''] = match;
  const place = parseHostPort(sentBy.replace(/ /g, ''));
  return place && { transport: transport.toUpperCase(), ...place, params: parseParams(rest) };
}

export function writeVia({ transport, host, port, params }: Via): string {
  return `SIP/2.0/${transport} ${writeHostPort(host, port)}${writeParams(params)}`;
}
