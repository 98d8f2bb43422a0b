import type { DoneAct } from '../../contract/act.ts';
import type { CallFact } from '../../contract/call-event.ts';
import type { Appointment } from '../../contract/scheduling.ts';
import type { DialogueEvent } from '../../dialogue/event.ts';

/** Acts that the calendar answers. */
export type ToolAct = Exclude<
  DoneAct,
  { type: 'promise-call-back' | 'transfer' | 'join' | 'consult' | 'save-lead' | 'end' }
>;

/** What the record keeps of what a tool did. */
export function toolFacts(event: DialogueEvent): CallFact[] {
  switch (event.type) {
    case 'booking-answered': {
      if (event.answer.status !== 'booked') return [];
      const { id, service, startMs } = event.answer.appointment;
      return [{ type: 'appointment-booked', appointmentId: id, service, startMs }];
    }
    case 'move-answered': {
      if (event.answer.status !== 'moved') return [];
      const { appointment, fromMs } = event.answer;
      return [{ type: 'appointment-moved', ...changed(appointment), fromMs }];
    }
    case 'cancel-answered':
      if (event.answer.status !== 'cancelled') return [];
      return [{ type: 'appointment-cancelled', ...changed(event.answer.appointment) }];
    case 'confirm-answered':
      if (event.answer.status !== 'confirmed') return [];
      return [{ type: 'appointment-confirmed', ...changed(event.answer.appointment) }];
    default:
      return [];
  }
}

/** What the caller has now, to be shown: booked in this call, or moved. */
export function newAppointment(event: DialogueEvent): Appointment | null {
  if (event.type === 'booking-answered' && event.answer.status === 'booked') return event.answer.appointment;
  return event.type === 'move-answered' && event.answer.status === 'moved' ? event.answer.appointment : null;
}

const changed = ({ id, service, startMs }: Appointment) => ({ appointmentId: id, service, startMs });

/** What came of asking a person to take the call. */
export function transferFact(
  { to, reason }: Extract<DoneAct, { type: 'transfer' }>,
  answer: Extract<DialogueEvent, { type: 'transfer-answered' }>['answer'],
): CallFact {
  const took = answer === 'accepted' || answer === 'passed-on';
  return { type: 'transfer', to, reason, answer: took ? 'accepted' : answer === 'failed' ? 'failed' : 'nobody-free' };
}

/** Recorded on disk before it is promised: it is kept even if the control plane is away. */
export function callBackFact({
  reason,
  owner,
  promisedForMs,
}: Extract<DoneAct, { type: 'promise-call-back' }>): CallFact {
  return {
    type: 'call-back-promised',
    reason,
    ...(owner === undefined ? {} : { owner }),
    ...(promisedForMs === undefined ? {} : { promisedForMs }),
  };
}
