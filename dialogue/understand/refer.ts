import type { Question } from '../playbook/bundle.ts';
import type { Bundle } from '../playbook/bundle.ts';
import type { State } from '../state.ts';
import { lookupOf } from './lookup.ts';
import { hasPhrase, indexOfPhrase, wordsOf } from './words.ts';

/** "The second one": which of the options that the agent has just named. Null when it named fewer than two. */
export function namedOption(bundle: Bundle, state: State, question: Question, ordinal: number): string | null {
  const { sentences, questionAt } = state.lastSaid;
  const said = wordsOf(sentences[questionAt] ?? '');
  const phrases = lookupOf(bundle).phrases.get(question.id) ?? [];
  const named = question.options
    .map(({ id }) => {
      const places = phrases
        .filter(({ option }) => option === id)
        .map(({ words }) => indexOfPhrase(said, words))
        .filter((at) => at >= 0);
      return { id, at: Math.min(...places) };
    })
    .filter(({ at }) => Number.isFinite(at))
    .sort((a, b) => a.at - b.at);
  if (named.length < 2) return null;
  return named.at(ordinal > 0 ? ordinal - 1 : ordinal)?.id ?? null;
}

const thisNumber = [
  'same number',
  "number i'm calling from",
  'number i am calling from',
  "the one i'm calling from",
  'this number',
  'this one is fine',
  'number i called from',
  'number you see',
  'number on your screen',
  'my caller id',
];

/** "The same number I'm calling from." */
export const meansThisNumber = (words: readonly string[]): boolean =>
  hasPhrase(words, thisNumber) && !words.includes('not') && words[0] !== 'no';
