import { fillers, hasPhrase } from './words.ts';

const yes = new Set(
  'yes yeah yep yup ya mhm sure correct right absolutely definitely exactly perfect certainly indeed affirmative y great fine good alright sounds'.split(
    ' ',
  ),
);
const yesPhrases = [
  'of course',
  'go ahead',
  'please do',
  'sounds good',
  "that's right",
  "that's correct",
  'that is right',
  'that is correct',
  'that works',
  'works for me',
  'i do',
  'i would',
  'why not',
  'you got it',
  "let's do it",
  'do it',
  'book it',
  "that's fine",
  'that would be great',
  'no problem',
  'no worries',
  'you bet',
  'sure thing',
  'i guess so',
  'i think so',
  "that's good",
  "that's it",
  'please book',
];
const no = new Set('no nope nah negative wrong incorrect never n'.split(' '));
const noPhrases = [
  'not really',
  'not now',
  'not right',
  "that's not",
  'that is not',
  "that's wrong",
  'not correct',
  'no thanks',
  'no thank you',
  "i don't",
  'i do not',
  "i'm good",
  "i'm fine",
  'not yet',
  'not today',
  "don't",
  'not at the moment',
  'rather not',
  "i wouldn't",
];
const notYes = [
  'no problem',
  'no worries',
  'not sure',
  "don't know",
  'no idea',
  'do not know',
  "don't care",
  'good question',
  'good morning',
  'good afternoon',
  'good evening',
  'right now',
  'sure about',
];

/** After "okay" they begin something else. */
const wordsThatTurn = new Set("but what what's how when where who why do does is are can could i'd i".split(' '));

/** Of sounds that are fillers elsewhere. */
const yesSounds = ['uh huh', 'mm hmm'];

export interface Polarity {
  readonly answer: 'yes' | 'no' | 'none';
  readonly confidence: number;
}

/** Yes or no, as an answer to a question. What comes first counts: "no, that's right there" is a no. */
export function polarityOf(words: readonly string[]): Polarity {
  const text = words.filter((word, index) => !(fillers.has(word) && word !== 'okay' && word !== 'ok' && index < 3));
  // "let me see, i would say yes": the last word is the answer.
  const lastWord = text.length > 3 ? text.at(-1) : undefined;
  if (lastWord === 'yes' || lastWord === 'no') return { answer: lastWord, confidence: 0.88 };
  if (hasPhrase(text, ['no problem', 'no worries'])) return { answer: 'yes', confidence: 0.85 };
  if (hasPhrase(text.slice(0, 3), ['no idea', 'no clue', 'no preference'])) return { answer: 'none', confidence: 0 };
  if (hasPhrase(text, ['not right now'])) return { answer: 'no', confidence: 0.87 };
  if (hasPhrase(text, notYes)) {
    const lone = text[0];
    if (lone !== 'yes' && lone !== 'yeah' && lone !== 'no' && lone !== 'yep') return { answer: 'none', confidence: 0 };
  }
  const length = text.length <= 3 ? 0.97 : text.length <= 6 ? 0.9 : 0.75;
  const firstWord = text.find((word) => word !== 'okay' && word !== 'ok') ?? text[0];
  if (firstWord !== undefined && no.has(firstWord)) return { answer: 'no', confidence: length };
  const negative = hasPhrase(text, noPhrases) || text.some((word) => no.has(word));
  if (firstWord !== undefined && yes.has(firstWord)) return { answer: 'yes', confidence: negative ? 0.6 : length };
  if (negative) return { answer: 'no', confidence: length - 0.1 };
  if (
    hasPhrase(text, yesPhrases) ||
    hasPhrase(words, yesSounds) ||
    text.some((word) => word === 'yes' || word === 'yeah' || word === 'correct')
  )
    return { answer: 'yes', confidence: length - 0.07 };
  const [first, second] = text;
  if (first === 'okay' || first === 'ok' || first === 'k') {
    if (text.length <= 2) return { answer: 'yes', confidence: 0.8 };
    if (!wordsThatTurn.has(second ?? '')) return { answer: 'yes', confidence: 0.6 };
  }
  return { answer: 'none', confidence: 0 };
}
