import { parseNameAddr } from '../transport/telephone/message/name-addr.ts';
import { headerOf, type SipRequest, tokensOf } from '../transport/telephone/message/sip-message.ts';
import { parseSipUri } from '../transport/telephone/message/uri.ts';

/**
 * A number as a trunk writes it, as E.164; undefined for what is none. Without `+` or `00` it is a national one.
 *
 * @param countryCode digits, as `1`.
 */
export function toE164(text: string, countryCode: string): string | undefined {
  const digits = text.replace(/[\s().-]/g, '');
  const international = /^(?:\+|00)([1-9][0-9]{7,14})$/.exec(digits)?.[1];
  if (international !== undefined) return `+${international}`;
  if (!/^[0-9]{7,15}$/.test(digits)) return undefined;
  // The trunk prefix that is dialled in front of a national number (0, or 1 in North America) is no part of it.
  const national = countryCode === '1' ? digits.replace(/^1(?=[0-9]{10}$)/, '') : digits.replace(/^0/, '');
  const whole = `+${countryCode}${national}`;
  return /^\+[1-9][0-9]{7,14}$/.test(whole) ? whole : undefined;
}

/** What was dialled: the user part of the Request-URI. */
export function dialledUser(invite: SipRequest): string {
  return parseSipUri(invite.uri)?.user ?? '';
}

/** Who calls, as the trunk asserts it (RFC 3325) or the caller says; undefined where it is to stay private (RFC 3323). */
export function callerNumberOf(invite: SipRequest, countryCode: string): string | undefined {
  const privacy = tokensOf(invite, 'privacy');
  if (privacy.has('id') || privacy.has('user')) return undefined;
  const asserted = headerOf(invite, 'p-asserted-identity') ?? headerOf(invite, 'from') ?? '';
  const uri = parseNameAddr(asserted)?.uri ?? '';
  const user = /^tel:/i.test(uri) ? uri.slice(4).split(';', 1)[0] : parseSipUri(uri)?.user;
  return toE164(user ?? '', countryCode);
}
