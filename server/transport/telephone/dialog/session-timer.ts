import { parseParams } from '../message/params.ts';
import {
  headerOf,
  type SipHeader,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  splitOutside,
  tokensOf,
} from '../message/sip-message.ts';
import type { After } from '../transaction/timing.ts';

/** RFC 4028 §5: shorter sessions would only make traffic. */
const minIntervalS = 90;
const maxIntervalS = 86_400;
/** What we ask for: half an hour, as RFC 4028 §4 recommends. */
export const usualIntervalS = 1_800;

export interface AgreedInterval {
  readonly status: 'agreed';
  readonly intervalS: number;
  readonly weRefresh: boolean;
}

export type SessionInterval =
  | { readonly status: 'none' }
  | { readonly status: 'too-small'; readonly headers: readonly SipHeader[] }
  | (AgreedInterval & { readonly headers: readonly SipHeader[] });

/** What an INVITE or UPDATE asks of the session's life, and what we answer (RFC 4028 §9). */
export function agreeInterval(request: SipRequest): SessionInterval {
  const asked = sessionExpires(request);
  if (!asked) return { status: 'none' };
  const { intervalS, refresher } = asked;
  if (intervalS < minIntervalS) {
    return { status: 'too-small', headers: [{ name: 'min-se', value: String(minIntervalS) }] };
  }
  const theyCan = tokensOf(request, 'supported').has('timer') || tokensOf(request, 'require').has('timer');
  const weRefresh = !theyCan || refresher === 'uas';
  const answered = { name: 'session-expires', value: `${intervalS};refresher=${weRefresh ? 'uas' : 'uac'}` };
  const headers = theyCan ? [{ name: 'require', value: 'timer' }, answered] : [answered];
  return { status: 'agreed', intervalS, weRefresh, headers };
}

/** What a request of ours asks for. @param minimumS what an answer 422 said is the least. */
export function askInterval(intervalS: number, minimumS = minIntervalS, refresher?: 'uac'): SipHeader[] {
  const asked = Math.min(maxIntervalS, Math.max(intervalS, minimumS));
  return [
    { name: 'session-expires', value: refresher === undefined ? String(asked) : `${asked};refresher=${refresher}` },
    { name: 'min-se', value: String(minimumS) },
  ];
}

/** What a 2xx makes of it (RFC 4028 §7.2); undefined where the other side has no session timer. */
export function readInterval(response: SipResponse): AgreedInterval | undefined {
  const answered = sessionExpires(response);
  if (!answered) return undefined;
  const { intervalS, refresher } = answered;
  return { status: 'agreed', intervalS: Math.max(minIntervalS, intervalS), weRefresh: refresher !== 'uas' };
}

/** The least that a 422 asks for; undefined where it says nothing sensible. */
export function minimumOf(response: SipResponse): number | undefined {
  const text = headerOf(response, 'min-se')?.split(';')[0]?.trim() ?? '';
  const minimumS = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return minimumS >= minIntervalS && minimumS <= maxIntervalS ? minimumS : undefined;
}

function sessionExpires(message: SipMessage): { intervalS: number; refresher: string | undefined } | undefined {
  const value = headerOf(message, 'session-expires');
  if (value === undefined) return undefined;
  const [seconds = '', ...rest] = splitOutside(value, ';');
  const intervalS = /^\d{1,9}$/.test(seconds) ? Math.min(Number(seconds), maxIntervalS) : 0;
  return { intervalS, refresher: parseParams(rest).get('refresher')?.toLowerCase() };
}

/** Ends a session that is no longer refreshed, and refreshes it where that is ours to do. */
export class SessionTimer {
  readonly #after: After;
  readonly #refresh: (intervalS: number) => void;
  readonly #expired: () => void;
  #cancel: () => void = () => undefined;

  constructor(after: After, refresh: (intervalS: number) => void, expired: () => void) {
    this.#after = after;
    this.#refresh = refresh;
    this.#expired = expired;
  }

  restart({ intervalS, weRefresh }: Pick<AgreedInterval, 'intervalS' | 'weRefresh'>): void {
    this.stop();
    const graceS = Math.min(32, intervalS / 3);
    this.#cancel = weRefresh
      ? this.#after((intervalS / 2) * 1_000, () => this.#refresh(intervalS))
      : this.#after((intervalS - graceS) * 1_000, this.#expired);
  }

  stop(): void {
    this.#cancel();
  }
}
