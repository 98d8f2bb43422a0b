import { parseParams } from '../message/params.ts';
import { headerOf, type SipHeader, type SipRequest, splitOutside, tokensOf } from '../message/sip-message.ts';
import type { After } from '../transaction/timing.ts';

/** RFC 4028 §5: shorter sessions would only make traffic. */
const minIntervalS = 90;
const maxIntervalS = 86_400;

export type SessionInterval =
  | { readonly status: 'none' }
  | { readonly status: 'too-small'; readonly headers: readonly SipHeader[] }
  | {
      readonly status: 'agreed';
      readonly intervalS: number;
      readonly weRefresh: boolean;
      readonly headers: readonly SipHeader[];
    };

/** What an INVITE or UPDATE asks of the session's life, and what we answer (RFC 4028 §9). */
export function agreeInterval(request: SipRequest): SessionInterval {
  const value = headerOf(request, 'session-expires');
  if (value === undefined) return { status: 'none' };
  const [seconds = '', ...rest] = splitOutside(value, ';');
  const intervalS = /^\d{1,9}$/.test(seconds) ? Math.min(Number(seconds), maxIntervalS) : 0;
  if (intervalS < minIntervalS) {
    return { status: 'too-small', headers: [{ name: 'min-se', value: String(minIntervalS) }] };
  }
  const theyCan = tokensOf(request, 'supported').has('timer') || tokensOf(request, 'require').has('timer');
  const weRefresh = !theyCan || parseParams(rest).get('refresher') === 'uas';
  const refresher = weRefresh ? 'uas' : 'uac';
  const answered = { name: 'session-expires', value: `${intervalS};refresher=${refresher}` };
  const headers = theyCan ? [{ name: 'require', value: 'timer' }, answered] : [answered];
  return { status: 'agreed', intervalS, weRefresh, headers };
}

/** Ends a session that is no longer refreshed, and refreshes it where that is ours to do. */
export class SessionTimer {
  readonly #after: After;
  readonly #refresh: () => void;
  readonly #expired: () => void;
  #cancel: () => void = () => undefined;

  constructor(after: After, refresh: () => void, expired: () => void) {
    this.#after = after;
    this.#refresh = refresh;
    this.#expired = expired;
  }

  restart(interval: SessionInterval): void {
    if (interval.status !== 'agreed') return;
    this.stop();
    const { intervalS, weRefresh } = interval;
    const graceS = Math.min(32, intervalS / 3);
    this.#cancel = weRefresh
      ? this.#after((intervalS / 2) * 1_000, this.#refresh)
      : this.#after((intervalS - graceS) * 1_000, this.#expired);
  }

  stop(): void {
    this.#cancel();
  }
}
