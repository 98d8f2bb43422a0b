import type { SipRequest, SipResponse } from '../message/sip-message.ts';
import type { Flow } from '../transport/flow.ts';
import { ServerTransaction } from './server-transaction.ts';
import { type After, giveUpMs, repeat, t4Ms } from './timing.ts';

export interface InviteServerListener {
  /** Of a refusal: nobody confirmed it. Of a 2xx the dialog finds out itself. */
  noAck(): void;
  terminated(): void;
}

/** The server's side of an INVITE (RFC 3261 §17.2.1, with the accepted state of RFC 6026 §7.1). */
export class InviteServer extends ServerTransaction {
  readonly #after: After;
  readonly #listener: InviteServerListener;
  #state: 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated' = 'proceeding';

  constructor(request: SipRequest, flow: Flow, after: After, listener: InviteServerListener) {
    super(request, flow, listener.terminated);
    this.#after = after;
    this.#listener = listener;
  }

  get state() {
    return this.#state;
  }

  receive(request: SipRequest): void {
    if (request.method === 'ACK') this.#receiveAck();
    else if (this.#state === 'proceeding' || this.#state === 'completed') this.sendAgain();
  }

  respond(response: SipResponse): void {
    const success = response.status >= 200 && response.status < 300;
    if (this.#state === 'accepted' && success) {
      this.send(response);
      return;
    }
    if (this.#state !== 'proceeding') return;
    this.send(response);
    if (success) {
      this.#state = 'accepted';
      this.timer(this.#after(giveUpMs, () => this.#terminate()));
    } else if (response.status >= 300) {
      this.#state = 'completed';
      if (!this.reliable) this.timer(repeat(this.#after, () => this.sendAgain()));
      this.timer(
        this.#after(giveUpMs, () => {
          this.#terminate();
          this.#listener.noAck();
        }),
      );
    }
  }

  #receiveAck(): void {
    if (this.#state !== 'completed') return;
    this.#state = 'confirmed';
    this.stopTimers();
    // Timer I: stays to swallow ACKs that come again.
    this.timer(this.#after(this.reliable ? 0 : t4Ms, () => this.#terminate()));
  }

  #terminate(): void {
    this.#state = 'terminated';
    this.ended();
  }
}
