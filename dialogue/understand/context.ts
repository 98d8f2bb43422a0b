import { pricesNear } from '../playbook/knowledge.ts';
import type { Bundle } from '../playbook/bundle.ts';
import type { State } from '../state.ts';
import { classify, type Guess } from './classify.ts';
import { wordsOf } from './words.ts';

/**
 * What a caller leaves out because it was just said: "how much?" after a product, "what about repairs?" and "and on
 * Saturday?" after a question.
 */
export interface Said {
  readonly guesses: readonly Guess[];
  /** The question in full, as far as words can make it: "how much repairs". */
  readonly question: string;
}

/** As sure as a guess from context is. */
const inferred = 0.9;
/** From this confidence on, words stand for themselves. */
const standsAlone = 0.9;
/** A question that is made up from two must be understood at least so well. */
const composedFloor = 0.55;
const maxLeftOverWords = 5;

export function inContext(bundle: Bundle, state: State, text: string, guesses: readonly Guess[]): Said {
  const words = wordsOf(text);
  const alone = { guesses, question: words.join(' ') };
  if (isBarePriceQuestion(words)) {
    const fact = priceOfTopic(bundle, state);
    return fact === null ? alone : { guesses: rather(fact, inferred, guesses), question: alone.question };
  }
  const left = leftOver(words);
  const before = state.context.question.split(' ').filter((word) => word !== '');
  if (left === null || before.length === 0 || namesTime(state)) return alone;
  const best = guesses.find(({ label }) => label.kind !== 'answer');
  if (best !== undefined && best.confidence >= standsAlone) return alone;
  // The head of the question before ("how much", "are you") with the new words, or all of it with them.
  const attempts = [[...before.slice(0, 2), ...left].join(' '), [...before, ...left].join(' ')];
  for (const question of attempts) {
    const guess = classify(bundle.classifier, question).find(({ label }) => label.kind !== 'answer');
    if (guess?.label.kind === 'fact' && guess.confidence >= composedFloor) {
      return { guesses: rather(guess.label.id, Math.min(inferred, guess.confidence), guesses), question };
    }
  }
  return alone;
}

const priceHeads = [
  'how much',
  'how expensive',
  "what's the price",
  'what is the price',
  "what's the cost",
  'what is the cost',
  'what does',
  'what would',
  'what will',
  'what do',
  "what's that",
];
const priceWords = new Set(['much', 'expensive', 'price', 'cost', 'costs', 'charge', 'run']);
/** Words of a price question that names nothing. */
const empty = new Set(
  `how much expensive what what's is the price cost costs does do would will it that this one be me you charge for of to run
  okay ok and so um uh well then please hi yes yeah oh roughly about exactly now are we talking was were`.split(/\s+/),
);

/** "How much is it?": a question for the price of whatever is being spoken of. */
function isBarePriceQuestion(words: readonly string[]): boolean {
  if (words.length === 0 || words.length > 9 || !words.every((word) => empty.has(word))) return false;
  const text = ` ${words.join(' ')} `;
  return priceHeads.some((head) => text.includes(` ${head} `)) && words.some((word) => priceWords.has(word));
}

/** The price of what was last spoken of, or else of what the caller said to want. */
function priceOfTopic(bundle: Bundle, { context, lead }: State): string | null {
  const told = context.fact === null ? undefined : pricesNear(bundle, `fact:${context.fact}`)[0];
  if (told !== undefined) return told;
  for (const { id, options } of bundle.questions) {
    const option = options.find((each) => each.id === lead.answers[id]?.value);
    if (option === undefined) continue;
    const price = pricesNear(bundle, `answer:${id}/${option.id}`)[0] ?? priceByName(bundle, option.label);
    if (price !== undefined) return price;
  }
  return null;
}

/** Where the playbook does not say which price belongs to an option, its name does: "how much is a roof repair". */
function priceByName(bundle: Bundle, name: string): string | undefined {
  const guess = classify(bundle.classifier, `how much is a ${name}`).find(({ label }) => label.kind === 'fact');
  const isPrice = bundle.facts.some(({ id, kind }) => id === guess?.label.id && kind === 'price');
  return isPrice && guess !== undefined && guess.confidence >= composedFloor ? guess.label.id : undefined;
}

const openers = ['what about', 'how about', 'and what about', 'and how about', 'and for', 'and', 'or', 'but'];

/** "What about repairs?", "and on Saturday?": a few words that need the question before. */
function leftOver(words: readonly string[]): readonly string[] | null {
  const text = words.join(' ');
  const opener = openers.find((head) => text.startsWith(`${head} `));
  if (opener === undefined) return null;
  const rest = words.slice(opener.split(' ').length);
  return rest.length > 0 && rest.length <= maxLeftOverWords ? rest : null;
}

/** "What about Tuesday?" to offered times is an answer. */
function namesTime({ focus }: State): boolean {
  return focus.kind === 'slot' || focus.kind === 'confirm-slot' || focus.kind === 'preference';
}

/** One fact before all other guesses; other questions are not meant. Answers stay. */
function rather(fact: string, confidence: number, guesses: readonly Guess[]): Guess[] {
  return [
    { label: { kind: 'fact', id: fact }, confidence, leads: true },
    ...guesses.filter(({ label }) => label.kind === 'answer'),
  ];
}
