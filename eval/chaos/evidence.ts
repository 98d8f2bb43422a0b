import type { Outcome } from '../../contract/act.ts';
import type { EndReason } from '../../contract/call-event.ts';
import type { CallRecord } from '../../contract/call-record.ts';
import type { Appointment } from '../../contract/scheduling.ts';

/** What a caller lived through. Moments are on one clock for all callers and for what the nodes asked, ms. */
export interface Testimony {
  readonly callId: string;
  readonly email: string;
  /** Everything that the caller wrote, and of that what the agent went on from: it was on disk by then. */
  readonly said: readonly string[];
  readonly accepted: readonly string[];
  /** What the agent said about the calendar. */
  readonly told: readonly CalendarWord[];
  readonly ended: { readonly reason: EndReason; readonly outcome: Outcome } | null;
}

/** `startMs` null: it is cancelled. */
export interface CalendarWord {
  readonly atMs: number;
  readonly startMs: number | null;
}

/** A change that a node asked of the calendar. `startMs` null: to cancel. */
export interface Asked extends CalendarWord {
  readonly callId: string;
}

export interface CrmObject {
  readonly type: string;
  readonly email: string | null;
  /** Of the call that it was written for. */
  readonly callId: string | null;
}

/** All that is there when everything runs again and nothing is on its way any more. */
export interface Evidence {
  readonly testimonies: readonly Testimony[];
  /** The events that nodes sent, by call and number: JSON. Each was in an outbox before. */
  readonly sent: ReadonlyMap<string, ReadonlyMap<number, ReadonlySet<string>>>;
  readonly asked: readonly Asked[];
  readonly records: ReadonlyMap<string, CallRecord>;
  /** Of all calls, those that were cancelled too. */
  readonly appointments: readonly Appointment[];
  /** How many appointments may be at the same time. */
  readonly capacity: number;
  /** Addresses of the business's contacts. */
  readonly contacts: readonly string[];
  readonly crm: readonly CrmObject[];
  /** Where the CRM's own description was not followed. */
  readonly violations: readonly string[];
  /** What the owner's webhook has been told of calls. */
  readonly messages: readonly {
    readonly callId: string;
    readonly webhookId: string;
    readonly type: string;
    readonly endReason: EndReason | null;
  }[];
  /** What stands in the calendar elsewhere. */
  readonly entries: readonly { readonly appointmentId: string; readonly startMs: number }[];
  /** Tables that are not what the log of events says. */
  readonly differences: readonly string[];
  /** Nothing waits to be sent, in the nodes or in the control plane. */
  readonly unsettled: readonly string[];
}

export interface Finding {
  readonly kind: 'lost' | 'duplicated' | 'wrong';
  readonly callId: string | null;
  readonly what: string;
}
