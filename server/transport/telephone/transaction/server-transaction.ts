import { serializeMessage } from '../message/serialize-message.ts';
import type { SipRequest, SipResponse } from '../message/sip-message.ts';
import { isReliable, type Flow } from '../transport/flow.ts';

/** What both kinds have in common: the request, the way back, and the last thing that was sent on it. */
export abstract class ServerTransaction {
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly #onTerminated: () => void;
  #timers: (() => void)[] = [];
  #last: Uint8Array | undefined;

  constructor(request: SipRequest, flow: Flow, onTerminated: () => void) {
    this.request = request;
    this.flow = flow;
    this.#onTerminated = onTerminated;
  }

  /** The same request again, or its ACK. */
  abstract receive(request: SipRequest): void;
  /** Answers that come too late for the transaction's state are not sent. */
  abstract respond(response: SipResponse): void;

  protected get reliable(): boolean {
    return isReliable(this.flow);
  }

  protected send(response: SipResponse): void {
    this.#last = serializeMessage(response);
    this.flow.send(this.#last);
  }

  protected sendAgain(): void {
    if (this.#last) this.flow.send(this.#last);
  }

  protected timer(cancel: () => void): void {
    this.#timers.push(cancel);
  }

  protected stopTimers(): void {
    for (const cancel of this.#timers.splice(0)) cancel();
  }

  protected ended(): void {
    this.stopTimers();
    this.#onTerminated();
  }
}
