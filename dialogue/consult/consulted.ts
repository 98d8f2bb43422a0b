import type { Act, Sentence } from '../../contract/act.ts';
import type { DecisionRecord } from '../../contract/decision.ts';
import { afterAnswer } from '../decide/answer-facts.ts';
import { decideUpon, type CallerDecision } from '../decide/caller-said.ts';
import { say, update, updateLead, type Draft } from '../decide/draft.ts';
import type { Handled } from '../decide/tool-answers.ts';
import type { DialogueEvent } from '../event.ts';
import { guard } from '../phrase/guard.ts';
import { saysWhatItIsAbout, withoutYesOrNo } from '../phrase/guard/approved-pieces.ts';
import { fixed } from '../phrase/sentences.ts';
import { spokenOf } from '../phrase/spoken.ts';
import type { Line } from '../playbook/bundle.ts';
import { nextAction } from '../playbook/knowledge.ts';
import type { PendingConsult } from '../state.ts';
import { lookupOf } from '../understand/lookup.ts';
import { understand, type Understanding } from '../understand/understand.ts';
import { withMeaning } from './meanings.ts';

/** What a language model answered, turned into what the agent does. */
export type ConsultEvent = Extract<
  DialogueEvent,
  { type: 'consulted-meaning' | 'consulted-sentence' | 'consulted' | 'consult-failed' }
>;

/** Null: nothing to do yet, more is on its way. */
export type Consulted = ((CallerDecision | Handled) & { readonly model?: DecisionRecord['model'] }) | null;

/** An answer is three sentences on the phone. A fourth is lost on the listener. */
const maxSpoken = 3;

export function consultAnswered(draft: Draft, event: ConsultEvent): Consulted {
  const pending = draft.state.consult?.pending;
  if (pending === undefined || pending === null) return null;
  switch (event.type) {
    case 'consulted-meaning': {
      const heard = withMeaning(draft.bundle, hearAgain(draft, pending), event.meaning);
      if (heard === null || pending.spoken > 0) return null;
      const trial: Draft = { ...draft, acts: [] };
      close(trial);
      const decision = decideUpon(trial, heard);
      if (isFallback(decision)) return null;
      draft.state = trial.state;
      draft.asking = trial.asking;
      draft.acts.push(...trial.acts.map(unaffirmed));
      return { ...decision, model: event.model };
    }
    case 'consulted-sentence':
      return sentence(draft, pending, event);
    case 'consulted':
      return { ...finished(draft, pending), model: event.model };
    case 'consult-failed':
      return finished(draft, pending);
    default:
      return event satisfies never;
  }
}

const hearAgain = ({ bundle, state, nowMs }: Draft, { text, typed }: PendingConsult): Understanding =>
  understand(bundle, state, text, typed, nowMs);

/** What is done to any words: then the model's meaning has led nowhere. */
const fallbackRules: ReadonlySet<string> = new Set(['unsure', 'not-understood', 'go-ahead', 'ask-unheard-question']);

const isFallback = ({ candidates: [chosen] }: CallerDecision): boolean =>
  chosen === undefined || fallbackRules.has(chosen.rule);

function close(draft: Draft): void {
  const { consult } = draft.state;
  if (consult !== undefined) update(draft, { consult: { ...consult, pending: null } });
}

/** Spoken when the guard can prove it; if not, the approved lines of the fact that it cites. */
function sentence(
  draft: Draft,
  pending: PendingConsult,
  event: Extract<ConsultEvent, { type: 'consulted-sentence' }>,
): Handled & { model: NonNullable<DecisionRecord['model']> } {
  const { bundle, state } = draft;
  const verdict = guard(bundle, state, event, pending.lastPiece);
  const reasons = verdict.ok ? [] : [...verdict.reasons];
  const model = { ...event.model, verdict: { text: event.text.slice(0, 400), ok: verdict.ok, reasons } };
  if (pending.spoken >= maxSpoken) return { rule: 'enough-said', why: 'The answer is long enough.', model };
  if (verdict.ok) {
    speak(draft, [asSpoken(draft, event.text, verdict.cites)], verdict.cites, verdict.last);
    return { rule: 'guard-passed', why: 'The sentence is made of approved pieces.', model };
  }
  const fact = lookupOf(bundle).facts.get(event.cites.find((id) => isUsable(draft, pending, id)) ?? '');
  if (fact === undefined) return { rule: 'guard-refused', why: `Not spoken: ${reasons.join(', ')}.`, model };
  speak(draft, fixed(fact.lines, [fact.id]).map(withoutYes), [fact.id], `fact/${fact.id}/${fact.lines.length - 1}`);
  return { rule: 'guard-replaced', why: `Said in approved words instead: ${reasons.join(', ')}.`, model };
}

/** The caller did not ask what the owner's "yes" answers: that is only what a model says. */
function withoutYes(sentence: Sentence): Sentence {
  const text = withoutYesOrNo(sentence.text);
  return text === sentence.text ? sentence : { text, spoken: spokenOf(text), approved: false, cites: sentence.cites };
}

function unaffirmed(act: Act): Act {
  return 'sentences' in act && act.type === 'answer' ? { ...act, sentences: act.sentences.map(withoutYes) } : act;
}

function isUsable({ bundle }: Draft, pending: PendingConsult, id: string): boolean {
  const fact = lookupOf(bundle).facts.get(id);
  return fact !== undefined && !pending.cited.includes(id) && saysWhatItIsAbout(fact.lines);
}

function speak(draft: Draft, sentences: readonly Sentence[], cites: readonly string[], lastPiece?: string): void {
  const { lead, consult } = draft.state;
  say(draft, 'answer', sentences, cites[0] ?? 'free-answer');
  updateLead(draft, { askedAbout: [...new Set([...lead.askedAbout, ...cites])] });
  if (consult === undefined || consult.pending === null) return;
  const { pending } = consult;
  const last = lastPiece === undefined ? {} : { lastPiece };
  const cited = [...pending.cited, ...cites];
  update(draft, { consult: { ...consult, pending: { ...pending, ...last, cited, spoken: pending.spoken + 1 } } });
}

/** A line of the playbook is synthesised already; other words are read as they stand. */
function asSpoken({ bundle }: Draft, candidate: string, cites: readonly string[]): Sentence {
  const text = candidate.replaceAll(/\s+/g, ' ').trim();
  const line = bundle.facts.flatMap((fact): readonly Line[] => fact.lines).find((each) => each.text === text);
  const [approved] = line === undefined ? [] : fixed([line], cites);
  return approved ?? { text, spoken: spokenOf(text), approved: false, cites };
}

/** Back to what was open; when nothing could be said, what would have been done without a model. */
function finished(draft: Draft, pending: PendingConsult): CallerDecision | Handled {
  close(draft);
  if (pending.spoken === 0) return decideUpon(draft, hearAgain(draft, pending));
  update(draft, { misunderstoodInARow: 0 });
  const [first] = pending.cited;
  afterAnswer(draft, first === undefined ? null : nextAction(draft.bundle, 'fact', first));
  return { rule: 'free-answer', why: 'The model has answered.' };
}
