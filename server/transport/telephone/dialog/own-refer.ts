import { headerOf, type SipRequest, splitOutside } from '../message/sip-message.ts';
import type { After } from '../transaction/timing.ts';
import type { Requester } from './requester.ts';

/** How far a transfer is: the other side has taken it on, and the new telephone rings. */
export type ReferProgress = 'accepted' | 'ringing';

export type ReferOutcome =
  | { readonly outcome: 'answered' }
  /** The caller is still ours. Without a status nobody said why. */
  | { readonly outcome: 'failed'; readonly status?: number }
  /** The other side took it on and hung up before it said how it went, as some do. */
  | { readonly outcome: 'gone' };

export interface OwnReferOptions {
  readonly requester: Requester;
  readonly after: After;
  /** A URI of ours. */
  readonly referredBy: string;
}

/** Who takes a transfer on has so long to say how it went. */
const patienceMs = 120_000;

/** One transfer that we ask the other side for: REFER, and the NOTIFYs that tell of it (RFC 3515). */
export class OwnRefer {
  readonly #options: OwnReferOptions;
  #pending:
    | { accepted: boolean; progress: (progress: ReferProgress) => void; settle: (end: ReferOutcome) => void }
    | undefined;

  constructor(options: OwnReferOptions) {
    this.#options = options;
  }

  /** @param target who shall be called: a URI, perhaps with a Replaces. One at a time; another one fails at once. */
  send(target: string, progress: (progress: ReferProgress) => void): Promise<ReferOutcome> {
    if (this.#pending) return Promise.resolve({ outcome: 'failed' });
    const { requester, after, referredBy } = this.#options;
    const { promise, resolve } = Promise.withResolvers<ReferOutcome>();
    const stopWaiting = after(patienceMs, () => pending.settle({ outcome: 'failed' }));
    const pending = {
      accepted: false,
      progress,
      settle: (end: ReferOutcome): void => {
        stopWaiting();
        if (this.#pending === pending) this.#pending = undefined;
        resolve(end);
      },
    };
    this.#pending = pending;
    const headers = [
      { name: 'refer-to', value: `<${target}>` },
      { name: 'referred-by', value: `<${referredBy}>` },
    ];
    requester.send(
      'REFER',
      { headers },
      {
        response: ({ status }) => {
          if (status >= 300) pending.settle({ outcome: 'failed', status });
          else this.#accepted();
        },
        timeout: () => pending.settle({ outcome: 'failed', status: 408 }),
      },
    );
    return promise;
  }

  /** A NOTIFY. False when it is about nothing of ours. */
  hear(notify: SipRequest): boolean {
    const pending = this.#pending;
    const event = headerOf(notify, 'event')?.split(';')[0]?.trim().toLowerCase();
    if (!pending || event !== 'refer') return false;
    // It may overtake the answer to our REFER.
    this.#accepted();
    const status = statusOf(notify);
    const [state = ''] = splitOutside(headerOf(notify, 'subscription-state') ?? '', ';');
    if (status === undefined || status < 200) {
      if (status !== undefined && status > 100) pending.progress('ringing');
      if (state.toLowerCase() === 'terminated') pending.settle({ outcome: 'failed' });
    } else pending.settle(status < 300 ? { outcome: 'answered' } : { outcome: 'failed', status });
    return true;
  }

  /** The dialog is over. */
  stop(): void {
    this.#pending?.settle({ outcome: this.#pending.accepted ? 'gone' : 'failed' });
  }

  #accepted(): void {
    const pending = this.#pending;
    if (!pending || pending.accepted) return;
    pending.accepted = true;
    pending.progress('accepted');
  }
}

/** Of the status line that a NOTIFY brings (RFC 3420). */
function statusOf(notify: SipRequest): number | undefined {
  const digits = /^SIP\/2\.0 ([1-6][0-9]{2})/i.exec(Buffer.from(notify.body).toString('latin1', 0, 100))?.[1];
  return digits === undefined ? undefined : Number(digits);
}
