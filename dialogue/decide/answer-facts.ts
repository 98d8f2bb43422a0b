import type { Action } from '../playbook/knowledge.ts';
import { fixed, wording } from '../phrase/sentences.ts';
import type { Guess } from '../understand/classify.ts';
import { lookupOf } from '../understand/lookup.ts';
import { say, updateLead, type Draft } from './draft.ts';
import { askAbout } from './ask-about.ts';
import { proceed, resume } from './proceed.ts';

/** Two questions in one breath get two answers; a third would be forgotten. */
export function secondFact(guesses: readonly Guess[], first: string): string[] {
  const second = guesses.find(
    ({ label, confidence }) => label.kind === 'fact' && label.id !== first && confidence >= 0.8,
  );
  return second === undefined ? [] : [second.label.id];
}

/** Says facts, and notes that the caller asked about them. */
export function tellFacts(draft: Draft, ids: readonly string[]): void {
  const { facts } = lookupOf(draft.bundle);
  updateLead(draft, { askedAbout: [...new Set([...draft.state.lead.askedAbout, ...ids])] });
  for (const id of ids) say(draft, 'answer', fixed(facts.get(id)?.lines ?? [], [id]), id);
}

/** Says facts; then back to what was open, or on to the next best action or to a fact nearby. */
export function answerFacts(draft: Draft, ids: readonly string[], action: Action | null): void {
  tellFacts(draft, ids);
  afterAnswer(draft, action);
}

/** What comes after an answer. */
export function afterAnswer(draft: Draft, action: Action | null): void {
  const { bundle, state } = draft;
  if (state.waitingFor !== null) return;
  const { focus } = state;
  const open = focus.kind !== 'none' && focus.kind !== 'anything-else' && focus.kind !== 'offer-fact';
  const answered = focus.kind === 'question' && draft.state.lead.answers[focus.id] !== undefined;
  if (open && !answered) {
    const bridge = focus.kind === 'question' || focus.kind === 'name' || focus.kind === 'contact';
    return resume(draft, bridge ? wording(bundle, 'back-to') : []);
  }
  if (
    action === 'appointment' &&
    state.noSelling &&
    state.appointment.wish === 'unknown' &&
    (state.asked['want-appointment'] ?? 0) === 0
  ) {
    return askAbout(draft, { kind: 'want-appointment' }, []);
  }
  if (action === 'call-back' && state.callBack.stage === 'none' && (state.asked['offer-call-back'] ?? 0) === 0) {
    return askAbout(draft, { kind: 'offer-call-back' }, []);
  }
  proceed(draft);
}
