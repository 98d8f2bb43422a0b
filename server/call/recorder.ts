import * as v from 'valibot';
import type { Outcome } from '../../contract/act.ts';
import { CallFact, type EngineUsage } from '../../contract/call-event.ts';
import type { EngineWatch } from '../agent/engine-watch.ts';
import type { Delivery } from '../outbox/delivery.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { UsageMeter } from './usage-meter.ts';

const maxCauseLength = 200;

/** Writes one call's record: on disk first, then on its way to the control plane. */
export class Recorder implements EngineWatch {
  readonly callId: string;
  readonly business: string;
  readonly #outbox: Outbox;
  readonly #delivery: Delivery;
  readonly #now: () => number;
  readonly #degraded = new Set<string>();
  readonly #usage = new UsageMeter();
  #ended = false;

  constructor(call: { callId: string; business: string }, outbox: Outbox, delivery: Delivery, now: () => number) {
    this.callId = call.callId;
    this.business = call.business;
    this.#outbox = outbox;
    this.#delivery = delivery;
    this.#now = now;
    outbox.open(call.callId, call.business);
  }

  /**
   * Nothing can be added once the call has ended. A fact that nobody could read back is left out, and the record says
   * so: one bad value must not hold up the rest.
   */
  add(fact: CallFact): void {
    if (this.#ended) return;
    const checked = v.safeParse(CallFact, fact);
    if (!checked.success) {
      this.degraded(`record of ${fact.type}`, v.summarize(checked.issues));
      return;
    }
    if (fact.type === 'call-end' && this.#usage.total.length > 0) {
      this.add({ type: 'usage', used: [...this.#usage.total] });
    }
    this.#ended = fact.type === 'call-end';
    this.#outbox.append(this.callId, fact, this.#now());
    this.#delivery.notify({ callId: this.callId, business: this.business });
  }

  /** A part of the call did less than it should. Once for each part. */
  degraded(component: string, cause: unknown): void {
    if (this.#degraded.has(component)) return;
    this.#degraded.add(component);
    const text = cause instanceof Error ? cause.message : String(cause);
    this.add({ type: 'degraded', component, cause: text.slice(0, maxCauseLength) });
  }

  /** Added up, and written when the call ends. */
  used(usage: EngineUsage): void {
    this.#usage.add(usage);
  }

  setOutcome(outcome: Outcome): void {
    this.#outbox.setOutcome(this.callId, outcome);
  }
}
