import { serializeMessage } from '../message/serialize-message.ts';
import type { SipRequest, SipResponse } from '../message/sip-message.ts';
import { isReliable, type Flow } from '../transport/flow.ts';
import { type After, giveUpMs, repeat, t2Ms, t4Ms } from './timing.ts';

export interface ClientListener {
  /** Provisional ones, then at most one final one. */
  response(response: SipResponse): void;
  /** No final answer came in 32 s. */
  timeout(): void;
  terminated(): void;
}

/** The client's side of any request but INVITE (RFC 3261 §17.1.2). */
export class NonInviteClient {
  readonly #bytes: Uint8Array;
  readonly #flow: Flow;
  readonly #after: After;
  readonly #listener: ClientListener;
  #state: 'trying' | 'proceeding' | 'completed' | 'terminated' = 'trying';
  #stopRepeating: () => void;
  readonly #stopWaiting: () => void;

  constructor(request: SipRequest, flow: Flow, after: After, listener: ClientListener) {
    this.#bytes = serializeMessage(request);
    this.#flow = flow;
    this.#after = after;
    this.#listener = listener;
    flow.send(this.#bytes);
    // Timers E and F.
    this.#stopRepeating = isReliable(flow) ? () => undefined : repeat(after, () => flow.send(this.#bytes));
    this.#stopWaiting = after(giveUpMs, () => {
      this.#terminate();
      this.#listener.timeout();
    });
  }

  get state() {
    return this.#state;
  }

  receive(response: SipResponse): void {
    if (this.#state === 'completed' || this.#state === 'terminated') return;
    if (response.status < 200) {
      if (this.#state === 'trying') this.#slowDown();
      this.#state = 'proceeding';
    } else {
      this.#state = 'completed';
      this.#stopRepeating();
      this.#stopWaiting();
      // Timer K: stays to swallow answers that come again.
      this.#after(isReliable(this.#flow) ? 0 : t4Ms, () => this.#terminate());
    }
    this.#listener.response(response);
  }

  /** Once the other side is known to work on it, a repetition every T2 is enough. */
  #slowDown(): void {
    if (isReliable(this.#flow)) return;
    this.#stopRepeating();
    this.#stopRepeating = repeat(this.#after, () => this.#flow.send(this.#bytes), t2Ms);
  }

  #terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#stopRepeating();
    this.#stopWaiting();
    this.#listener.terminated();
  }
}
