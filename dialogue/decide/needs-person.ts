import { fixed, wording } from '../phrase/sentences.ts';
import { phoneSentence } from '../phrase/values.ts';
import type { Escalation } from '../playbook/bundle.ts';
import type { Understanding } from '../understand/understand.ts';
import { intentIn, type CallerTurn, type Candidate } from './candidate.ts';
import { ask, say, update, type Draft } from './draft.ts';
import { escalate, hasEscalated, highStakesIn, largeDealIn, noteEscalation, ruleFor } from './escalate.ts';
import { proceed } from './proceed.ts';
import { wantCallBack } from './want-call-back.ts';

/** What a person should take over, whatever else the utterance holds. */
export function needsPerson(draft: Draft, { before, heard }: CallerTurn): Candidate[] {
  const candidates: Candidate[] = [];
  const stakes = highStakesIn(draft, heard);
  if (stakes !== null) {
    const { rule } = stakes;
    candidates.push({
      act: 'promise',
      rule: `high-stakes-${rule.id}`,
      // Above every other candidate: such a thing is never answered.
      score: 0.99,
      why: `For a person: ${rule.label} (${Math.round(stakes.confidence * 100)} % sure).`,
      run: (to) => highStakes(to, rule),
    });
  }
  const upset = ruleFor(draft, 'upset');
  if (
    upset !== undefined &&
    isUnhappy(heard) &&
    draft.state.unhappyInARow >= (upset.times ?? 2) &&
    before.callBack.stage === 'none' &&
    !hasEscalated(draft, upset.id)
  ) {
    candidates.push({
      act: 'say',
      rule: `escalate-${upset.id}`,
      score: 0.965,
      why: `The caller has been unhappy ${draft.state.unhappyInARow} times in a row.`,
      run: (to) => soothe(to),
    });
  }
  const large = largeDealIn(draft);
  if (large !== undefined && large.how !== 'go-on' && before.callBack.stage === 'none') {
    candidates.push({
      act: 'promise',
      rule: `escalate-${large.id}`,
      score: 0.97,
      why: `The deal is large: ${large.label}.`,
      run: (to) => escalate(to, large),
    });
  }
  return candidates;
}

export function isUnhappy(heard: Understanding): boolean {
  return heard.sentiment === 'negative' || intentIn(heard, 'complaint') >= 0.5;
}

/** An apology, and a person, as the playbook says. */
export function soothe(draft: Draft): void {
  const rule = ruleFor(draft, 'upset');
  const sorry = wording(draft.bundle, 'sorry');
  if (rule === undefined) return proceed(draft, sorry);
  escalate(draft, rule, rule.lines.length > 0 ? fixed(rule.lines) : sorry);
}

/** A large deal that only has to be known: said once, on the way to what comes next. */
export function noteLargeDeal(draft: Draft): void {
  const large = largeDealIn(draft);
  if (large === undefined || large.how !== 'go-on') return;
  noteEscalation(draft, large);
  say(draft, 'say', fixed(large.lines), large.id);
}

function highStakes(draft: Draft, rule: Escalation): void {
  const { bundle, state } = draft;
  const before = hasEscalated(draft, rule.id);
  const opening = fixed(rule.lines);
  if (state.waitingFor !== null || state.callBack.stage === 'wanted' || state.callBack.stage === 'requested') {
    noteEscalation(draft, rule);
    if (state.callBack.stage === 'none') wantCallBack(draft, rule.label);
    else if (state.callBack.stage === 'wanted') update(draft, { callBack: { ...state.callBack, reason: rule.label } });
    return proceed(draft, opening);
  }
  if (!before) {
    if (state.callBack.stage !== 'recorded') return escalate(draft, rule);
    // Promised for another reason: the person who calls must know this one.
    noteEscalation(draft, rule);
    wantCallBack(draft, rule.label);
    return proceed(draft, opening);
  }
  // Said before: the caller insists, and still gets a person, not an answer.
  if (state.callBack.stage === 'none') return escalate(draft, rule);
  const { phone } = bundle.business;
  const after =
    state.callBack.stage === 'recorded'
      ? wording(bundle, 'person-takes-care')
      : [...wording(bundle, 'call-us'), ...(phone === undefined ? [] : [phoneSentence(phone)])];
  ask(draft, { kind: 'anything-else' }, [...opening, ...after, ...wording(bundle, 'anything-else')]);
}
