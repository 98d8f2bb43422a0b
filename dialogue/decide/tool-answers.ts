import type { DialogueEvent } from '../event.ts';
import { phoneSentence, promiseSentence, slotSentence } from '../phrase/values.ts';
import { wording } from '../phrase/sentences.ts';
import { wantCallBack } from './want-call-back.ts';
import { ask, say, update, updateAppointment, updateChange, updateLead, type Draft } from './draft.ts';
import { findSlots, offer, searchSlots } from './ask-about.ts';
import { changeReasons, giveUp } from './change.ts';
import { isChanging, isMoving } from './flow.ts';
import { triedInVain } from './hand-over.ts';
import { proceed } from './proceed.ts';

/** What a tool answered, turned into the next thing to say. Each returns the rule's name and why. */
export interface Handled {
  readonly rule: string;
  readonly why: string;
}

/** True when the event answers the request that is open; late and repeated answers are not acted upon. */
export function answersOpenRequest(draft: Draft, id: string): boolean {
  return draft.state.waitingFor?.requestId === id || draft.state.consult?.pending?.requestId === id;
}

export function slotsFound(draft: Draft, event: Extract<DialogueEvent, { type: 'slots-found' }>): Handled {
  update(draft, { waitingFor: null });
  const { state, bundle } = draft;
  if (state.callBack.stage === 'wanted') {
    proceed(draft);
    return { rule: 'call-back-first', why: 'The caller asked for a person in the meantime.' };
  }
  const own = isMoving(state) ? state.change.appointment?.startMs : undefined;
  const slots = event.slots.filter(({ startMs }) => startMs !== own);
  if (slots.length > 0) {
    updateAppointment(draft, { offered: slots.slice(0, 3), chosen: null, confirmed: false });
    offer(draft, []);
    return { rule: 'offer-found-slots', why: `The calendar has ${slots.length} free times.` };
  }
  if (Object.keys(state.appointment.preference).length > 0) {
    updateAppointment(draft, { preference: {}, offered: [] });
    searchSlots(draft, wording(bundle, 'no-times'));
    return { rule: 'widen-search', why: 'Nothing is free at the time the caller wished.' };
  }
  if (isMoving(state)) {
    giveUp(draft, wording(bundle, 'no-times-at-all'));
    return { rule: 'no-slots', why: 'The calendar has no other free time at all.' };
  }
  updateAppointment(draft, { wish: 'impossible' });
  wantCallBack(draft, 'No free appointment was found');
  proceed(draft, wording(bundle, 'no-times-at-all', 'call-back-intro'));
  return { rule: 'no-slots', why: 'The calendar has no free time at all.' };
}

export function bookingAnswered(draft: Draft, event: Extract<DialogueEvent, { type: 'booking-answered' }>): Handled {
  update(draft, { waitingFor: null });
  const { bundle } = draft;
  const { answer } = event;
  switch (answer.status) {
    case 'booked':
      updateAppointment(draft, { booked: answer.appointment, offered: [] });
      if (draft.state.ended !== null)
        return { rule: 'booked-after-goodbye', why: 'The booking succeeded after the goodbye.' };
      say(
        draft,
        'confirm-booking',
        [...wording(bundle, 'booked'), slotSentence(bundle, answer.appointment), ...wording(bundle, 'see-you')],
        'appointment',
      );
      proceed(draft);
      return { rule: 'booked', why: 'The calendar has booked the appointment.' };
    case 'taken':
      updateAppointment(draft, { chosen: null, confirmed: false, offered: answer.alternatives.slice(0, 3) });
      if (answer.alternatives.length > 0) offer(draft, wording(bundle, 'slot-taken'));
      else findSlots(draft, wording(bundle, 'slot-taken'));
      return { rule: 'slot-taken', why: 'Someone else has just taken the time.' };
    case 'refused': {
      const times = (draft.state.missed['booking'] ?? 0) + 1;
      update(draft, { missed: { ...draft.state.missed, booking: times } });
      updateAppointment(draft, { chosen: null, confirmed: false, offered: [], preference: {} });
      if (times < 2) findSlots(draft, wording(bundle, 'slot-taken'));
      else calendarDown(draft);
      return { rule: 'booking-refused', why: `The calendar refused: ${answer.reason}.` };
    }
    default:
      return answer satisfies never;
  }
}

export function callBackRecorded(draft: Draft): Handled {
  const { bundle, state } = draft;
  const byPhone = state.lead.phone !== undefined;
  update(draft, { waitingFor: null, callBack: { ...state.callBack, stage: 'recorded' } });
  if (state.ended !== null)
    return { rule: 'recorded-after-goodbye', why: 'The call back was recorded after the goodbye.' };
  const confirms = state.appointment.wish === 'impossible' && state.change.wish === 'none' && byPhone;
  const { by, promisedForMs } = state.callBack;
  const who = by === undefined ? [] : [promiseSentence(bundle, by, byPhone ? 'call' : 'write', promisedForMs)];
  const generic = wording(bundle, byPhone ? 'call-back-promise' : 'mail-back-promise');
  const promise = [...(confirms ? wording(bundle, 'call-to-confirm') : who.length > 0 ? [] : generic), ...who];
  say(draft, 'promise', promise, 'call-back');
  proceed(draft);
  return { rule: 'call-back-promised', why: 'The call back is recorded.' };
}

export function toolFailed(draft: Draft): Handled {
  const { bundle, state } = draft;
  const tool = state.waitingFor?.tool;
  update(draft, { waitingFor: null });
  if (tool === 'promise-call-back') {
    const { callBack: _, ...lead } = state.lead;
    update(draft, { lead, callBack: { ...state.callBack, stage: 'impossible' } });
    if (state.ended !== null) return { rule: 'call-back-not-recorded', why: 'The call back could not be recorded.' };
    const phone = bundle.business.phone;
    say(draft, 'say', [
      ...wording(bundle, 'call-back-not-saved'),
      ...(phone === undefined ? [] : [phoneSentence(phone)]),
    ]);
    ask(draft, { kind: 'anything-else' }, wording(bundle, 'anything-else'));
    return { rule: 'call-back-not-recorded', why: 'The call back could not be recorded.' };
  }
  if (tool === 'transfer' && state.ended === null) {
    triedInVain(draft, []);
    return { rule: 'transfer-failed', why: 'The call could not be transferred.' };
  }
  if (state.ended !== null) return { rule: 'tool-failed-after-goodbye', why: 'The calendar did not answer.' };
  calendarDown(draft);
  return { rule: 'calendar-down', why: 'The calendar did not answer.' };
}

/** Honest about it, and a person takes over. */
function calendarDown(draft: Draft): void {
  const { wish } = draft.state.change;
  const changing = isChanging(draft.state);
  if (changing) updateChange(draft, { result: 'impossible' });
  else updateAppointment(draft, { wish: 'impossible' });
  updateLead(draft, { tags: [...new Set([...draft.state.lead.tags, 'calendar-unavailable'])] });
  if (draft.state.callBack.stage === 'none')
    wantCallBack(
      draft,
      changing
        ? `${changeReasons[wish]}: the calendar could not be reached`
        : 'The calendar could not be reached: confirm an appointment',
    );
  proceed(draft, wording(draft.bundle, 'calendar-down'));
}
