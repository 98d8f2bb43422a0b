import type { Sentence } from '../../contract/act.ts';
import type { AppointmentKey } from '../../contract/scheduling.ts';
import { slotSentence } from '../phrase/values.ts';
import { wording } from '../phrase/sentences.ts';
import type { Focus, State } from '../state.ts';
import { askAbout, canAsk, findSlots, offer } from './ask-about.ts';
import { ask, requestId, say, update, updateChange, type Draft } from './draft.ts';
import { isChanging } from './flow.ts';

/** More numbers and addresses are not looked up: whoever tries many is not a customer. */
const maxSearches = 3;

/** What the record says of a change that a person has to make. */
export const changeReasons = {
  move: 'Wants to move an appointment',
  cancel: 'Wants to cancel an appointment',
  check: 'Asks about an appointment',
  none: 'Asks about an appointment',
} as const;

/** Finds, moves, cancels or confirms an appointment. True when that needed something said or done. */
export function changeStep(draft: Draft, opening: readonly Sentence[]): boolean {
  const { bundle, state } = draft;
  if (!isChanging(state)) return false;
  const { wish, found, appointment, agreed, told } = state.change;
  const allowed = bundle.scenarios?.appointments ?? { move: true, cancel: true };
  if ((wish === 'move' && !allowed.move) || (wish === 'cancel' && !allowed.cancel))
    return giveUp(draft, [...opening, ...wording(bundle, 'cannot-change')]);
  if (appointment === null) {
    if (found.length === 0) return find(draft, opening);
    if (!canAsk(state, 'which-appointment')) return giveUp(draft, opening);
    askAbout(draft, { kind: 'which-appointment' }, opening);
    return true;
  }
  switch (wish) {
    case 'move': {
      const { chosen, confirmed, offered } = state.appointment;
      if (!canAsk(state, 'appointment')) return giveUp(draft, opening);
      const its = told ? [] : [...wording(bundle, 'your-appointment'), slotSentence(bundle, appointment)];
      updateChange(draft, { told: true });
      if (chosen === null && offered.length > 0) offer(draft, [...opening, ...its]);
      else if (chosen === null) findSlots(draft, [...opening, ...its]);
      else if (!confirmed) askAbout(draft, { kind: 'confirm-slot', slot: chosen }, opening);
      else request(draft, 'move-appointment', chosen.startMs, [...opening, ...wording(bundle, 'moving-now')]);
      return true;
    }
    case 'cancel':
      if (agreed) request(draft, 'cancel-appointment', 0, [...opening, ...wording(bundle, 'one-moment')]);
      else return confirmOrGiveUp(draft, { kind: 'confirm-cancel' }, opening);
      return true;
    case 'check':
      if (agreed) request(draft, 'confirm-appointment', 0, [...opening, ...wording(bundle, 'one-moment')]);
      else if (state.focus.kind === 'change-how' && canAsk(state, 'change-how'))
        askAbout(draft, { kind: 'change-how' }, opening);
      else return confirmOrGiveUp(draft, { kind: 'keep-appointment' }, opening);
      return true;
    case 'none':
      return false;
    default:
      return wish satisfies never;
  }
}

function confirmOrGiveUp(
  draft: Draft,
  focus: Extract<Focus, { kind: 'confirm-cancel' | 'keep-appointment' }>,
  opening: readonly Sentence[],
): boolean {
  if (!canAsk(draft.state, focus.kind)) return giveUp(draft, opening);
  updateChange(draft, { told: true });
  askAbout(draft, focus, opening);
  return true;
}

/** A person can still help. */
export function giveUp(draft: Draft, opening: readonly Sentence[]): true {
  const reason = changeReasons[draft.state.change.wish];
  updateChange(draft, { result: 'impossible' });
  askAbout(draft, { kind: 'offer-call-back', reason }, opening);
  return true;
}

/** By the number the call comes from, or one the caller has given and agreed to. */
function find(draft: Draft, opening: readonly Sentence[]): true {
  const { bundle, state } = draft;
  const { searched } = state.change;
  const by = keyOf(state);
  if (by !== null) {
    const id = requestId(draft, 'find-appointment');
    say(draft, 'say', [...opening, ...wording(bundle, 'look-it-up')]);
    draft.acts.push({ type: 'find-appointment', requestId: id, by });
    updateChange(draft, { searched: [...searched, ...[by.phone, by.email].filter((value) => value !== undefined)] });
    waitFor(draft, id, 'find-appointment');
    return true;
  }
  if (!canAsk(state, 'contact') || searched.length >= maxSearches) return giveUp(draft, opening);
  const tried = state.lead.phone !== undefined || state.lead.email !== undefined;
  const question = wording(bundle, tried ? 'other-contact' : 'which-contact');
  ask(draft, { kind: 'contact', by: 'phone' }, [...opening, ...question]);
  return true;
}

function keyOf({ lead, callerNumber, phoneConfirmed, emailConfirmed, change }: State): AppointmentKey | null {
  const isNew = (value: string | undefined): value is string => value !== undefined && !change.searched.includes(value);
  const name = lead.name === undefined ? {} : { name: lead.name };
  if (isNew(callerNumber)) return { phone: callerNumber, ...name };
  const phone = phoneConfirmed && isNew(lead.phone) ? { phone: lead.phone } : {};
  const email = emailConfirmed && isNew(lead.email) ? { email: lead.email } : {};
  const key = { ...phone, ...email };
  return Object.keys(key).length === 0 ? null : { ...key, ...name };
}

function request(
  draft: Draft,
  tool: 'move-appointment' | 'cancel-appointment' | 'confirm-appointment',
  startMs: number,
  words: readonly Sentence[],
): void {
  const appointmentId = draft.state.change.appointment?.id ?? '';
  const id = requestId(draft, tool);
  say(draft, 'say', words);
  if (tool === 'move-appointment') draft.acts.push({ type: tool, requestId: id, appointmentId, startMs });
  else draft.acts.push({ type: tool, requestId: id, appointmentId });
  waitFor(draft, id, tool);
}

function waitFor(draft: Draft, id: string, tool: NonNullable<State['waitingFor']>['tool']): void {
  update(draft, { focus: { kind: 'none' }, expecting: { kind: 'none' }, waitingFor: { requestId: id, tool } });
}
