import type { SipRequest, SipResponse } from '../message/sip-message.ts';
import type { Flow } from '../transport/flow.ts';
import { ServerTransaction } from './server-transaction.ts';
import { type After, giveUpMs } from './timing.ts';

/** The server's side of any other request (RFC 3261 §17.2.2). */
export class NonInviteServer extends ServerTransaction {
  readonly #after: After;
  #state: 'trying' | 'proceeding' | 'completed' | 'terminated' = 'trying';

  constructor(request: SipRequest, flow: Flow, after: After, onTerminated: () => void) {
    super(request, flow, onTerminated);
    this.#after = after;
  }

  get state() {
    return this.#state;
  }

  receive(): void {
    if (this.#state === 'proceeding' || this.#state === 'completed') this.sendAgain();
  }

  respond(response: SipResponse): void {
    if (this.#state === 'completed' || this.#state === 'terminated') return;
    this.send(response);
    if (response.status < 200) {
      this.#state = 'proceeding';
      return;
    }
    this.#state = 'completed';
    // Timer J.
    this.timer(
      this.#after(this.reliable ? 0 : giveUpMs, () => {
        this.#state = 'terminated';
        this.ended();
      }),
    );
  }
}
