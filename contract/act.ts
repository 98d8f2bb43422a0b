import type { AppointmentKey, Attendee, SlotPreference } from './scheduling.ts';
import type { Consultation } from './consultation.ts';
import type { HandoverAcceptance, HandoverWay } from './handover.ts';
import type { Lead, Owner } from './lead.ts';

/** A sentence for the voice. `approved` ones stand in the bundle and are synthesised ahead. */
export interface Sentence {
  readonly text: string;
  /** How the voice reads it, where that differs: "555-0123" as "five five five, zero one two three". */
  readonly spoken?: string;
  readonly approved: boolean;
  /** Facts it states, by id in the knowledge graph. */
  readonly cites: readonly string[];
}

/** How a call went for the business. */
export type Outcome =
  | 'appointment-booked'
  | 'appointment-moved'
  | 'appointment-cancelled'
  | 'appointment-confirmed'
  | 'transferred'
  | 'call-back-promised'
  | 'qualified'
  | 'not-qualified'
  | 'information-given'
  | 'not-interested'
  /** Asked not to be called again. */
  | 'do-not-call'
  /** We called, and somebody else answered. */
  | 'wrong-person'
  /** We called, and the person was not there or had no time. */
  | 'not-reached'
  | 'no-speech'
  | 'incomplete';

/** Acts that are heard. `sentences` is never empty. */
export interface SpokenAct {
  readonly type:
    | 'greet'
    | 'say'
    | 'ask'
    | 'read-back'
    | 'answer'
    | 'handle-objection'
    | 'offer-slots'
    | 'confirm-booking'
    /** An appointment was moved, cancelled or confirmed; `about` says which. */
    | 'confirm-change'
    | 'promise'
    | 'reprompt'
    | 'goodbye';
  readonly sentences: readonly Sentence[];
  /** The question asked, objection handled, fact answered … */
  readonly about?: string;
}

/** Acts that are done. Each but `save-lead` and `end` is answered by an event with the same `requestId`. */
export type DoneAct =
  | {
      readonly type: 'find-slots';
      readonly requestId: string;
      readonly service: string;
      readonly preference: SlotPreference;
      readonly count: number;
      /** The appointment that is to be moved: its own time counts as free. */
      readonly movingAppointmentId?: string;
    }
  | {
      readonly type: 'book';
      readonly requestId: string;
      readonly service: string;
      readonly startMs: number;
      readonly attendee: Attendee;
      readonly notes?: string;
    }
  /** Appointments that are still to come, of whoever has this number or address. */
  | { readonly type: 'find-appointment'; readonly requestId: string; readonly by: AppointmentKey }
  | {
      readonly type: 'move-appointment';
      readonly requestId: string;
      readonly appointmentId: string;
      readonly startMs: number;
    }
  | { readonly type: 'cancel-appointment'; readonly requestId: string; readonly appointmentId: string }
  /** The customer says that they will be there. */
  | { readonly type: 'confirm-appointment'; readonly requestId: string; readonly appointmentId: string }
  /** Ask a person to take the call, now. Answered by `transfer-progress` as it goes, then by `transfer-answered`. */
  | {
      readonly type: 'transfer';
      readonly requestId: string;
      readonly to: Owner;
      readonly reason: string;
      /** What that person should know before they say hello: a few lines. */
      readonly briefing: string;
      /** The same as it is said to them, when they pick up. */
      readonly whisper: readonly Sentence[];
      readonly way: HandoverWay;
      readonly accept: HandoverAcceptance;
      readonly ringMs: number;
    }
  /** The person is there: once everything said before it has been heard, the agent leaves the two alone. */
  | { readonly type: 'join'; readonly requestId: string }
  | {
      readonly type: 'promise-call-back';
      readonly requestId: string;
      readonly reason: string;
      readonly owner?: Owner;
      readonly promisedForMs?: number;
    }
  /** Ask a language model. Answered in time by `consulted-…` events, or by `consult-failed`. */
  | { readonly type: 'consult'; readonly requestId: string; readonly consultation: Consultation }
  | { readonly type: 'save-lead'; readonly lead: Lead }
  /** Hang up once everything said before it has been heard. */
  | { readonly type: 'end'; readonly outcome: Outcome };

/** What the agent does next. Carried out in order. */
export type Act = SpokenAct | DoneAct;
