import type { Sentence } from '../../contract/act.ts';
import { momentText, phoneSentence } from '../phrase/values.ts';
import { wording } from '../phrase/sentences.ts';
import type { Slot } from '../../contract/scheduling.ts';
import { lookupOf } from '../understand/lookup.ts';
import { askAbout, canAsk, contactFocus, findSlots, maxMisses, offer, readBack } from './ask-about.ts';
import { ask, requestId, say, skip, update, updateLead, type Draft } from './draft.ts';
import { changeStep } from './change.ts';
import { flowOf } from './flow.ts';
import { stepOf } from './focus.ts';
import { outboundStep } from './outbound.ts';
import { closingTimeMs, ownerOf, personFor } from './routing.ts';
import { factToOffer } from './offer-fact.ts';

/** As `BookingRequest` takes them. */
const maxNotesLength = 2_000;
/** As `ShortText`. */
const maxReasonLength = 200;

/** Does what comes next: asks the next open question, looks for times, books, or asks what else. */
export function proceed(draft: Draft, opening: readonly Sentence[] = []): void {
  const { state, bundle } = draft;
  if (state.waitingFor !== null) {
    say(draft, 'say', opening.length === 0 && draft.acts.length === 0 ? wording(bundle, 'one-moment') : opening);
    return;
  }
  if (state.callBack.stage !== 'wanted' && outboundStep(draft, opening)) return;
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
  if (state.callBack.stage === 'none' && changeStep(draft, opening)) return;
  if (!state.noSelling && state.callBack.stage === 'none') {
    for (const step of flowOf(bundle, state)) {
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

/** The open question once more. */
export function askAgain(draft: Draft): void {
  const { focus } = draft.state;
  if (focus.kind === 'none') proceed(draft);
  else askAbout(draft, focus, []);
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
