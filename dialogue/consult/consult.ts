import type { Consultation, ConsultedTurn } from '../../contract/consultation.ts';
import { requestId, update, type Draft } from '../decide/draft.ts';
import type { State } from '../state.ts';
import type { Understanding } from '../understand/understand.ts';
import { menuOf, questionsOf } from './meanings.ts';
import { withoutPrivateParts } from './private-parts.ts';
import { relevantFacts } from './relevant-facts.ts';

const maxTurns = 6;
const maxTurnLength = 300;
const maxHeardLength = 600;

/** A short reply to a request for a name or a number is not for others to read. */
const personal: ReadonlySet<State['focus']['kind']> = new Set(['name', 'contact', 'confirm-phone', 'confirm-email']);

/** Whether a language model may be asked what this utterance means. */
export function mayConsult(state: State, heard: Understanding): boolean {
  return (
    state.consult?.pending === null &&
    state.waitingFor === null &&
    heard.words.length >= 2 &&
    (heard.question || !personal.has(state.focus.kind))
  );
}

/** Asks. Until the answer is there, or its time is up, nothing is said. */
export function consult(draft: Draft, heard: Understanding, said: { confidence: number; typed: boolean }): void {
  const { consult: memory } = draft.state;
  if (memory === undefined) return;
  const id = requestId(draft, 'consult');
  const { confidence, typed } = said;
  draft.acts.push({ type: 'consult', requestId: id, consultation: consultationFor(draft, heard, memory.turns) });
  const pending = { requestId: id, text: heard.text, typed, confidence, cited: [], spoken: 0 };
  update(draft, { consult: { ...memory, pending } });
}

function consultationFor(
  { bundle, state }: Draft,
  heard: Understanding,
  turns: readonly ConsultedTurn[],
): Consultation {
  return {
    business: { name: bundle.business.name, agentName: bundle.business.agentName },
    locale: bundle.locale,
    style: bundle.voice.style,
    forbidden: bundle.voice.forbidden,
    turns,
    heard: withoutPrivateParts(heard.text, state.lead).slice(0, maxHeardLength),
    facts: relevantFacts(bundle, heard.words, heard.guesses).map(({ id, lines }) => ({
      id,
      lines: lines.map((line) => line.text),
    })),
    meanings: menuOf(bundle).meanings,
    questions: questionsOf(bundle),
  };
}

/** Keeps what was said for the next consultation. Without a language model nothing is kept. */
export function rememberTurn(state: State, who: ConsultedTurn['who'], text: string): State {
  const { consult: memory } = state;
  if (memory === undefined || text === '') return state;
  const turn = { who, text: withoutPrivateParts(text, state.lead).slice(0, maxTurnLength) };
  return { ...state, consult: { ...memory, turns: [...memory.turns, turn].slice(-maxTurns) } };
}
