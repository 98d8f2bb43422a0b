import type { Outcome } from '../../contract/act.ts';
import type { CallFact } from '../../contract/call-event.ts';
import type { Delivery } from '../outbox/delivery.ts';
import type { Outbox } from '../outbox/outbox.ts';

/** Writes one call's record: on disk first, then on its way to the control plane. */
export class Recorder {
  readonly callId: string;
  readonly business: string;
  readonly #outbox: Outbox;
  readonly #delivery: Delivery;
  readonly #now: () => number;
  #ended = false;

  constructor(call: { callId: string; business: string }, outbox: Outbox, delivery: Delivery, now: () => number) {
    this.callId = call.callId;
    this.business = call.business;
    this.#outbox = outbox;
    this.#delivery = delivery;
    this.#now = now;
    outbox.open(call.callId, call.business);
  }

  /** Nothing can be added once the call has ended. */
  add(fact: CallFact): void {
    if (this.#ended) return;
    this.#ended = fact.type === 'call-end';
    this.#outbox.append(this.callId, fact, this.#now());
    this.#delivery.notify({ callId: this.callId, business: this.business });
  }

  setOutcome(outcome: Outcome): void {
    this.#outbox.setOutcome(this.callId, outcome);
  }
}
