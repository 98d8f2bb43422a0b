import type { EventAck, EventBatch } from '../../contract/call-event.ts';
import { fail, succeed, type Answer } from '../answer.ts';
import type { CallOffice } from '../telephony/calls/office.ts';
import { noteInterrupted } from '../webhooks/outbound/call-events.ts';
import type { OutboundDesk } from '../webhooks/outbound/outbound-desk.ts';
import type { Alarm } from './alarm.ts';
import { closeCallsOfNode, closeSilentCalls, nextSilenceMs, noteAbsence } from './call-watch.ts';
import type { DeliveryDesk } from './delivery-desk.ts';
import { appendEvents } from './event-log.ts';
import { unknownBusiness } from './faults.ts';

export interface OpenCallsContext {
  readonly storage: DurableObjectStorage;
  readonly alarm: Alarm;
  readonly deliveries: DeliveryDesk;
  readonly outbound: Pick<OutboundDesk, 'sendDue'>;
  readonly office: Pick<CallOffice, 'dialDue'>;
  readonly exists: () => boolean;
  readonly now: () => number;
  /** Has something done that nobody waits for. */
  readonly later: (work: Promise<unknown>) => void;
}

/** What media nodes say of their calls, and what becomes of a call when its node says nothing any more. */
export class OpenCalls {
  readonly #context: OpenCallsContext;
  readonly #sql: SqlStorage;

  constructor(context: OpenCallsContext) {
    this.#context = context;
    this.#sql = context.storage.sql;
  }

  async append(callId: string, { events }: EventBatch): Promise<Answer<EventAck>> {
    const { storage, alarm, deliveries, outbound, office, exists, now, later } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    const nowMs = now();
    const answer = storage.transactionSync(() => {
      const appended = appendEvents(this.#sql, callId, events, nowMs);
      if (appended.ok) appended.value.causes.forEach((cause) => deliveries.notify(callId, cause, cause.atMs));
      return appended;
    });
    if (!answer.ok) return answer;
    const { causes } = answer.value;
    // Both begin in this turn, so that the events and the alarm they need are stored together.
    // What the end of a call makes room for is no matter of this request.
    if (events.some(({ fact }) => fact.type === 'call-end')) later(office.dialDue());
    await Promise.all([
      alarm.needBy(nextSilenceMs(this.#sql)),
      causes.length > 0 ? deliveries.sendDue() : outbound.sendDue(),
    ]);
    return succeed({ nextSeq: answer.value.nextSeq });
  }

  /** When the alarm rings. */
  async closeSilent(): Promise<void> {
    const { storage, alarm, now } = this.#context;
    const nowMs = now();
    storage.transactionSync(() => {
      noteAbsence(this.#sql, nowMs);
      this.#tellInterrupted(closeSilentCalls(this.#sql, nowMs), nowMs);
    });
    await alarm.needBy(nextSilenceMs(this.#sql));
  }

  /** The fleet has not heard of a media node for too long. */
  async closeOfNode(node: string): Promise<void> {
    const { storage, deliveries, office, exists, now } = this.#context;
    if (!exists()) return;
    const nowMs = now();
    storage.transactionSync(() => this.#tellInterrupted(closeCallsOfNode(this.#sql, node), nowMs));
    await Promise.all([office.dialDue(), deliveries.sendDue()]);
  }

  #tellInterrupted(callIds: readonly string[], nowMs: number): void {
    for (const callId of callIds) {
      this.#context.deliveries.notify(callId, { type: 'call.completed', cause: 'interrupted' }, nowMs);
      noteInterrupted(this.#sql, callId, nowMs);
    }
  }
}
