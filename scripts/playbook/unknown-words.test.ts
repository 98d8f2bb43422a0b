import { expect, test } from 'vitest';
import { unknownWords } from './unknown-words.ts';

const known = new Set(['zen', 'desk', 'price', 'prize', 'a', 'of', 'the']);

test('a word that the recogniser does not know is told with its place and the nearest words that it does', () => {
  const files = [
    { path: 'a.yaml', text: '# zendesk is only spoken of here\nfacts:\n  - "the price of zendesk"\n' },
    { path: 'b.yaml', text: 'examples: [a prixe]' },
  ];
  expect(unknownWords(['a', 'price', 'zendesk', 'prixe', 'the'], known, files)).toEqual([
    {
      file: 'a.yaml',
      line: 3,
      field: '',
      message: 'The recogniser does not know "zendesk": callers who say it are not understood.',
      suggestion: 'it knows "zen desk"; write `soundsLike: { zendesk: … }`',
    },
    {
      file: 'b.yaml',
      line: 1,
      field: '',
      message: 'The recogniser does not know "prixe": callers who say it are not understood.',
      suggestion: 'it knows "price", "prize"; write `soundsLike: { prixe: … }`',
    },
  ]);
});

test("the engine's own words are not the owner's to mend", () => {
  expect(unknownWords(['xyzzy'], known, [{ path: 'a.yaml', text: 'facts: []' }])).toEqual([]);
});
