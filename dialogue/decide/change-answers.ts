import type { Appointment } from '../../contract/scheduling.ts';
import type { DialogueEvent } from '../event.ts';
import { slotSentence } from '../phrase/values.ts';
import { wording } from '../phrase/sentences.ts';
import { findSlots, offer } from './ask-about.ts';
import { giveUp } from './change.ts';
import { say, update, updateAppointment, updateChange, updateLead, type Draft } from './draft.ts';
import { proceed } from './proceed.ts';
import type { Handled } from './tool-answers.ts';

type Answered<T extends DialogueEvent['type']> = Extract<DialogueEvent, { type: T }>;

/** What the calendar answered about an appointment that exists. What is said follows it, never the wish. */

export function appointmentsFound(draft: Draft, { appointments }: Answered<'appointments-found'>): Handled {
  update(draft, { waitingFor: null });
  const { bundle, state } = draft;
  if (state.ended !== null) return { rule: 'found-after-goodbye', why: 'The call was over already.' };
  const [first] = appointments;
  if (first === undefined) {
    // Nobody said that it is under the number they call from: asking comes first.
    const silent = state.lead.phone === undefined && state.lead.email === undefined;
    proceed(draft, silent ? [] : wording(bundle, 'appointment-not-found'));
    return { rule: 'appointment-not-found', why: 'No appointment to come is under that number or address.' };
  }
  if (state.lead.name === undefined) updateLead(draft, { name: first.attendee.name });
  const shown = state.callerNumber;
  if (state.lead.phone === undefined && shown !== undefined && first.attendee.phone === shown) {
    // Customers who call from the number they booked with can be reached there.
    updateLead(draft, { phone: shown });
    update(draft, { phoneConfirmed: true });
  }
  if (appointments.length > 1) {
    updateChange(draft, { found: appointments });
    proceed(draft);
    return { rule: 'appointments-found', why: `${appointments.length} appointments are under that number or address.` };
  }
  updateChange(draft, { appointment: first });
  proceed(draft);
  return { rule: 'appointment-found', why: 'The appointment is found.' };
}

export function moveAnswered(draft: Draft, { answer }: Answered<'move-answered'>): Handled {
  update(draft, { waitingFor: null });
  const { bundle, state } = draft;
  switch (answer.status) {
    case 'moved':
      done(draft, 'moved', answer.appointment);
      return { rule: 'moved', why: 'The calendar has moved the appointment.' };
    case 'taken':
      updateAppointment(draft, { chosen: null, confirmed: false, offered: answer.alternatives.slice(0, 3) });
      if (state.ended !== null) return { rule: 'move-taken-after-goodbye', why: 'The call was over already.' };
      if (answer.alternatives.length > 0) offer(draft, wording(bundle, 'slot-taken'));
      else findSlots(draft, wording(bundle, 'slot-taken'));
      return { rule: 'move-taken', why: 'Someone else has just taken the time.' };
    case 'refused': {
      const times = (state.missed['booking'] ?? 0) + 1;
      update(draft, { missed: { ...state.missed, booking: times } });
      updateAppointment(draft, { chosen: null, confirmed: false, offered: [], preference: {} });
      const gone = answer.reason === 'unknown-appointment' || answer.reason === 'cancelled';
      if (state.ended !== null) return { rule: 'move-refused-after-goodbye', why: 'The call was over already.' };
      if (gone || times >= 2) giveUp(draft, wording(bundle, 'cannot-change-it'));
      else findSlots(draft, wording(bundle, 'slot-taken'));
      return { rule: 'move-refused', why: `The calendar refused: ${answer.reason}.` };
    }
    default:
      return answer satisfies never;
  }
}

export function cancelAnswered(draft: Draft, { answer }: Answered<'cancel-answered'>): Handled {
  update(draft, { waitingFor: null });
  if (answer.status === 'refused') return refused(draft, answer.reason);
  done(draft, 'cancelled', answer.appointment);
  return { rule: 'cancelled', why: 'The calendar has cancelled the appointment.' };
}

export function confirmAnswered(draft: Draft, { answer }: Answered<'confirm-answered'>): Handled {
  update(draft, { waitingFor: null });
  if (answer.status === 'refused') return refused(draft, answer.reason);
  done(draft, 'confirmed', answer.appointment);
  return { rule: 'confirmed', why: 'The calendar has noted that the customer will be there.' };
}

function refused(draft: Draft, reason: string): Handled {
  if (draft.state.ended === null) giveUp(draft, wording(draft.bundle, 'cannot-change-it'));
  return { rule: 'change-refused', why: `The calendar refused: ${reason}.` };
}

/** Only now is it said. */
function done(draft: Draft, result: 'moved' | 'cancelled' | 'confirmed', appointment: Appointment): void {
  const { bundle, state } = draft;
  updateChange(draft, { result, appointment });
  const { booked } = state.appointment;
  updateAppointment(draft, {
    offered: [],
    chosen: null,
    confirmed: false,
    preference: {},
    // One that was booked in this very call.
    ...(booked?.id === appointment.id ? { booked: result === 'cancelled' ? null : appointment } : {}),
    ...(booked?.id === appointment.id && result === 'cancelled' ? { wish: 'declined' as const } : {}),
  });
  if (state.ended !== null) return;
  const its = result === 'cancelled' ? [] : [slotSentence(bundle, appointment)];
  const close = result === 'confirmed' ? wording(bundle, 'see-you') : [];
  say(draft, 'confirm-change', [...wording(bundle, result), ...its, ...close], result);
  proceed(draft);
}
