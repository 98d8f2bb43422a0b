import type { State } from '../state.ts';
import type { Understanding } from '../understand/understand.ts';
import { acknowledgement } from '../phrase/sentences.ts';
import { resolveObjections } from './absorb.ts';
import { update, type Draft } from './draft.ts';
import { stepOf } from './focus.ts';
import { proceed } from './proceed.ts';

/** One thing the agent could do now. The highest score is done; all are recorded. */
export interface Candidate {
  /** The act it leads to, as `answer` or `ask`. */
  readonly act: string;
  readonly rule: string;
  /** 0 to 1. */
  readonly score: number;
  readonly why: string;
  /** It answers what is open: a question in the same breath is answered first. */
  readonly answers?: true;
  run(draft: Draft): void;
}

/** A caller's turn: the state before it, what was understood, and what was newly learned from it. */
export interface CallerTurn {
  readonly before: State;
  readonly heard: Understanding;
  readonly taken: readonly string[];
}

/** A reply that answers the open question: whoever answers is no longer objecting. */
export function answering(
  act: string,
  rule: string,
  score: number,
  why: string,
  run: (draft: Draft) => void,
): Candidate {
  return {
    act,
    rule,
    score,
    why,
    answers: true,
    run: (draft) => {
      resolveObjections(draft);
      getsOn(draft);
      run(draft);
    },
  };
}

/** The appointment has several questions: an answer to one of them clears what was missed at another. */
function getsOn(draft: Draft): void {
  const { focus, missed } = draft.state;
  if (stepOf(focus) === 'appointment') update(draft, { missed: { ...missed, appointment: 0 } });
}

/** On to the next step, with a word of thanks. */
export function proceedGladly(draft: Draft): void {
  proceed(draft, acknowledgement(draft.bundle, draft.turn));
}

/** How sure an intent is, 0 when it was not meant. */
export function intentIn(heard: Understanding, id: string): number {
  return heard.guesses.find(({ label }) => label.kind === 'intent' && label.id === id)?.confidence ?? 0;
}

/** How sure a yes or no is, as a score. */
export function polarityScore(heard: Understanding): number {
  return heard.polarity.confidence * 0.95;
}
