import { serializeMessage } from '../message/serialize-message.ts';
import { headerOf, type SipHeader, type SipRequest, type SipResponse } from '../message/sip-message.ts';
import type { After } from '../transaction/timing.ts';
import type { Dialog } from './dialog.ts';
import type { Requester } from './requester.ts';
import { minimumOf } from './session-timer.ts';

export interface OwnOfferOptions {
  readonly requester: Requester;
  readonly dialog: Dialog;
  readonly after: After;
  /** How long to wait when both sides asked at once, and both were refused. */
  readonly glareMs: () => number;
  readonly answered: (response: SipResponse) => void;
  /** The other side does not know the call any more, or does not answer. */
  readonly lost: () => void;
}

type MakeOffer = () => { readonly headers: readonly SipHeader[]; readonly body: Uint8Array };

/** Re-INVITEs of ours: one at a time, again after a glare (RFC 3261 §14.1). */
export class OwnOffer {
  readonly #options: OwnOfferOptions;
  #sent = false;
  /** The latest that waits for its turn. */
  #waiting: MakeOffer | undefined;
  #cancelRetry: () => void = () => undefined;
  #stopped = false;

  constructor(options: OwnOfferOptions) {
    this.#options = options;
  }

  /** The other side owes us an answer. */
  get pending(): boolean {
    return this.#sent;
  }

  /** @param wait the other side's offer is not settled yet: after it, by `next`. */
  send(make: MakeOffer, wait: boolean): void {
    this.#waiting = make;
    this.#cancelRetry();
    if (!wait) this.next();
  }

  /** What waited may go now. */
  next(): void {
    const make = this.#waiting;
    if (!make || this.#sent || this.#stopped) return;
    this.#waiting = undefined;
    this.#sent = true;
    let ack: Uint8Array | undefined;
    this.#options.requester.sendInvite(make(), {
      response: (response, request) => {
        if (ack) this.#options.requester.flow.send(ack);
        else if (response.status < 300) ack = this.#accept(response, request);
        else this.#refused(response, request, make);
      },
      timeout: () => this.#options.lost(),
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRetry();
  }

  #accept(response: SipResponse, request: SipRequest): Uint8Array {
    const { answered, dialog, requester } = this.#options;
    this.#sent = false;
    if (!this.#stopped) answered(response);
    const ack = serializeMessage(dialog.makeAck(request, requester.flow.transport));
    requester.flow.send(ack);
    this.next();
    return ack;
  }

  #refused(response: SipResponse, request: SipRequest, make: MakeOffer): void {
    const { after, glareMs, lost } = this.#options;
    this.#sent = false;
    const leastS = minimumOf(response) ?? 0;
    switch (response.status) {
      case 408:
      case 481:
        lost();
        return;
      case 491:
        if (this.#stopped) return;
        this.#waiting ??= make;
        this.#cancelRetry = after(glareMs(), () => this.next());
        return;
      case 422:
        if (leastS <= Number(headerOf(request, 'min-se') ?? 0)) return;
        this.#waiting ??= () => {
          const { headers, body } = make();
          return { headers: headers.map((one) => raised(one, leastS)), body };
        };
        this.next();
        return;
      default:
        // Refused: all stays as it was.
        this.next();
    }
  }
}

function raised(header: SipHeader, leastS: number): SipHeader {
  if (header.name === 'min-se') return { ...header, value: String(leastS) };
  if (header.name !== 'session-expires') return header;
  return { ...header, value: header.value.replace(/^\d+/, (text) => String(Math.max(Number(text), leastS))) };
}
