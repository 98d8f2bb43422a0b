import { headerOf, type SipRequest } from '../message/sip-message.ts';

/** The keys of a telephone, in the order of their RFC 4733 events. */
export const keys = '0123456789*#ABCD';

/** The key in an INFO, of the two kinds that telephone systems send; undefined for any other INFO. */
export function keyOf(info: SipRequest): string | undefined {
  const type = headerOf(info, 'content-type')?.split(';')[0]?.trim().toLowerCase();
  const text = Buffer.from(info.body).toString('latin1', 0, 200);
  const value =
    type === 'application/dtmf-relay'
      ? /^\s*signal\s*=\s*(\S{1,2})/im.exec(text)?.[1]
      : type === 'application/dtmf'
        ? text.trim()
        : undefined;
  if (value === undefined) return undefined;
  // Some send the event's number: 10 is *, 11 is #.
  const key = /^1[0-5]$/.test(value) ? keys[Number(value)] : value.toUpperCase();
  return key !== undefined && key.length === 1 && keys.includes(key) ? key : undefined;
}
