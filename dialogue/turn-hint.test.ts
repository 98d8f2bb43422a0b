import { describe, expect, test } from 'vitest';
import { Conversation, mondayMs, slot } from './testing/conversation.ts';
import { demoBundle } from './testing/demo-bundle.ts';
import { completeness, isBackchannel } from './turn-hint.ts';

const bundle = await demoBundle();
const after = (...lines: string[]) => {
  const c = new Conversation(bundle);
  c.says(...lines);
  return c.state;
};
const need = after();
const size = after('i need a new roof');
const budget = after('i need a new roof', 'two thousand square feet', 'next month');
const name = after('i need a new roof', 'two thousand square feet', 'next month', 'ten thousand');
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
  ])('%s: %s', (_, state, text) => {
    expect(completeness(bundle, state, text, mondayMs)).toBe('incomplete');
  });
});

test.each([
  ['size', size, 'purple elephants'],
  ['size', size, 'two thousand'],
  ['name', name, 'susan'],
  ['need', need, ''],
])('unknown: %s: %s', (_, state, text) => {
  expect(completeness(bundle, state, text, mondayMs)).toBe('unknown');
});

describe('a backchannel is not a turn', () => {
  const listening = ['uh huh', 'mm hmm', 'Okay.', 'right', 'mm', 'I see', 'yeah', 'sure', 'great'];
  const agreement = ['yes', 'yeah', 'Yep.', 'sure', 'okay', 'right', 'uh huh', 'mm hmm', 'mhm', 'great', 'oh okay'];
  const oneTime = (() => {
    const c = new Conversation(bundle, { slots: () => [slot(24, 10)] });
    c.says(
      'i want to book an appointment',
      'i need a new roof',
      'two thousand square feet',
      'next month',
      'ten thousand',
    );
    c.says('susan miller', 'three oh three five five five oh one two three', 'yes');
    return c.state;
  })();

  test.each([
    ['need', need],
    ['size', size],
    ['budget', budget],
    ['name', name],
    ['contact', contact],
    ['slots', slots],
  ])('where agreeing answers nothing: %s', (_, state) => {
    expect(listening.filter((text) => !isBackchannel(bundle, state, text))).toEqual([]);
  });

  test.each([
    ['a read-back', confirm],
    ['the only free time', oneTime],
  ])('but it answers %s', (_, state) => {
    expect(agreement.filter((text) => isBackchannel(bundle, state, text))).toEqual([]);
    expect(['mm', 'um', 'i see'].filter((text) => !isBackchannel(bundle, state, text))).toEqual([]);
  });

  test('nor is anything with more in it', () => {
    for (const text of ['no', 'stop', 'okay but how much', 'wait'])
      for (const state of [need, confirm]) expect(isBackchannel(bundle, state, text)).toBe(false);
  });
});
