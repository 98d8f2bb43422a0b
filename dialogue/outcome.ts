import type { Outcome } from '../contract/act.ts';
import { scored } from './decide/score.ts';
import { displayPhone } from './capture/phone.ts';
import { momentText, slotText } from './phrase/values.ts';
import type { Bundle } from './playbook/bundle.ts';
import type { State } from './state.ts';

/** How the call went so far; right at any moment, since a call can end at any moment. */
export function outcomeOf(bundle: Bundle, state: State): Outcome {
  if (state.appointment.booked !== null) return 'appointment-booked';
  const { result, appointment } = state.change;
  if (result === 'moved' || result === 'cancelled' || result === 'confirmed') return `appointment-${result}`;
  const { stage: handover } = state.handover;
  if (handover === 'talking' || handover === 'over') return 'transferred';
  if (state.ended === 'transferred' || state.ended === 'do-not-call') return state.ended;
  if (state.callBack.stage === 'recorded') return 'call-back-promised';
  if (state.ended !== null) return state.ended;
  if (!state.callerHasSpoken) return 'no-speech';
  if (result === 'kept' || (appointment !== null && state.change.told)) return 'information-given';
  const { stage } = scored(bundle, state);
  if (stage === 'qualified') return 'qualified';
  if (state.noSelling || state.lead.objections.some((objection) => objection.outcome === 'stood')) {
    return state.lead.askedAbout.length > 0 ? 'information-given' : 'not-interested';
  }
  if (stage === 'unqualified' && Object.keys(state.lead.answers).length > 0) return 'not-qualified';
  if (state.lead.askedAbout.length > 0) return 'information-given';
  return 'incomplete';
}

/** What happens next, in sentences for the visitor's page. */
export function nextSteps(bundle: Bundle, state: State): string[] {
  const { booked } = state.appointment;
  const { name, phone: office } = bundle.business;
  const reachUs = office === undefined ? [] : [`You can call us at ${displayPhone(office)}.`];
  const steps: string[] = [];
  if (booked !== null) {
    const place = bundle.scheduling.timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? bundle.scheduling.timeZone;
    steps.push(`Your appointment: ${booked.serviceName}, ${slotText(bundle, booked)} (${place} time).`);
    if (office !== undefined) steps.push(`To change it, call ${displayPhone(office)}.`);
  }
  const { appointment, result } = state.change;
  if (appointment !== null && booked === null) {
    if (result === 'moved' || result === 'confirmed')
      steps.push(`Your appointment: ${appointment.serviceName}, ${slotText(bundle, appointment)}.`);
    if (result === 'cancelled') steps.push(`Your appointment on ${slotText(bundle, appointment)} is cancelled.`);
  }
  if (state.callBack.stage === 'recorded') {
    const { phone, email } = state.lead;
    const how =
      phone !== undefined
        ? `call you back at ${displayPhone(phone)}`
        : `write to you at ${email ?? 'the address you gave'}`;
    const { by = bundle.business.representative, promisedForMs } = state.callBack;
    steps.push(`${by} will ${how}${promisedForMs === undefined ? '' : ` by ${momentText(bundle, promisedForMs)}`}.`);
  }
  if (steps.length > 0) return steps;
  return ['Nothing is booked.', ...(reachUs.length > 0 ? reachUs : [`You can call ${name} again at any time.`])];
}
