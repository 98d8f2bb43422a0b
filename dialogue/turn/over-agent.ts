import type { Bundle } from '../playbook/bundle.ts';
import type { State } from '../state.ts';
import { chooseSlot } from '../capture/slot-choice.ts';
import { polarityOf } from '../understand/polarity.ts';
import { understand } from '../understand/understand.ts';
import { wordsOf } from '../understand/words.ts';
import { attention, backchannels } from './interjections.ts';
import { makesSense } from './sense.ts';
import { soundsUnfinished } from './unfinished.ts';

/**
 * What words over the agent's voice are:
 * - `turn`: they ask, answer or object; the agent gives way.
 * - `backchannel`: "uh huh" and its like. The caller listens; the agent goes on.
 * - `unclear`: they mean nothing here. A cough, another voice in the room, or a turn that was misheard.
 */
export type OverAgent = 'turn' | 'backchannel' | 'unclear';

const listening = new Set(backchannels);
const wantsToBeHeard = new RegExp(`^(?:${attention.join('|')}|(?:(?:okay|ok|yes|yeah|right|sure|well) )?but)\\b`);

/** So sure must the dialogue be that it was spoken to. */
const clearFrom = 0.8;
/** As an answer to a question with a unit, or an option, has it. */
const clearAnswerFrom = 0.88;
/** Fewer of them may be anything. */
const clearDigits = 3;

/**
 * @param questionHeard the agent had come to its question: a short answer to it is plausible.
 */
export function overAgent(
  bundle: Bundle,
  state: State,
  text: string,
  { questionHeard, nowMs }: { questionHeard: boolean; nowMs: number },
): OverAgent {
  const words = wordsOf(text);
  if (words.length === 0) return 'unclear';
  if (isBackchannel(bundle, state, words, nowMs)) return 'backchannel';
  if (wantsToBeHeard.test(words.join(' '))) return 'turn';
  const heard = understand(bundle, state, text, false, nowMs);
  if (questionHeard && makesSense(state, heard)) return 'turn';
  const clear = heard.guesses.some((guess) => guess.confidence >= clearFrom);
  if (clear && words.length >= 2 && !soundsUnfinished(words)) return 'turn';
  const { focus, expecting, dictation, appointment } = state;
  if (expecting.kind === 'yes-no' && heard.polarity.answer !== 'none') return 'turn';
  if (focus.kind === 'question' && (heard.answers[focus.id]?.confidence ?? 0) >= clearAnswerFrom) return 'turn';
  if (focus.kind === 'name' && heard.name?.name.includes(' ') === true) return 'turn';
  if (focus.kind === 'slot' && chooseSlot(appointment.offered, heard.when).kind === 'chosen') return 'turn';
  const wholeContact = heard.phone !== null || heard.email !== null;
  return wholeContact || heard.digits.length >= dictation.digits.length + clearDigits ? 'turn' : 'unclear';
}

/** Listening, not a turn, unless it answers what is asked. */
function isBackchannel(bundle: Bundle, state: State, words: readonly string[], nowMs: number): boolean {
  const text = words.join(' ');
  if (!listening.has(text)) return false;
  const { focus, expecting, appointment } = state;
  // One offered time asks for a yes or a no as well.
  const yesOrNo = expecting.kind === 'yes-no' || (focus.kind === 'slot' && appointment.offered.length === 1);
  if (yesOrNo) return polarityOf(words).answer === 'none';
  return focus.kind !== 'question' || understand(bundle, state, text, false, nowMs).answers[focus.id] === undefined;
}
