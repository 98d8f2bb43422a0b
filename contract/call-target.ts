import * as v from 'valibot';
import { PhoneNumber } from './primitives.ts';

/** Who is called: E.164, or a SIP address that the trunk may reach. */
export const CallTarget = v.union(
  [PhoneNumber, v.pipe(v.string(), v.maxLength(200), v.regex(/^sips?:[^\s<>"@]+@[^\s<>"@]+$/))],
  'Write a number as +13035550123, or an address as sip:dana@pbx.example.',
);
export type CallTarget = v.InferOutput<typeof CallTarget>;

/**
 * The number that a target reaches, in E.164: its own, or the one that a trunk's address has before the @, as
 * `sip:+13035550123@trunk.example`. Any other address stays what it is. What is about a person goes by this.
 */
export function calledNumber(target: CallTarget): string {
  const user = userOf(target);
  return v.is(PhoneNumber, user) ? user : target;
}

/** Whether it has a telephone number without its country code: longer than extensions are. Nobody knows whose it is. */
export function lacksCountryCode(target: CallTarget): boolean {
  return /^\d{7,}$/.test(userOf(target));
}

/** What stands before the @, without parameters, escapes and the signs that people write into numbers. */
function userOf(target: CallTarget): string {
  const [, user = ''] = /^sips?:([^@:;]*)/.exec(target) ?? ['', target];
  const plain = user.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return plain.replace(/[-.()]/g, '');
}
