import type { Sentence } from '../../contract/act.ts';
import { emailSentence, phoneSentence, slotSentence, slotSentences, speakingWithSentence } from '../phrase/values.ts';
import { fixed, wording } from '../phrase/sentences.ts';
import type { Focus, State } from '../state.ts';
import { lookupOf } from '../understand/lookup.ts';
import { askPiece, readPieceBack } from './ask-piece.ts';
import { noPieces } from './number-pieces.ts';
import { ask, requestId, say, update, type Draft } from './draft.ts';
import { calledContact, isMoving } from './flow.ts';
import { focusName } from './focus.ts';

/** Something to ask about. */
type OpenFocus = Exclude<Focus, { kind: 'none' }>;

/** After this many replies without an answer a question is let go. Dictation is hard to hear: one more. */
export const maxMisses = (step: string): number => (step === 'contact' ? 3 : 2);

export function canAsk(state: State, step: string): boolean {
  return !state.skipped.includes(step) && (state.missed[step] ?? 0) < maxMisses(step);
}

/** A caller who dialled in may keep the number that the carrier showed. */
export function contactFocus(state: State): OpenFocus {
  const shown = state.callerNumber;
  if (shown !== undefined && (state.asked['confirm-phone'] ?? 0) === 0) return { kind: 'confirm-phone', phone: shown };
  return { kind: 'contact', by: 'phone' };
}

export function findSlots(draft: Draft, opening: readonly Sentence[]): void {
  searchSlots(draft, [...opening, ...wording(draft.bundle, 'check-calendar')]);
}

/** Times that suit the caller, for a new appointment or for one that is moved. */
export function searchSlots(draft: Draft, words: readonly Sentence[]): void {
  const { bundle, state } = draft;
  const id = requestId(draft, 'find-slots');
  say(draft, 'say', words);
  const moving = isMoving(state) ? state.change.appointment : null;
  draft.acts.push({
    type: 'find-slots',
    requestId: id,
    service: moving?.service ?? bundle.service,
    preference: state.appointment.preference,
    // The time it has now may be among them, and is not offered.
    count: moving === null ? 3 : 4,
    ...(moving === null ? {} : { movingAppointmentId: moving.id }),
  });
  update(draft, {
    focus: { kind: 'none' },
    expecting: { kind: 'none' },
    waitingFor: { requestId: id, tool: 'find-slots' },
  });
}

/** Offers what was found, or what is left of it. */
export function offer(draft: Draft, opening: readonly Sentence[]): void {
  const { bundle, state } = draft;
  const slots = state.appointment.offered.slice(0, 3);
  const frame = slots.length === 1 ? wording(bundle, 'one-time') : wording(bundle, 'here-are-times');
  const close = slots.length === 1 ? wording(bundle, 'does-it-suit') : wording(bundle, 'which-time');
  ask(draft, { kind: 'slot' }, [...opening, ...frame, ...slotSentences(bundle, slots), ...close], 'offer-slots');
}

export function readBack(
  draft: Draft,
  focus: Extract<Focus, { kind: 'confirm-phone' | 'confirm-email' }>,
  opening: readonly Sentence[],
): void {
  const { bundle, state } = draft;
  const value = focus.kind === 'confirm-phone' ? phoneSentence(focus.phone) : emailSentence(focus.email);
  const shown = focus.kind === 'confirm-phone' && state.lead.phone === undefined;
  const frame = shown ? wording(bundle, 'caller-number') : wording(bundle, 'read-back');
  const close = shown ? wording(bundle, 'caller-number-ok') : wording(bundle, 'is-that-right');
  ask(draft, focus, [...opening, ...frame, value, ...close], 'read-back');
}

/** Asks for what a focus needs; shorter when it was asked before. */
export function askAbout(draft: Draft, focus: OpenFocus, opening: readonly Sentence[]): void {
  const { bundle, state } = draft;
  const before = (state.asked[focusName(focus)] ?? 0) > 0;
  switch (focus.kind) {
    case 'question': {
      const question = lookupOf(bundle).questions.get(focus.id);
      return ask(draft, focus, [...opening, ...fixed((before ? question?.again : question?.ask) ?? [])]);
    }
    case 'name':
      return ask(draft, focus, [...opening, ...wording(bundle, before ? 'ask-name-again' : 'ask-name')]);
    case 'contact': {
      if (focus.by === 'phone' && state.line.narrowband)
        return askPiece(draft, { ...noPieces, kind: 'number-piece' }, opening);
      if (focus.by === 'phone')
        return ask(draft, focus, [...opening, ...wording(bundle, before ? 'ask-phone-again' : 'ask-phone')]);
      const switched = state.focus.kind === 'contact' && state.focus.by === 'phone';
      return ask(draft, focus, [...opening, ...wording(bundle, before && !switched ? 'ask-email-again' : 'ask-email')]);
    }
    case 'number-piece':
      return askPiece(draft, focus, opening);
    case 'confirm-piece':
      return readPieceBack(draft, focus, opening);
    case 'confirm-phone':
    case 'confirm-email':
      return readBack(draft, focus, opening);
    case 'want-appointment':
      return ask(draft, focus, [
        ...opening,
        ...wording(bundle, before ? 'offer-appointment-again' : 'offer-appointment'),
      ]);
    case 'preference':
      return ask(draft, focus, [...opening, ...wording(bundle, 'other-day')]);
    case 'slot':
      if (opening.length > 0 && before && state.focusHeard) {
        return ask(draft, focus, [...opening, ...wording(bundle, 'which-time-again')]);
      }
      return offer(draft, opening);
    case 'confirm-slot':
      return ask(
        draft,
        focus,
        [
          ...opening,
          slotSentence(bundle, focus.slot),
          ...wording(bundle, isMoving(state) ? 'shall-i-move' : 'shall-i-book'),
        ],
        'read-back',
      );
    case 'offer-call-back':
      return ask(draft, focus, [...opening, ...wording(bundle, 'offer-call-back')]);
    case 'offer-fact':
      return ask(draft, focus, [...opening, ...fixed(lookupOf(bundle).facts.get(focus.id)?.offer ?? [])]);
    case 'identify':
      return ask(draft, focus, [...opening, speakingWithSentence(calledContact(state)?.name ?? '')]);
    case 'good-time':
      return ask(draft, focus, [...opening, ...wording(bundle, 'good-time')]);
    case 'which-appointment':
      return ask(draft, focus, [
        ...opening,
        ...wording(bundle, 'several-appointments'),
        ...slotSentences(bundle, state.change.found),
        ...wording(bundle, 'which-appointment'),
      ]);
    case 'keep-appointment':
    case 'confirm-cancel': {
      const { appointment } = state.change;
      const its = appointment === null ? [] : [slotSentence(bundle, appointment)];
      const close = wording(bundle, focus.kind === 'confirm-cancel' ? 'shall-i-cancel' : 'will-you-come');
      return ask(draft, focus, [...opening, ...wording(bundle, 'your-appointment'), ...its, ...close], 'read-back');
    }
    case 'change-how':
      return ask(draft, focus, [...opening, ...wording(bundle, 'move-or-cancel')]);
    case 'anything-else':
      return ask(draft, focus, [...opening, ...wording(bundle, 'anything-else')]);
    default:
      return focus satisfies never;
  }
}
