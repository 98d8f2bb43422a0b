import type { Sentence } from '../../contract/act.ts';
import { fixed, wording } from '../phrase/sentences.ts';
import type { Escalation } from '../playbook/bundle.ts';
import { indexOfPhrase } from '../understand/words.ts';
import type { Guess } from '../understand/classify.ts';
import { wantCallBack } from './want-call-back.ts';
import { requestId, say, update, updateLead, type Draft } from './draft.ts';
import { askAbout } from './ask-about.ts';
import { proceed, resume } from './proceed.ts';
import { isAtLeast, isOpen, ownerOf, personFor } from './routing.ts';

/** What an escalation needs of its rule; objections that the playbook escalates have one too. */
type Reason = Pick<Escalation, 'id' | 'label' | 'how' | 'lines' | 'to'>;

/** As `ShortText`. */
const maxReasonLength = 200;
const maxBriefingLength = 1_000;

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
      return transfer(draft, reason.label, opening);
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

/** Looks for a person who can take the call now; where that is known to fail, a call back is arranged at once. */
function transfer(draft: Draft, reason: string, opening: readonly Sentence[]): void {
  const { bundle, state, nowMs } = draft;
  const person = personFor(bundle, state, nowMs);
  const possible =
    person !== null &&
    (person.phone !== undefined || person.sip !== undefined) &&
    state.waitingFor === null &&
    !state.nobodyFree &&
    isOpen(bundle.scheduling, nowMs);
  if (!possible) {
    wantCallBack(draft, reason);
    return proceed(draft, [...opening, ...wording(bundle, 'call-back-intro')]);
  }
  const id = requestId(draft, 'transfer');
  say(draft, 'say', [...opening, ...wording(bundle, 'transfer-try')], 'transfer');
  draft.acts.push({
    type: 'transfer',
    requestId: id,
    to: ownerOf(person),
    reason: reason.slice(0, maxReasonLength),
    briefing: briefing(draft, reason),
  });
  update(draft, {
    focus: { kind: 'none' },
    expecting: { kind: 'none' },
    waitingFor: { requestId: id, tool: 'transfer' },
    transferReason: reason,
  });
}

/** What a person should know before they say hello. */
function briefing({ bundle, state }: Draft, reason: string): string {
  const { lead } = state;
  const lines = [
    reason,
    [lead.name, lead.phone, lead.email].filter((value) => value !== undefined).join(', '),
    ...bundle.questions.flatMap((question) => {
      const answer = lead.answers[question.id];
      return answer === undefined ? [] : [`${question.label}: ${answer.display}`];
    }),
    ...lead.objections.map(({ id, outcome }) => `Objection ${id}: ${outcome}`),
  ];
  return lines
    .filter((line) => line !== '')
    .join('\n')
    .slice(0, maxBriefingLength);
}
