import type { Sentence } from '../../contract/act.ts';
import { fixed, wording } from '../phrase/sentences.ts';
import type { Escalation } from '../playbook/bundle.ts';
import { indexOfPhrase } from '../understand/words.ts';
import type { Guess } from '../understand/classify.ts';
import { wantCallBack } from './want-call-back.ts';
import { update, updateLead, type Draft } from './draft.ts';
import { handOver } from './hand-over.ts';
import { askAbout } from './ask-about.ts';
import { proceed, resume } from './proceed.ts';
import { isAtLeast } from './routing.ts';

/** What an escalation needs of its rule; objections that the playbook escalates have one too. */
type Reason = Pick<Escalation, 'id' | 'label' | 'how' | 'lines' | 'to'>;

/** The playbook's rule of a kind. High stakes and large deals have several: see below. */
export function ruleFor(draft: Draft, when: 'asked-for-person' | 'not-understood' | 'upset'): Escalation | undefined {
  return draft.bundle.escalation?.find((rule) => rule.when === when);
}

export function hasEscalated(draft: Draft, id: string): boolean {
  return draft.state.escalations.some(({ rule }) => rule === id);
}

/** How sure a guess must be: the best of all, or one beside a better one. Phrases need no guess. */
const bestFloor = 0.5;
const besideFloor = 0.85;

/** The high-stakes topic an utterance touches, with how sure that is. */
export function highStakesIn(
  draft: Draft,
  heard: { readonly words: readonly string[]; readonly guesses: readonly Guess[] },
): { rule: Escalation; confidence: number } | null {
  const rules = draft.bundle.escalation?.filter((rule) => rule.when === 'high-stakes') ?? [];
  const said = rules.find((rule) => rule.phrases.some((phrase) => indexOfPhrase(heard.words, phrase.split(' ')) >= 0));
  if (said !== undefined) return { rule: said, confidence: 0.95 };
  const guess = heard.guesses.find(
    ({ label, confidence }, place) =>
      label.kind === 'high-stakes' && confidence >= (place === 0 ? bestFloor : besideFloor),
  );
  const rule = rules.find(({ id }) => id === guess?.label.id);
  return guess === undefined || rule === undefined ? null : { rule, confidence: guess.confidence };
}

/** A large deal that has just shown. */
export function largeDealIn(draft: Draft): Escalation | undefined {
  return draft.bundle.escalation?.find(
    ({ id, when, question, atLeast }) =>
      when === 'large-deal' &&
      question !== undefined &&
      atLeast !== undefined &&
      !hasEscalated(draft, id) &&
      isAtLeast(draft.state.lead, question, atLeast),
  );
}

/** Writes down that a rule applied: for the routing, the lead's tags and the record. */
export function noteEscalation(draft: Draft, { id, to }: Reason): void {
  const { escalations, lead } = draft.state;
  update(draft, {
    escalations: [...escalations.filter(({ rule }) => rule !== id), { rule: id, ...(to === undefined ? {} : { to }) }],
  });
  updateLead(draft, { tags: [...new Set([...lead.tags, id])] });
}

/** Brings in a person the way the rule says. */
export function escalate(draft: Draft, reason: Reason, opening: readonly Sentence[] = fixed(reason.lines)): void {
  noteEscalation(draft, reason);
  switch (reason.how) {
    case 'transfer':
      return handOver(draft, reason.label, opening);
    case 'call-back':
      wantCallBack(draft, reason.label);
      return proceed(draft, [...opening, ...wording(draft.bundle, 'call-back-intro')]);
    case 'offer':
      return askAbout(draft, { kind: 'offer-call-back', reason: reason.label }, opening);
    case 'go-on':
      return resume(draft, opening);
    default:
      return reason.how satisfies never;
  }
}
