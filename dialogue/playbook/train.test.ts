import { expect, test } from 'vitest';
import { classify } from '../understand/classify.ts';
import { train, trainAndCheck, type Example } from './train.ts';

const say = (id: string, kind: 'fact' | 'none', texts: readonly string[]): Example[] =>
  texts.map((text) => ({ label: { kind, id }, text }));

const things = ['roof', 'gutter', 'window', 'chimney', 'skylight', 'wall', 'door', 'deck', 'porch', 'garage'];
const examples = [
  ...say(
    'price',
    'fact',
    things.flatMap((thing) => [`how much is a ${thing}`, `what does a ${thing} cost`]),
  ),
  ...say(
    'repair',
    'fact',
    things.flatMap((thing) => [`my ${thing} is broken`, `can you fix the ${thing}`]),
  ),
  ...say(
    'none',
    'none',
    things.flatMap((thing) => [`i painted a picture of a ${thing}`, `sing about the ${thing}`]),
  ),
];
const classifier = train(examples);

test('train gives the same classifier for the same examples', () => {
  expect(train(examples)).toEqual(classifier);
});

test('what no example says is understood by its words, with a confidence', () => {
  const [best] = classify(classifier, 'please can you fix a broken fence');
  expect(best?.label.id).toBe('repair');
  expect(best?.confidence).toBeGreaterThan(0.5);
});

test('what is like the examples of "none" is not', () => {
  expect(classify(classifier, 'sing a song about the fence')[0]?.confidence ?? 0).toBeLessThan(0.5);
});

test('trainAndCheck judges every example by a model that has not seen it', () => {
  const { heldOut } = trainAndCheck(examples);
  expect(heldOut).toHaveLength(examples.length);
  const meant = heldOut.filter(({ label }) => label.kind !== 'none');
  expect(meant.filter(({ label, guess }) => label.id === guess?.id).length / meant.length).toBeGreaterThan(0.9);
  // Seen examples would all be as sure as can be.
  expect(new Set(heldOut.map(({ confidence }) => confidence)).size).toBeGreaterThan(10);
});

test('a single example can be learnt', () => {
  expect(classify(train(say('hours', 'fact', ['when are you open'])), 'when are you open')[0]?.label.id).toBe('hours');
});
