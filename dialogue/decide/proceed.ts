import type { Sentence } from '../../contract/act.ts';
import { emailSentence, momentText, phoneSentence, slotSentence, slotSentences } from '../phrase/values.ts';
import { fixed, wording } from '../phrase/sentences.ts';
import type { Focus, State } from '../state.ts';
import type { Slot } from '../../contract/scheduling.ts';
import { lookupOf } from '../understand/lookup.ts';
import { askPiece, noPieces, readPieceBack } from './ask-piece.ts';
import { ask, requestId, say, skip, update, updateLead, type Draft } from './draft.ts';
import { focusName, stepOf } from './focus.ts';
import { closingTimeMs, ownerOf, personFor } from './routing.ts';
import { factToOffer } from './offer-fact.ts';

/** As `BookingRequest` takes them. */
const maxNotesLength = 2_000;
/** As `ShortText`. */
const maxReasonLength = 200;

/** After this many replies without an answer a question is let go. Dictation is hard to hear: one more. */
export const maxMisses = (step: string): number => (step === 'contact' ? 3 : 2);

/** Does what comes next: asks the next open question, looks for times, books, or asks what else. */
export function proceed(draft: Draft, opening: readonly Sentence[] = []): void {
  const { state, bundle } = draft;
  if (state.waitingFor !== null) {
    say(draft, 'say', opening.length === 0 && draft.acts.length === 0 ? wording(bundle, 'one-moment') : opening);
    return;
  }
  const reachable = state.lead.phone !== undefined || state.lead.email !== undefined;
  if (state.lead.phone !== undefined && !state.phoneConfirmed && canAsk(state, 'confirm-phone')) {
    return readBack(draft, { kind: 'confirm-phone', phone: state.lead.phone }, opening);
  }
  if (state.lead.email !== undefined && !state.emailConfirmed && canAsk(state, 'confirm-email')) {
    return readBack(draft, { kind: 'confirm-email', email: state.lead.email }, opening);
  }
  if (state.callBack.stage === 'wanted') {
    if (!reachable && canAsk(state, 'contact')) return askAbout(draft, contactFocus(state), opening);
    if (state.lead.name === undefined && canAsk(state, 'name')) return askAbout(draft, { kind: 'name' }, opening);
    if (reachable) return promise(draft, opening);
    update(draft, { callBack: { ...state.callBack, stage: 'impossible' } });
    const phone = bundle.business.phone;
    say(draft, 'say', [
      ...opening,
      ...wording(bundle, 'call-back-impossible'),
      ...(phone === undefined ? [] : [phoneSentence(phone)]),
    ]);
    return ask(draft, { kind: 'anything-else' }, wording(bundle, 'anything-else'));
  }
  if (!state.noSelling && state.callBack.stage === 'none') {
    for (const step of bundle.flow) {
      if (!canAsk(state, step)) continue;
      if (step === 'name') {
        if (state.lead.name === undefined) return askAbout(draft, { kind: 'name' }, opening);
      } else if (step === 'contact') {
        if (!reachable) return askAbout(draft, contactFocus(state), opening);
      } else if (step === 'appointment') {
        if (appointmentStep(draft, opening)) return;
      } else if (state.lead.answers[step] === undefined && applies(draft, step)) {
        return askAbout(draft, { kind: 'question', id: step }, opening);
      }
    }
  }
  const related = factToOffer(draft);
  if (related !== null) return askAbout(draft, { kind: 'offer-fact', id: related }, opening);
  ask(draft, { kind: 'anything-else' }, [...opening, ...wording(bundle, 'anything-else')]);
}

/** A question of the playbook's, and one for this caller. */
function applies({ bundle, state }: Draft, id: string): boolean {
  const question = lookupOf(bundle).questions.get(id);
  if (question === undefined) return false;
  return Object.entries(question.when).every(([other, options]) =>
    options.some((option) => state.lead.answers[other]?.value === option),
  );
}

function canAsk(state: State, step: string): boolean {
  return !state.skipped.includes(step) && (state.missed[step] ?? 0) < maxMisses(step);
}

/** A caller who dialled in may keep the number that the carrier showed. */
function contactFocus(state: State): Focus {
  const shown = state.callerNumber;
  if (shown !== undefined && (state.asked['confirm-phone'] ?? 0) === 0) return { kind: 'confirm-phone', phone: shown };
  return { kind: 'contact', by: 'phone' };
}

/** True when the appointment needed something said or done. */
function appointmentStep(draft: Draft, opening: readonly Sentence[]): boolean {
  const { state } = draft;
  const { wish, chosen, confirmed, booked, offered } = state.appointment;
  if (booked !== null || wish === 'declined' || wish === 'impossible') return false;
  if (wish === 'unknown') askAbout(draft, { kind: 'want-appointment' }, opening);
  else if (chosen === null && offered.length > 0) offer(draft, opening);
  else if (chosen === null) findSlots(draft, opening);
  else if (!confirmed) askAbout(draft, { kind: 'confirm-slot', slot: chosen }, opening);
  else if (state.lead.name === undefined && canAsk(state, 'name')) askAbout(draft, { kind: 'name' }, opening);
  else if (state.lead.phone === undefined && state.lead.email === undefined && canAsk(state, 'contact'))
    askAbout(draft, contactFocus(state), opening);
  else book(draft, chosen, opening);
  return true;
}

