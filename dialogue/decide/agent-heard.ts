import type { DialogueEvent } from '../event.ts';
import type { State } from '../state.ts';
import { focusName } from './focus.ts';

/**
 * A question that the caller talked over before half of it was out does not count as asked. Of a read-back the value
 * must have been heard; "is that right?" goes without saying.
 */
export function agentHeard(state: State, event: Extract<DialogueEvent, { type: 'agent-heard' }>): State {
  const { sentences, questionAt } = state.lastSaid;
  const question = sentences[questionAt];
  if (!event.interrupted || question === undefined || !state.focusHeard) return state;
  const before = sentences.slice(0, questionAt).reduce((length, sentence) => length + sentence.length + 1, 0);
  const readBack = state.focus.kind.startsWith('confirm-');
  if (event.text.trim().length + 1 >= before + (readBack ? 0 : question.length / 2)) return state;
  const name = focusName(state.focus);
  return { ...state, focusHeard: false, asked: { ...state.asked, [name]: Math.max(0, (state.asked[name] ?? 0) - 1) } };
}
