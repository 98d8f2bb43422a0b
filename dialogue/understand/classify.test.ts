import { describe, expect, test } from 'vitest';
import { demoBundle } from '../testing/demo-bundle.ts';
import { classify } from './classify.ts';

const bundle = await demoBundle();
const { labels, exact } = bundle.classifier;
const best = (text: string) => classify(bundle.classifier, text)[0];

/** Small words that a recogniser drops or mishears most. */
const small = new Set([
  'a',
  'an',
  'the',
  'to',
  'is',
  'do',
  'you',
  'of',
  'in',
  'my',
  'it',
  'i',
  'for',
  'are',
  'me',
  'we',
]);

/** Every example of three words or more with one small word missing, or heard as another. */
const misheard = Object.entries(exact).flatMap(([text, label]) => {
  const words = text.split(' ');
  if (words.length < 3 || text.includes('#') || labels[label]?.kind === 'none') return [];
  return words.flatMap((word, index) =>
    small.has(word)
      ? [words.toSpliced(index, 1).join(' '), words.toSpliced(index, 1, 'the').join(' ')]
          .filter((other) => exact[other] === undefined)
          .map((other) => ({ text: other, label }))
      : [],
  );
});

test('a small word misheard rarely changes the meaning, and hardly ever to another one', () => {
  let right = 0;
  let wrong = 0;
  for (const { text, label } of misheard) {
    const guess = best(text);
    if (guess === undefined || guess.confidence < 0.5) continue;
    if (guess.label.id === labels[label]?.id) right++;
    else wrong++;
  }
  expect(misheard.length).toBeGreaterThan(300);
  expect(right / misheard.length).toBeGreaterThan(0.93);
  expect(wrong / misheard.length).toBeLessThan(0.03);
});

describe('paraphrases no example has', () => {
  test.each([
    ['do you work with my insurance company', 'insurance'],
    ['do you guarantee your work', 'warranty'],
    ['are you guys insured', 'licensed'],
    ['you open sunday', 'opening-hours'],
    ['can i pay later', 'financing'],
    ['thats too expensive', 'price'],
    ['we are just looking around', 'just-looking'],
    ['the roof has a big leak over the kitchen', 'repair'],
    ['i want somebody to look at my roof', 'inspection'],
    ['can i talk to somebody real', 'human'],
  ])('%s → %s', (text, id) => {
    expect(best(text)?.label.id).toBe(id);
    expect(best(text)?.confidence).toBeGreaterThan(0.5);
  });
});

describe('none of these', () => {
  test.each([
    'what is the weather in paris',
    'i like pizza with cheese',
    'what colors do you have',
    'how do i make a bomb',
    'do you do solar panels',
    'do you paint houses',
    'the purple train sings',
    'asdf qwer',
    '',
  ])('%s', (text) => {
    expect(best(text)?.confidence ?? 0).toBeLessThan(0.5);
  });
});
