import { describe, expect, test } from 'vitest';
import type { State } from '../state.ts';
import { Conversation, mondayMs, slot } from '../testing/conversation.ts';
import { demoBundle } from '../testing/demo-bundle.ts';
import { type OverAgent, overAgent } from './over-agent.ts';

const bundle = await demoBundle();
const lines = ['i need a new roof', 'two thousand square feet', 'next month', 'ten thousand', 'susan miller'];
const number = 'three oh three five five five oh one two three';
const after = (...said: readonly string[]): State => {
  const call = new Conversation(bundle);
  call.says(...said);
  return call.state;
};
const [need, size, budget, name, contact] = [0, 1, 3, 4, 5].map((count) => after(...lines.slice(0, count)));
const confirm = after(...lines, number);
const slots = after(...lines, number, 'yes', 'yes');
const oneTime = (() => {
  const call = new Conversation(bundle, { slots: () => [slot(24, 10)] });
  call.says('i want to book an appointment', ...lines, number, 'yes');
  return call.state;
})();

const kindOf = (state: State | undefined, text: string, questionHeard = false): OverAgent => {
  if (!state) throw new Error('There is no such state');
  return overAgent(bundle, state, text, { questionHeard, nowMs: mondayMs });
};
const kinds = (state: State | undefined, texts: readonly string[], questionHeard = false) =>
  texts.map((text) => `${text}: ${kindOf(state, text, questionHeard)}`);
const all = (texts: readonly string[], kind: OverAgent) => texts.map((text) => `${text}: ${kind}`);

describe('a backchannel', () => {
  const listening = ['uh huh', 'mm hmm', 'Okay.', 'right', 'mm', 'I see', 'yeah', 'sure', 'great'];
  const agreement = ['yes', 'yeah', 'Yep.', 'sure', 'okay', 'right', 'uh huh', 'mm hmm', 'mhm', 'great', 'oh okay'];

  test.each([
    ['need', need],
    ['size', size],
    ['budget', budget],
    ['name', name],
    ['contact', contact],
    ['slots', slots],
  ])('is no turn where agreeing answers nothing: %s', (_, state) => {
    expect(kinds(state, listening)).toEqual(all(listening, 'backchannel'));
  });

  test.each([
    ['a read-back', confirm],
    ['the only free time', oneTime],
  ])('answers %s', (_, state) => {
    expect(kinds(state, agreement, true)).toEqual(all(agreement, 'turn'));
    expect(kinds(state, ['mm', 'um', 'i see'])).toEqual(all(['mm', 'um', 'i see'], 'backchannel'));
  });
});

test('who asks, answers, objects or wants to be heard has the floor', () => {
  const said = [
    'no',
    'stop',
    'wait',
    'hold on a second',
    'excuse me',
    'okay but how much is it',
    'how long is the warranty',
    "that's too expensive",
    'can i talk to a person',
    'about three thousand square feet',
  ];
  expect(kinds(size, said)).toEqual(all(said, 'turn'));
});

test('what coughs, other voices and misheard backchannels come to is unclear', () => {
  const misheard = ['', 'u', 'at', 'seven', 'oh three', 'have a', 'the phone', 'end of the fifth', 'oscar squares'];
  expect(kinds(size, misheard)).toEqual(all(misheard, 'unclear'));
  expect(kinds(contact, ['oh three', 'u'])).toEqual(all(['oh three', 'u'], 'unclear'));
});

test('a short answer is one once the question has been heard', () => {
  expect(kindOf(size, 'two thousand')).toBe('unclear');
  expect(kindOf(size, 'two thousand', true)).toBe('turn');
  expect(kindOf(name, 'susan', true)).toBe('turn');
});

test('a number or a name that is dictated early is a turn', () => {
  expect(kindOf(contact, 'three oh three')).toBe('turn');
  expect(kindOf(name, 'my name is susan miller')).toBe('turn');
  expect(kindOf(slots, 'the second one')).toBe('turn');
});
