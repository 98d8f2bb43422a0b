import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildLanguageModel } from './language-model.ts';

type Grams = Map<string, { probability: number; backOff: number }>;

function read(arpa: string): Grams[] {
  return arpa
    .split(/\\\d-grams:\n/)
    .slice(1)
    .map((section) => {
      const lines = section.split('\n\n')[0]?.split('\n') ?? [];
      return new Map(
        lines.map((line) => {
          const [probability = '', ...rest] = line.split(' ');
          const last = rest.at(-1) ?? '';
          const backOff = /^-?\d+\.\d{5}$/.test(last) ? rest.pop() : undefined;
          const value = {
            probability: 10 ** Number(probability),
            backOff: backOff === undefined ? 1 : 10 ** Number(backOff),
          };
          return [rest.join(' '), value];
        }),
      );
    });
}

/** P(word | history) with back-off, as a decoder computes it. */
function probability(levels: readonly Grams[], history: readonly string[], word: string): number {
  const exact = levels[history.length]?.get([...history, word].join(' '));
  if (exact) return exact.probability;
  if (history.length === 0) return 0;
  const backOff = levels[history.length - 1]?.get(history.join(' '))?.backOff ?? 1;
  return backOff * probability(levels, history.slice(1), word);
}

test('a phrase that was taught is far likelier than its words in another order', () => {
  const levels = read(buildLanguageModel(['i need a new roof', 'my name is susan', 'i need a person']));
  const likelihood = (words: string): number =>
    words
      .split(' ')
      .reduce((product, word, n, all) => product * probability(levels, all.slice(Math.max(0, n - 2), n), word), 1);
  expect(likelihood('<s> i need a person')).toBeGreaterThan(1_000 * likelihood('<s> person a need i'));
});

test('probabilities after any history sum to one', () => {
  const word = fc.constantFrom('a', 'b', 'c', 'd');
  const phrase = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(fc.array(phrase, { minLength: 1, maxLength: 12 }), (phrases) => {
      const levels = read(buildLanguageModel(phrases));
      const vocabulary = [...(levels[0]?.keys() ?? [])];
      for (const history of levels[1]?.keys() ?? []) {
        if (history.endsWith('</s>')) continue;
        const sum = vocabulary.reduce((total, next) => total + probability(levels, history.split(' '), next), 0);
        expect(sum).toBeCloseTo(1, 2);
      }
    }),
    { numRuns: 50 },
  );
});

test('no phrases are refused', () => {
  expect(() => buildLanguageModel([])).toThrow('no phrases');
});
