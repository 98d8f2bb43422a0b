import type { Act, DoneAct } from '../../contract/act.ts';
import type { CallFact } from '../../contract/call-event.ts';
import type { DialogueEvent } from '../../dialogue/event.ts';

/** Acts that somebody else answers: the calendar, or a person. */
export type ToolAct = Extract<DoneAct, { type: 'find-slots' | 'book' | 'transfer' }>;

/** What the record keeps of what a tool did. */
export function toolFacts(act: ToolAct, event: DialogueEvent): CallFact[] {
  switch (event.type) {
    case 'booking-answered': {
      if (event.answer.status !== 'booked') return [];
      const { id, service, startMs } = event.answer.appointment;
      return [{ type: 'appointment-booked', appointmentId: id, service, startMs }];
    }
    case 'transfer-answered':
      return act.type === 'transfer' ? [transferFact(act, event.answer)] : [];
    case 'tool-failed':
      return act.type === 'transfer' ? [transferFact(act, 'failed')] : [];
    default:
      return [];
  }
}

function transferFact(
  { to, reason }: Extract<Act, { type: 'transfer' }>,
  answer: 'accepted' | 'nobody-free' | 'failed',
): CallFact {
  return { type: 'transfer', to, reason, answer };
}

/** Recorded on disk before it is promised: it is kept even if the control plane is away. */
export function callBackFact({ reason, owner, promisedForMs }: Extract<Act, { type: 'promise-call-back' }>): CallFact {
  return {
    type: 'call-back-promised',
    reason,
    ...(owner === undefined ? {} : { owner }),
    ...(promisedForMs === undefined ? {} : { promisedForMs }),
  };
}
