import type { DialogueEvent } from '../event.ts';
import type { Sentence } from '../../contract/act.ts';
import { consult, mayConsult } from '../consult/consult.ts';
import { fixed, wording } from '../phrase/sentences.ts';
import type { Escalation } from '../playbook/bundle.ts';
import { holdsRedacted, withoutRedacted } from '../redact/redact.ts';
import { understand, type Understanding } from '../understand/understand.ts';
import { absorb } from './absorb.ts';
import { tellFacts } from './answer-facts.ts';
import { answerFocus } from './answer-focus.ts';
import { asides } from './asides.ts';
import { proceedGladly, type CallerTurn, type Candidate } from './candidate.ts';
import { pieceFailed } from './answer-piece.ts';
import { say, update, type Draft } from './draft.ts';
import { escalate, highStakesIn, ruleFor } from './escalate.ts';
import { finish } from './finish.ts';
import { isUnhappy, needsPerson, noteLargeDeal } from './needs-person.ts';
import { askAbout } from './ask-about.ts';
import { askAgain, miss, proceed, resume } from './proceed.ts';

/** After this many replies in a row that made no sense the call is ended politely. */
const maxMisunderstood = 5;

/** After these the caller has not been understood, or not yet. */
const notUnderstoodRules: ReadonlySet<string> = new Set(['not-understood', 'unsure', 'ask-the-model']);

export interface CallerDecision {
  readonly heard: Understanding;
  readonly taken: readonly string[];
  /** Best first; the first one was done. */
  readonly candidates: readonly Candidate[];
}

export function callerSaid(draft: Draft, event: Extract<DialogueEvent, { type: 'caller-said' }>): CallerDecision {
  const { consult: memory } = draft.state;
  // Whoever goes on talking is not waiting for an answer to what they said before.
  if (memory?.pending) update(draft, { consult: { ...memory, pending: null } });
  const heard = bestHearing(draft, event);
  const before = draft.state;
  update(draft, {
    callerHasSpoken: before.callerHasSpoken || heard.words.length > 0,
    silencesInARow: 0,
    unhappyInARow: isUnhappy(heard) ? before.unhappyInARow + 1 : 0,
  });
  return decideUpon(draft, heard, event);
}

/** @param said Given where a language model may still be asked what it means. */
export function decideUpon(
  draft: Draft,
  heard: Understanding,
  said?: { readonly text: string; readonly confidence: number; readonly typed: boolean },
): CallerDecision {
  const before = draft.state;
  const taken = before.ended === null ? absorb(draft, heard) : [];
  const turn: CallerTurn = { before, heard, taken };
  const candidates = (
    before.ended === null
      ? [
          ...needsPerson(draft, turn),
          answerFocus(draft, turn),
          ...asides(draft, turn),
          ...fallbacks(turn),
          said && holdsRedacted(said.text) ? notKept : null,
          consulting(turn, said),
        ]
      : [afterGoodbye()]
  )
    .filter((candidate) => candidate !== null)
    .sort((a, b) => b.score - a.score);
  const [chosen] = candidates;
  if (chosen !== undefined) {
    if (!notUnderstoodRules.has(chosen.rule)) update(draft, { misunderstoodInARow: 0 });
    if (!['goodbye', 'promise', 'consult'].includes(chosen.act)) noteLargeDeal(draft);
    if (chosen.answers === true) tellFacts(draft, askedBeside(heard));
    chosen.run(draft);
    rememberContext(draft, heard);
  }
  return { heard, taken, candidates };
}

/** "The second one, and is the inspection free?": the fact that is asked for beside an answer. */
function askedBeside({ question, guesses }: Understanding): string[] {
  const fact = guesses.find(({ label, confidence, leads }) => label.kind === 'fact' && leads && confidence >= 0.7);
  return question && fact !== undefined ? [fact.label.id] : [];
}

/** As much of a question as the next one may lean on. */
const maxQuestionLength = 120;

/** What was told, and what was asked for it: the next question may leave that out. */
function rememberContext(draft: Draft, { asked }: Understanding): void {
  const told = draft.acts.findLast((act) => 'sentences' in act && act.sentences.some(({ cites }) => cites.length > 0));
  if (told === undefined || !('sentences' in told)) return;
  const fact = told.sentences.flatMap(({ cites }) => cites).at(-1) ?? null;
  const { context } = draft.state;
  const question = told.type === 'answer' ? asked.slice(0, maxQuestionLength) : context.question;
  update(draft, { context: { fact, question } });
}

/** The first hearing that answers what is open, or else the best one. */
function bestHearing(draft: Draft, event: Extract<DialogueEvent, { type: 'caller-said' }>): Understanding {
  const { bundle, state, nowMs } = draft;
  const first = understand(bundle, state, withoutRedacted(event.text), event.typed, nowMs);
  const makesSense = (heard: Understanding): boolean => {
    const probe: Draft = { ...draft, acts: [] };
    const taken = absorb(probe, heard);
    return (
      taken.length > 0 ||
      highStakesIn(probe, heard) !== null ||
      heard.guesses.some((guess) => guess.confidence >= 0.5) ||
      answerFocus(probe, { before: state, heard, taken }) !== null
    );
  };
  // Nine digits make sense, but the ten of another hearing are a number.
  const whole = (heard: Understanding): boolean =>
    state.focus.kind !== 'contact' || heard.digits === '' || heard.phone !== null || heard.email !== null;
  if (event.alternatives.length === 0 || (makesSense(first) && whole(first))) return first;
  const others = event.alternatives
    .slice(0, 4)
    .filter(({ text }) => text !== event.text)
    .map(({ text }) => understand(bundle, state, withoutRedacted(text), event.typed, nowMs));
  if (makesSense(first)) return others.find((heard) => heard.phone !== null) ?? first;
  return others.find(makesSense) ?? first;
}

