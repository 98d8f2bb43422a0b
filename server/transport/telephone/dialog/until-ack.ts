import { parseCSeq } from '../message/cseq.ts';
import { headerOf, type SipRequest } from '../message/sip-message.ts';
import { type After, giveUpMs, repeat } from '../transaction/timing.ts';

interface Answered {
  readonly sequence: number;
  readonly offered: boolean;
  readonly stop: () => void;
}

/**
 * Our 2xx to an INVITE, repeated until its ACK comes: that is from end to end, and the transaction knows nothing of it
 * (RFC 3261 §13.3.1.4).
 */
export class UntilAck {
  readonly #after: After;
  readonly #gaveUp: () => void;
  #answered: Answered | undefined;

  /** @param gaveUp no ACK came in 32 s. */
  constructor(after: After, gaveUp: () => void) {
    this.#after = after;
    this.#gaveUp = gaveUp;
  }

  get pending(): boolean {
    return this.#answered !== undefined;
  }

  send(invite: SipRequest, send: () => void): void {
    this.stop();
    send();
    const stop = repeat(this.#after, send);
    const giveUp = this.#after(giveUpMs, () => {
      this.stop();
      this.#gaveUp();
    });
    this.#answered = {
      sequence: sequenceOf(invite),
      offered: invite.body.length === 0,
      stop: () => {
        stop();
        giveUp();
      },
    };
  }

  /** Undefined for an ACK of something else. `offered`: it has to bring the answer to our offer. */
  confirm(ack: SipRequest): { readonly offered: boolean } | undefined {
    const answered = this.#answered;
    if (!answered || answered.sequence !== sequenceOf(ack)) return undefined;
    this.stop();
    return answered;
  }

  stop(): void {
    this.#answered?.stop();
    this.#answered = undefined;
  }
}

function sequenceOf(request: SipRequest): number {
  return parseCSeq(headerOf(request, 'cseq') ?? '')?.number ?? 0;
}