export function findSlots(draft: Draft, opening: readonly Sentence[]): void {
  const { bundle, state } = draft;
  const id = requestId(draft, 'find-slots');
  say(draft, 'say', [...opening, ...wording(bundle, 'check-calendar')]);
  draft.acts.push({
    type: 'find-slots',
    requestId: id,
    service: bundle.service,
    preference: state.appointment.preference,
    count: 3,
  });
  update(draft, {
    focus: { kind: 'none' },
    expecting: { kind: 'none' },
    waitingFor: { requestId: id, tool: 'find-slots' },
  });
}

function book(draft: Draft, slot: Slot, opening: readonly Sentence[]): void {
  const { bundle, state } = draft;
  const id = requestId(draft, 'book');
  const { name, phone, email, answers } = state.lead;
  const notes = bundle.questions
    .flatMap((question) => {
      const answer = answers[question.id];
      return answer === undefined ? [] : [`${question.label}: ${answer.display}`];
    })
    .join('\n')
    .slice(0, maxNotesLength);
  say(draft, 'say', [...opening, ...wording(bundle, 'booking-now')]);
  draft.acts.push({
    type: 'book',
    requestId: id,
    service: bundle.service,
    startMs: slot.startMs,
    attendee: {
      name: name ?? 'Name not given',
      ...(phone === undefined ? {} : { phone }),
      ...(email === undefined ? {} : { email }),
    },
    ...(notes === '' ? {} : { notes }),
  });
  update(draft, { focus: { kind: 'none' }, expecting: { kind: 'none' }, waitingFor: { requestId: id, tool: 'book' } });
}

function promise(draft: Draft, opening: readonly Sentence[]): void {
  const { bundle, state, nowMs } = draft;
  const reason = state.callBack.reason.slice(0, maxReasonLength);
  const person = personFor(bundle, state, nowMs);
  const promisedForMs =
    person === null ? null : closingTimeMs(bundle.scheduling, bundle.routing?.callBackWithinOpenDays ?? 1, nowMs);
  const due = {
    ...(person === null ? {} : { owner: ownerOf(person) }),
    ...(promisedForMs === null ? {} : { promisedForMs }),
  };
  const id = requestId(draft, 'promise-call-back');
  say(draft, 'say', [...opening, ...wording(draft.bundle, 'one-moment')]);
  draft.acts.push({ type: 'promise-call-back', requestId: id, reason, ...due });
  updateLead(draft, {
    callBack: {
      reason,
      ...due,
      ...(promisedForMs === null ? {} : { promisedFor: `by ${momentText(bundle, promisedForMs)}` }),
    },
  });
  update(draft, {
    focus: { kind: 'none' },
    expecting: { kind: 'none' },
    callBack: {
      stage: 'requested',
      reason,
      ...(promisedForMs === null ? {} : { promisedForMs }),
      ...(person === null ? {} : { by: person.saidAs }),
    },
    waitingFor: { requestId: id, tool: 'promise-call-back' },
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
export function askAbout(draft: Draft, focus: Focus, opening: readonly Sentence[]): void {
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
        [...opening, slotSentence(bundle, focus.slot), ...wording(bundle, 'shall-i-book')],
        'read-back',
      );
    case 'offer-call-back':
      return ask(draft, focus, [...opening, ...wording(bundle, 'offer-call-back')]);
    case 'offer-fact':
      return ask(draft, focus, [...opening, ...fixed(lookupOf(bundle).facts.get(focus.id)?.offer ?? [])]);
    case 'anything-else':
      return ask(draft, focus, [...opening, ...wording(bundle, 'anything-else')]);
    case 'none':
      return proceed(draft, opening);
    default:
      return focus satisfies never;
  }
}

/** Back to the question that was open before an aside. */
export function resume(draft: Draft, opening: readonly Sentence[]): void {
  const { focus } = draft.state;
  const open =
    focus.kind !== 'none' &&
    focus.kind !== 'anything-else' &&
    focus.kind !== 'offer-call-back' &&
    focus.kind !== 'offer-fact';
  if (!open || draft.state.skipped.includes(stepOf(focus))) return proceed(draft, opening);
  askAbout(draft, focus, opening);
}

/** A reply without an answer: after some of them the step is let go. */
export function miss(draft: Draft): void {
  const step = stepOf(draft.state.focus);
  const misses = (draft.state.missed[step] ?? 0) + 1;
  update(draft, { missed: { ...draft.state.missed, [step]: misses } });
  if (misses >= maxMisses(step)) skip(draft, step);
}