/** They must not be asked to say it again. */
const notKept: Candidate = {
  act: 'say',
  rule: 'not-kept',
  score: 0.38,
  why: 'The caller said something that is not kept.',
  run: (draft) => resume(draft, wording(draft.bundle, 'not-kept')),
};

function afterGoodbye(): Candidate {
  return {
    act: 'goodbye',
    rule: 'after-goodbye',
    score: 1,
    why: 'The call is over already.',
    run: (draft) => finish(draft, ['goodbye'], draft.state.ended ?? 'incomplete'),
  };
}

/** A question that the playbook has no answer to, or words that it cannot place. */
function consulting(
  { before, heard }: CallerTurn,
  said: { readonly confidence: number; readonly typed: boolean } | undefined,
): Candidate | null {
  if (said === undefined || !mayConsult(before, heard)) return null;
  return {
    act: 'consult',
    rule: 'ask-the-model',
    // Just above what would be done without a model.
    score: heard.question ? 0.28 : 0.15,
    why: 'The playbook alone has no answer.',
    run: (draft) => consult(draft, heard, said),
  };
}

/** What is done when nothing fits well. The last of them always applies. */
function fallbacks({ before, heard, taken }: CallerTurn): Candidate[] {
  const list: Candidate[] = [];
  if (taken.length > 0) {
    list.push({
      act: 'ask',
      rule: 'volunteered',
      score: 0.6,
      why: `The caller told us: ${taken.join(', ')}.`,
      run: proceedGladly,
    });
  }
  if (before.waitingFor !== null) {
    list.push({
      act: 'say',
      rule: 'still-working',
      score: 0.4,
      why: 'A calendar or booking answer is on its way.',
      run: (draft) => say(draft, 'say', wording(draft.bundle, 'one-moment')),
    });
  }
  if (!before.focusHeard) {
    list.push({
      act: 'ask',
      rule: 'ask-unheard-question',
      score: 0.35,
      why: 'The caller talked over the question.',
      run: askAgain,
    });
  }
  const { focus } = before;
  if (focus.kind === 'number-piece') {
    list.push({
      act: 'ask',
      rule: 'piece-unclear',
      score: 0.32,
      why: 'Not the digits that were asked for.',
      run: (draft) => pieceFailed(draft, focus, 'piece-unclear'),
    });
  }
  const open = before.focus.kind === 'question' || before.focus.kind === 'name' || before.focus.kind === 'contact';
  if (open && heard.polarity.answer === 'yes' && heard.words.length <= 3) {
    list.push({
      act: 'ask',
      rule: 'go-ahead',
      score: 0.3,
      why: 'A yes, but the question asks for more.',
      run: (draft) => {
        miss(draft);
        resume(draft, []);
      },
    });
  }
  if (heard.question && heard.words.length >= 3) {
    list.push({
      act: 'answer',
      rule: 'unsure',
      score: 0.25,
      why: 'A question that the playbook has no answer to.',
      run: unsure,
    });
  }
  list.push({
    act: 'reprompt',
    rule: 'not-understood',
    score: 0.1,
    why: 'Nothing in the playbook fits.',
    run: notUnderstood,
  });
  return list;
}

function unsure(draft: Draft): void {
  const times = draft.state.misunderstoodInARow + 1;
  update(draft, { misunderstoodInARow: times });
  say(draft, 'answer', wording(draft.bundle, 'unsure'), 'unsure');
  const rule = ruleFor(draft, 'not-understood');
  if (times >= (rule?.times ?? 2) && mayOfferCallBack(draft)) return offerPerson(draft, rule, []);
  resume(draft, []);
}

function notUnderstood(draft: Draft): void {
  const { bundle } = draft;
  const times = draft.state.misunderstoodInARow + 1;
  update(draft, { misunderstoodInARow: times });
  if (times >= maxMisunderstood) return finish(draft, ['not-understood-again', 'silent-goodbye']);
  const { focus } = draft.state;
  miss(draft);
  const rule = ruleFor(draft, 'not-understood');
  const patience = rule?.times ?? 2;
  if (times < patience)
    return resumeOrRepeat(draft, wording(bundle, times === 1 ? 'not-understood' : 'not-understood-again'));
  if (mayOfferCallBack(draft)) return offerPerson(draft, rule, wording(bundle, 'not-understood-again'));
  if (focus.kind === 'anything-else' || focus.kind === 'none')
    return proceed(draft, wording(bundle, 'not-understood-again'));
  proceed(draft, wording(bundle, 'must-skip'));
}

/** As the playbook says, or by an offer where it is a bundle without rules. */
function offerPerson(draft: Draft, rule: Escalation | undefined, opening: readonly Sentence[]): void {
  if (rule === undefined) return askAbout(draft, { kind: 'offer-call-back' }, opening);
  escalate(draft, rule, [...opening, ...fixed(rule.lines)]);
}

/** Yes-or-no questions are asked whole again. */
function resumeOrRepeat(draft: Draft, opening: ReturnType<typeof wording>): void {
  const { focus } = draft.state;
  if (
    focus.kind === 'confirm-phone' ||
    focus.kind === 'confirm-piece' ||
    focus.kind === 'confirm-email' ||
    focus.kind === 'anything-else' ||
    focus.kind === 'offer-call-back' ||
    focus.kind === 'offer-fact'
  ) {
    return askAbout(draft, focus, opening);
  }
  resume(draft, opening);
}

function mayOfferCallBack(draft: Draft): boolean {
  return draft.state.callBack.stage === 'none' && (draft.state.asked['offer-call-back'] ?? 0) === 0;
}
