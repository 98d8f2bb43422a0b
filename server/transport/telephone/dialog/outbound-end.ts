import { headerOf, type SipResponse } from '../message/sip-message.ts';

/** Why a call of ours is over. */
export interface OutboundEnd {
  readonly cause:
    | 'busy'
    | 'rejected'
    | 'no-answer'
    | 'invalid-number'
    | 'failed'
    /** We gave up before it was answered. */
    | 'cancelled'
    | 'remote-hang-up'
    | 'hung-up'
    | 'session-expired'
    /** The other side sent us to a number that the trunk may not dial. */
    | 'redirect-refused'
    /** Nothing was sent: the trunk may not dial it, too many calls were made, or no port is free. `why` says which. */
    | 'not-allowed';
  /** What the other side said, where it did. */
  readonly status?: number;
  /** Nobody should try again for so long: the other side says so, or our own limits. */
  readonly retryAfterS?: number;
  /** For whoever reads the record. Without personal data. */
  readonly why?: string;
}

const invalid = new Set([404, 410, 414, 416, 484, 485, 604]);
const rejected = new Set([403, 433, 603, 607, 608]);
const unanswered = new Set([408, 480, 487]);

/** What a refusal means (RFC 3261 §21). */
export function endOf(response: SipResponse): OutboundEnd {
  const { status } = response;
  return { cause: causeOf(status), status, ...retryAfter(response) };
}

function causeOf(status: number): OutboundEnd['cause'] {
  if (status === 486 || status === 600) return 'busy';
  if (rejected.has(status)) return 'rejected';
  if (invalid.has(status)) return 'invalid-number';
  return unanswered.has(status) ? 'no-answer' : 'failed';
}

function retryAfter(response: SipResponse): { retryAfterS?: number } {
  const seconds = /^\d{1,6}/.exec(headerOf(response, 'retry-after') ?? '')?.[0];
  return seconds === undefined ? {} : { retryAfterS: Number(seconds) };
}
