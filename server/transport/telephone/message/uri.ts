import { noParams, parseParams, type Params } from './params.ts';

/** `sip:` and `sips:` (RFC 3261 §19.1), as far as a call needs them. Escapes in `user` are resolved. */
export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  readonly user: string;
  /** Lower case; IPv6 addresses without brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;
}

const maxUriLength = 1_024;
const hostPort = /^(?:\[([0-9a-fA-F:.]{2,45})\]|([A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})))(?::([0-9]{1,5}))?$/;

/** The URI, or undefined for another scheme or a fault. Ports are 1 to 65,535. */
export function parseSipUri(text: string): SipUri | undefined {
  const colon = text.indexOf(':');
  const scheme = text.slice(0, colon).toLowerCase();
  if (text.length > maxUriLength || (scheme !== 'sip' && scheme !== 'sips')) return undefined;
  const at = text.lastIndexOf('@');
  const userInfo = at < 0 ? '' : text.slice(colon + 1, at);
  const rest = text.slice(at < 0 ? colon + 1 : at + 1);
  const question = rest.indexOf('?');
  const [address = '', ...params] = (question < 0 ? rest : rest.slice(0, question)).split(';');
  const place = parseHostPort(address.trim());
  if (!place || (at >= 0 && userInfo === '')) return undefined;
  const user = userInfo.split(':', 1)[0] ?? '';
  return { scheme, user: unescape(user), ...place, params: params.length === 0 ? noParams : parseParams(params) };
}

/** `host`, `host:port` or `[IPv6]:port`. */
export function parseHostPort(text: string): { host: string; port: number | undefined } | undefined {
  const match = hostPort.exec(text);
  if (!match) return undefined;
  const host = (match[1] ?? match[2] ?? '').toLowerCase();
  const port = match[3] === undefined ? undefined : Number(match[3]);
  return port !== undefined && (port === 0 || port > 65_535) ? undefined : { host, port };
}

/** With brackets around an IPv6 address. */
export function writeHostPort(host: string, port: number | undefined): string {
  const bracketed = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? bracketed : `${bracketed}:${port}`;
}

/** A URI of a user at a place. What a user may not contain is escaped, as the # of some extensions. */
export function writeSipUri(user: string, host: string, port: number | undefined): string {
  return `sip:${user.replace(/[^A-Za-z0-9\-_.!~*'()&=+$,;?/]/g, escape)}@${writeHostPort(host, port)}`;
}

function escape(char: string): string {
  return [...Buffer.from(char)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function unescape(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
