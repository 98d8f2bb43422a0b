import { describe, expect, test } from 'vitest';
import { Conversation, mondayMs } from '../testing/conversation.ts';
import { demoBundle } from '../testing/demo-bundle.ts';
import { completeness } from './completeness.ts';

const bundle = await demoBundle();
const after = (...lines: string[]) => {
  const c = new Conversation(bundle);
  c.says(...lines);
  return c.state;
};
const need = after();
const size = after('i need a new roof');
const budget = after('i need a new roof', 'two thousand square feet', 'next month');
const untilName = ['i need a new roof', 'two thousand square feet', 'next month', 'ten thousand'];
const name = after(...untilName);
const contact = after('i need a new roof', 'two thousand square feet', 'next month', 'ten thousand', 'susan miller');
const piece = after(
  'i need a new roof',
  'two thousand square feet',
  'next month',
  'ten thousand',
  'susan miller',
  'three oh three',
);
const confirm = after(
  'i need a new roof',
  'two thousand square feet',
  'next month',
  'ten thousand',
  'susan miller',
  'three oh three five five five oh one two three',
);
const slots = after(
  'i need a new roof',
  'two thousand square feet',
  'next month',
  'ten thousand',
  'susan miller',
  'three oh three five five five oh one two three',
  'yes',
  'yes',
);

describe('complete', () => {
  test.each([
    ['need', need, 'i need a new roof'],
    ['need', need, 'how much does a new roof cost'],
    ['size', size, 'about two thousand square feet'],
    ['size', size, "that's too expensive"],
    ['budget', budget, 'around fifteen thousand dollars'],
    ['name', name, 'my name is susan miller'],
    ['contact', contact, 'three oh three five five five oh one two three'],
    ['contact', contact, 'jane dot doe at gmail dot com'],
    ['contact in pieces', piece, 'five five five oh one two three'],
    ['confirm', confirm, 'yes'],
    ['confirm', confirm, "no that's wrong"],
    ['confirm', confirm, "no it's five not nine"],
    ['slots', slots, 'the second one'],
    ['slots', slots, 'wednesday'],
    ['slots', slots, 'tomorrow at ten'],
  ])('%s: %s', (_, state, text) => {
    expect(completeness(bundle, state, text, mondayMs)).toBe('complete');
  });
});

describe('incomplete', () => {
  test.each([
    ['need', need, "i'd like to"],
    ['need', need, 'i need a new roof and'],
    ['size', size, "it's"],
    ['size', size, 'um'],
    ['contact', contact, 'three oh three'],
    ['contact', contact, 'jane at'],
    ['contact', contact, 'my number is'],
    ['contact', contact, 'j a n e dot'],
    ['contact in pieces', piece, 'five five five'],
    ['confirm', confirm, "no it's five"],
    ['name', name, 'my name is'],
    ['name', name, 'susan'],
    ['need', need, 'do you'],
    ['size', size, 'about'],
    ['budget', budget, 'between eight'],
    ['confirm', confirm, 'no'],
  ])('%s: %s', (_, state, text) => {
    expect(completeness(bundle, state, text, mondayMs)).toBe('incomplete');
  });
});

test.each([
  ['size', size, 'two thousand'],
  ['the name, asked again', after(...untilName, 'how long is the warranty'), 'susan'],
  ['a misheard e-mail address', contact, "haven't thought keep the mail dot com"],
])('unknown: %s: %s', (_, state, text) => {
  expect(completeness(bundle, state, text, mondayMs)).toBe('unknown');
});

test.each([
  ['size', size, 'purple elephants'],
  ['need', need, "o'clock"],
  ['confirm', confirm, 'u'],
  ['need', need, ''],
])('unclear: %s: %s', (_, state, text) => {
  expect(completeness(bundle, state, text, mondayMs)).toBe('unclear');
});
