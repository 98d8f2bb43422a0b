import { parseParams } from './params.ts';
import { headersOf, type SipRequest, splitOutside } from './sip-message.ts';

/** The dialog that an INVITE wants to take over, as its other end knows it (RFC 3891). */
export interface Replaces {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  /** Only if nobody has picked up yet. */
  readonly earlyOnly: boolean;
}

/** Undefined without the header, `invalid` for one that cannot be read, or more than one. */
export function replacesOf(request: SipRequest): Replaces | 'invalid' | undefined {
  const [value, ...others] = headersOf(request, 'replaces');
  if (value === undefined) return undefined;
  const [callId = '', ...rest] = splitOutside(value, ';');
  const params = parseParams(rest);
  const [toTag, fromTag] = [params.get('to-tag'), params.get('from-tag')];
  if (others.length > 0 || callId === '' || toTag === undefined || fromTag === undefined) return 'invalid';
  return { callId, toTag, fromTag, earlyOnly: params.has('early-only') };
}
