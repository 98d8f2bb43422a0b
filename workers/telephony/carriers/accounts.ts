import * as v from 'valibot';
import type { Carrier } from '../../../contract/carrier-stream.ts';
import { type CarrierHook, verifyTelnyx, verifyTwilio } from './signature.ts';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
/** How a carrier brings a call to a node: as a media stream, or by SIP. */
const answer = v.optional(v.picklist(['stream', 'sip'], 'must be stream or sip'), 'stream');

/** An account at a carrier, and what its webhooks are signed with. */
export const CarrierAccount = v.variant(
  'carrier',
  [
    v.object({ carrier: v.literal('twilio'), name, answer, authToken: v.pipe(v.string(), v.minLength(16)) }),
    v.object({
      carrier: v.literal('telnyx'),
      name,
      answer,
      publicKey: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64')),
    }),
  ],
  'must be a list of {"carrier", "name", "authToken" or "publicKey"}',
);
export type CarrierAccount = v.InferOutput<typeof CarrierAccount>;

/** The account whose key a webhook is signed with; null for a webhook of nobody that is known. */
export async function accountOf(
  accounts: readonly CarrierAccount[],
  carrier: Carrier,
  hook: CarrierHook,
  nowMs: number,
): Promise<CarrierAccount | null> {
  for (const account of accounts) {
    if (account.carrier !== carrier) continue;
    const fits =
      account.carrier === 'twilio'
        ? await verifyTwilio(hook, account.authToken)
        : await verifyTelnyx(hook, account.publicKey, nowMs);
    if (fits) return account;
  }
  return null;
}
