import type { DateTime } from 'luxon';
import type { LeadAnswer } from '../../contract/lead.ts';
import { moneyIn } from '../capture/money.ts';
import { quantityIn } from '../capture/quantity.ts';
import { daysAwayIn } from '../capture/timeline.ts';
import type { Bundle, Option, Question } from '../playbook/bundle.ts';
import type { Guess } from './classify.ts';
import { lookupOf } from './lookup.ts';
import { polarityOf } from './polarity.ts';
import { indexOfPhrase } from './words.ts';

/** The least confidence with which a guess fills the question that is open, and one that is not. */
const askedFloor = 0.4;
const volunteeredFloor = 0.7;
/** How sure an objection must be to stand against an answer, and how much surer the answer then. */
const objectionFloor = 0.6;
const overObjection = 0.25;

/** The answer to one question that an utterance holds, asked for or volunteered. */
export function answerIn(
  bundle: Bundle,
  question: Question,
  words: readonly string[],
  guesses: readonly Guess[],
  asked: boolean,
  now: DateTime,
): LeadAnswer | null {
  switch (question.type) {
    case 'choice':
      return byOption(bundle, question, words, guesses, asked);
    case 'timeline': {
      const topic = asked || words.length > 2;
      const days = topic ? daysAwayIn(words, now) : null;
      const byPhrase = byOption(bundle, question, words, guesses, asked);
      if (byPhrase !== null && byPhrase.confidence >= 0.9) return byPhrase;
      if (days === null || (!asked && byPhrase === null)) return byPhrase;
      const option = question.options.find(
        (candidate) => candidate.withinDays !== undefined && days <= candidate.withinDays,
      );
      return option === undefined ? byPhrase : answer(option, 0.9);
    }
    case 'quantity': {
      const amount = question.unit === undefined ? null : quantityIn(words, question.unit, asked);
      return amount === null
        ? null
        : { value: amount.value, display: amount.display, confidence: amount.confidence, confirmed: false };
    }
    case 'money': {
      const amount = moneyIn(words, asked);
      return amount === null
        ? null
        : { value: amount.value, display: amount.display, confidence: amount.confidence, confirmed: false };
    }
    default:
      return question.type satisfies never;
  }
}

function byOption(
  bundle: Bundle,
  question: Question,
  words: readonly string[],
  guesses: readonly Guess[],
  asked: boolean,
): LeadAnswer | null {
  const optionOf = (id: string | undefined) => question.options.find((option) => option.id === id);
  const said = optionOf(saidPhrase(bundle, question, words, asked));
  if (said !== undefined) return answer(said, 0.95);
  const polarity = polarityOf(words);
  const replied = asked ? question.options.find((candidate) => candidate.reply === polarity.answer) : undefined;
  if (replied !== undefined) return answer(replied, polarity.confidence);
  // Where the words mean something else rather, they are no answer because one is wanted. To take an objection for an
  // answer costs more than to ask again.
  const objected = guesses.find(({ label }) => label.kind === 'objection')?.confidence ?? 0;
  const guess = guesses.find(
    ({ label, confidence, leads }) =>
      label.kind === 'answer' &&
      label.question === question.id &&
      confidence >= (asked && leads ? askedFloor : volunteeredFloor) &&
      (objected < objectionFloor || confidence >= objected + overObjection),
  );
  const option = optionOf(guess?.label.id);
  return guess === undefined || option === undefined ? null : answer(option, guess.confidence);
}

/** The option whose phrase was said: the longest one, and of equals the first. */
function saidPhrase(bundle: Bundle, question: Question, words: readonly string[], asked: boolean): string | undefined {
  let best: { option: string; length: number; at: number } | undefined;
  for (const { option, words: phrase } of lookupOf(bundle).phrases.get(question.id) ?? []) {
    if (best !== undefined && phrase.length < best.length) break;
    // One word alone is too little for an answer nobody asked for.
    if (!asked && phrase.length === 1) continue;
    const at = indexOfPhrase(words, phrase);
    if (at < 0 || negated(words, at)) continue;
    if (best === undefined || at < best.at) best = { option, length: phrase.length, at };
  }
  return best?.option;
}

function negated(words: readonly string[], at: number): boolean {
  return words.slice(Math.max(0, at - 3), at).some((word) => word === 'not' || word === "don't" || word === "isn't");
}

function answer(option: Option, confidence: number): LeadAnswer {
  return { value: option.id, display: option.label, confidence, confirmed: false };
}
