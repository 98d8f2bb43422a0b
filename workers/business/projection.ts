import type { CallEvent, CallFact, EndReason } from '../../contract/call-event.ts';
import type { Lead } from '../../contract/lead.ts';
import type { Outcome } from '../../contract/act.ts';

/** What a call's events say, and nothing else: the same events always give the same projection. */
export interface Projection {
  readonly start: Extract<CallFact, { type: 'call-start' }> | null;
  readonly startMs: number | null;
  readonly lead: Lead | null;
  readonly callBackPromised: boolean;
  readonly end: { readonly atMs: number; readonly reason: EndReason; readonly outcome: Outcome } | null;
}

export const nothingYet: Projection = { start: null, startMs: null, lead: null, callBackPromised: false, end: null };

/** A caller of whom nothing is known. */
export const unknownLead: Lead = {
  answers: {},
  score: 0,
  scoreReasons: [],
  stage: 'new',
  objections: [],
  askedAbout: [],
  tags: [],
};

/** The projection after one more event, in the order of `seq`. */
export function project(before: Projection, { atMs, fact }: CallEvent): Projection {
  switch (fact.type) {
    case 'call-start':
      return { ...before, start: fact, startMs: atMs };
    case 'lead':
      return { ...before, lead: fact.lead };
    case 'call-back-promised':
      return { ...before, callBackPromised: true };
    case 'call-end':
      return { ...before, end: { atMs, reason: fact.reason, outcome: fact.outcome } };
    case 'ringing':
    case 'answered-by':
    case 'disposition':
    case 'media-connected':
    case 'recording-start':
    case 'redacted':
    case 'media-restarted':
    case 'degraded':
    case 'caller-turn':
    case 'agent-turn':
    case 'decision':
    case 'turn-latency':
    case 'line-quality':
    case 'appointment-booked':
    case 'usage':
    case 'appointment-moved':
    case 'appointment-cancelled':
    case 'appointment-confirmed':
    case 'transfer':
    case 'handover-start':
    case 'handover-ringing':
    case 'handover-answered':
    case 'handover-joined':
    case 'handover-end':
      return before;
    default:
      return fact satisfies never;
  }
}

/** What the owner's CRM is to be told because of an event. Each cause is told once a call. */
export interface CrmCause {
  readonly type: 'lead.updated' | 'call.completed';
  readonly cause: string;
}

/** Told once, be it for the booking or for the event that reports it. */
export const appointmentCause = (appointmentId: string): CrmCause => ({
  type: 'lead.updated',
  cause: `appointment ${appointmentId}`,
});

/** Told once, be it for the change or for the event that reports it. */
export const changeCause = (
  type: 'appointment-moved' | 'appointment-cancelled' | 'appointment-confirmed',
  appointmentId: string,
  startMs: number,
): CrmCause => ({ type: 'lead.updated', cause: `${type} ${appointmentId} ${startMs}` });

export function crmCause(before: Projection, { fact }: CallEvent): CrmCause | null {
  switch (fact.type) {
    case 'lead':
      if (!isReachable(fact.lead)) return null;
      if (!isReachable(before.lead)) return { type: 'lead.updated', cause: 'contact' };
      // That a lead was booked is told with the appointment.
      return fact.lead.stage === before.lead?.stage || fact.lead.stage === 'booked'
        ? null
        : { type: 'lead.updated', cause: `stage ${fact.lead.stage}` };
    case 'appointment-booked':
      return appointmentCause(fact.appointmentId);
    case 'appointment-moved':
    case 'appointment-cancelled':
    case 'appointment-confirmed':
      return changeCause(fact.type, fact.appointmentId, fact.startMs);
    case 'call-end':
      return { type: 'call.completed', cause: 'end' };
    default:
      return null;
  }
}

/** A name, and a way to reach the person. */
function isReachable(lead: Lead | null): boolean {
  return lead?.name !== undefined && (lead.phone !== undefined || lead.email !== undefined);
}

/** How a call went that ended without saying so, but for what it booked. */
export function outcomeSoFar(projection: Projection): Outcome {
  if (projection.callBackPromised || projection.lead?.callBack !== undefined) return 'call-back-promised';
  return projection.lead?.stage === 'qualified' ? 'qualified' : 'incomplete';
}

type Transcript = { who: 'agent' | 'caller'; atMs: number; text: string }[];

/** What was said, as it was heard. */
export function transcriptOf(events: readonly CallEvent[]): Transcript {
  return events.flatMap(({ fact }): Transcript => {
    if (fact.type === 'caller-turn') return [{ who: 'caller', atMs: fact.startMs, text: fact.text }];
    if (fact.type === 'agent-turn' && fact.heardText !== '')
      return [{ who: 'agent', atMs: fact.startMs, text: fact.heardText }];
    return [];
  });
}
