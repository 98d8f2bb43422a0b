import type { Attendee } from '../../contract/scheduling.ts';
import { lookupOf } from '../understand/lookup.ts';
import type { Bundle } from '../playbook/bundle.ts';
import type { State } from '../state.ts';

/** What is asked in this call, in order: it depends on what the call is for. */
export function flowOf(bundle: Bundle, state: State): readonly string[] {
  const { purpose, change, appointment } = state;
  switch (purpose.kind) {
    case 'inbound':
    case 'call-back':
    case 'confirm-appointment': {
      // A call about an appointment sells nothing, unless the caller asks for another one.
      const isLead = purpose.kind !== 'confirm-appointment' && change.wish === 'none';
      return isLead || appointment.wish === 'wanted' ? bundle.flow : [];
    }
    case 'outreach':
      return (
        bundle.scenarios?.outreach
          .find(({ id }) => id === purpose.reason)
          ?.flow.filter((step) => isStep(bundle, step)) ?? []
      );
    case 'faq':
      return [];
    default:
      return purpose satisfies never;
  }
}

/** Whether this call may lead to a new appointment, now or once the caller asks for one. */
export function takesAppointments(bundle: Bundle, state: State): boolean {
  const wanted = { ...state, appointment: { ...state.appointment, wish: 'wanted' as const } };
  return flowOf(bundle, wanted).includes('appointment');
}

const isStep = (bundle: Bundle, step: string): boolean =>
  step === 'name' || step === 'contact' || step === 'appointment' || lookupOf(bundle).questions.has(step);

/** An appointment is being found, moved, cancelled or confirmed. */
export function isChanging({ change }: State): boolean {
  return change.wish !== 'none' && change.result === 'none';
}

export function isMoving(state: State): boolean {
  return isChanging(state) && state.change.wish === 'move' && state.change.appointment !== null;
}

/** We called, and do not know yet that this is the person we called. */
export function isStranger(state: State): boolean {
  return calledContact(state) !== null && !state.outbound.rightPerson;
}

/** Whom we called; null when somebody called us. */
export function calledContact({ purpose }: Pick<State, 'purpose'>): Attendee | null {
  switch (purpose.kind) {
    case 'outreach':
    case 'call-back':
      return purpose.contact;
    case 'confirm-appointment':
      return purpose.appointment.attendee;
    case 'inbound':
    case 'faq':
      return null;
    default:
      return purpose satisfies never;
  }
}
