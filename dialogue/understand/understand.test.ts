import { describe, expect, test } from 'vitest';
import { initialState, type Focus, type State } from '../state.ts';
import { mondayMs } from '../testing/conversation.ts';
import { demoBundle } from '../testing/demo-bundle.ts';
import { polarityOf } from './polarity.ts';
import { isQuestion } from './segments.ts';
import { understand } from './understand.ts';

const bundle = await demoBundle();
const at = (focus: Focus): State => ({ ...initialState(bundle), focus });
const heard = (text: string, focus: Focus = { kind: 'none' }) => understand(bundle, at(focus), text, false, mondayMs);

describe('one thought means one thing', () => {
  test('who surely refuses does not want to book as well', () => {
    const ids = heard("i'd rather not give that out").guesses.filter(({ confidence }) => confidence >= 0.5);
    expect(ids.map(({ label }) => label.id)).toEqual(['refuse']);
  });

  test('but a question and an answer go together', () => {
    const { guesses, answers } = heard('hi how much is a new roof', { kind: 'question', id: 'need' });
    expect(guesses[0]?.label.id).toBe('price-new-roof');
    expect(answers['need']?.value).toBe('new-roof');
  });
});

describe('the open question does not turn anything into an answer', () => {
  test.each([
    ['will my insurance pay for it', 'timeline'],
    ['no wait i need a new roof instead', 'timeline'],
    ['how long is the warranty', 'size'],
  ])('"%s" is no %s', (text, id) => {
    expect(heard(text, { kind: 'question', id }).answers[id]).toBeUndefined();
  });

  test.each(['you people are useless', 'this is ridiculous', 'what do you mean'])('"%s" is no name', (text) => {
    expect(heard(text, { kind: 'name' }).name).toBeNull();
  });

  test.each([
    ['sure susan miller', 'Susan Miller'],
    ['susan please', 'Susan'],
    ['yes okay hermione granger', 'Hermione Granger'],
  ])('"%s" is one', (text, name) => {
    expect(heard(text, { kind: 'name' }).name?.name).toBe(name);
  });
});

test.each([
  ['hi how much is it', true],
  ['um so what does that cost', true],
  ['yes but do you work on saturdays', true],
  ['i need a new roof', false],
  ['hello there', false],
])('a greeting hides no question: %s', (text, question) => {
  expect(isQuestion(text)).toBe(question);
});

test.each([
  ['oh that is a good question let me see i would say yes', 'yes'],
  ['well if you ask me like that no', 'no'],
  ['okay so get on with it', 'yes'],
  ['okay but how much is it', 'none'],
  ['okay what does it cost', 'none'],
])('yes or no: "%s" is %s', (text, answer) => {
  expect(polarityOf(text.split(' ')).answer).toBe(answer);
});

describe('none of these', () => {
  test.each([
    'what is the capital of peru',
    'my cat had kittens last night',
    'can you recommend a good dentist in paris',
    'the quick brown fox jumps over the lazy dog',
    'is it going to rain during the game',
    'she said that the meeting was moved to the big room',
    'how do i get a stain out of a carpet',
    'the neighbors are so loud again',
  ])('%s', (text) => {
    const { guesses, answers } = heard(text);
    expect(guesses.filter(({ confidence }) => confidence >= 0.5)).toEqual([]);
    expect(answers).toEqual({});
  });
});

describe('a high-stakes topic', () => {
  const stakes = (text: string) =>
    heard(text).guesses.find(({ label, confidence }) => label.kind === 'high-stakes' && confidence >= 0.5)?.label.id;

  test('is not heard in what a roofer hears all day', () => {
    expect(stakes('we had a big hail storm and i think the roof is damaged')).toBeUndefined();
  });

  test.each([
    ['is it safe to stay in my house', 'structural-safety'],
    ['somebody fell from a roof', 'injury'],
  ])('but in this: %s', (text, id) => {
    expect(stakes(text)).toBe(id);
  });
});
