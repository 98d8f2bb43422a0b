import { parseCSeq } from '../message/cseq.ts';
import {
  headerOf,
  listOf,
  type SipHeader,
  type SipRequest,
  type SipResponse,
  tokensOf,
} from '../message/sip-message.ts';
import { type After, giveUpMs, t1Ms } from '../transaction/timing.ts';

/** Whether a provisional answer wants to be confirmed by PRACK (RFC 3262 §4). */
export function rseqOf(response: SipResponse): number | undefined {
  const text = headerOf(response, 'rseq') ?? '';
  const isReliable = response.status > 100 && response.status < 200 && tokensOf(response, 'require').has('100rel');
  return isReliable && /^\d{1,10}$/.test(text) && Number(text) > 0 && Number(text) < 2 ** 32 ? Number(text) : undefined;
}

/** What a PRACK says it confirms. */
export function rackHeader(response: SipResponse, rseq: number): SipHeader {
  return { name: 'rack', value: `${rseq} ${headerOf(response, 'cseq') ?? ''}` };
}

export const requiresReliable = (invite: SipRequest): boolean =>
  listOf(invite, 'require').some((tag) => tag.toLowerCase() === '100rel');

/** A provisional answer of ours that is repeated until its PRACK comes (RFC 3262 §3). */
export class UntilPrack {
  readonly #after: After;
  readonly #gaveUp: () => void;
  #sent: { readonly rseq: number; readonly sequence: number } | undefined;
  #stops: (() => void)[] = [];

  /** @param gaveUp no PRACK came in 32 s. */
  constructor(after: After, gaveUp: () => void) {
    this.#after = after;
    this.#gaveUp = gaveUp;
  }

  /** @param random 0 to 1. @param send gets the headers that make it reliable. */
  send(invite: SipRequest, random: number, send: (headers: readonly SipHeader[]) => void): void {
    const rseq = 1 + Math.floor(random * (2 ** 31 - 1));
    this.#sent = { rseq, sequence: parseCSeq(headerOf(invite, 'cseq') ?? '')?.number ?? 0 };
    const headers = [
      { name: 'require', value: '100rel' },
      { name: 'rseq', value: String(rseq) },
    ];
    const again = (pauseMs: number): void => {
      send(headers);
      this.#stops[0] = this.#after(pauseMs, () => again(2 * pauseMs));
    };
    again(t1Ms);
    this.#stops[1] = this.#after(giveUpMs, () => {
      this.stop();
      this.#gaveUp();
    });
  }

  /** Whether a PRACK confirms it. */
  confirm(prack: SipRequest): boolean {
    const match = /^(\d{1,10})\s+(\d{1,10})\s+INVITE$/.exec(headerOf(prack, 'rack') ?? '');
    const sent = this.#sent;
    if (!sent || !match || Number(match[1]) !== sent.rseq || Number(match[2]) !== sent.sequence) return false;
    this.stop();
    return true;
  }

  stop(): void {
    this.#sent = undefined;
    for (const stop of this.#stops.splice(0)) stop();
  }
}
