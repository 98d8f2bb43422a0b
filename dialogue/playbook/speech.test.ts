import { expect, test, vi } from 'vitest';
import { demoBundle } from '../testing/demo-bundle.ts';
import { wordsOf } from '../understand/words.ts';

// Compiling trains a classifier: a second, more on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const bundle = await demoBundle();

const pairsOf = (words: readonly string[]): string[] =>
  ['(start)', ...words].map((word, index) => `${word} ${words[index] ?? '(end)'}`);
const heard = new Set(bundle.speech.phrases.flatMap((phrase) => pairsOf(phrase.split(' '))));

/** What the recogniser's model has never seen side by side it hardly hears. */
test.each([
  'i need a new roof',
  'my roof is leaking',
  'hail damage from last week',
  'about two thousand square feet',
  'about fifteen hundred square feet',
  'as soon as possible',
  'about fifteen thousand dollars',
  'my name is susan',
  'my name is david',
  "i'm jane",
  'three oh three five five five oh one four two',
  'three oh three five five five one four nine seven',
  "no it's nine not two",
  "no it's eight not five",
  "yes that's right",
  'yes please',
  'the first one please',
  "that's too expensive",
  'can i talk to a person',
  'how much does a new roof cost',
  'what are your opening hours',
  'how can i pay',
  'how long is the warranty',
  'are you licensed and insured',
  'how long does an inspection take',
  'is this call recorded',
  'no thank you goodbye',
  "no that's all bye",
])('the recogniser has seen every pair of words of "%s"', (said) => {
  expect(pairsOf(wordsOf(said)).filter((pair) => !heard.has(pair))).toEqual([]);
});
