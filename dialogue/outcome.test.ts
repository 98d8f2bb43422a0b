import { expect, test } from 'vitest';
import { nextSteps } from './outcome.ts';
import { Conversation } from './testing/conversation.ts';
import { demoBundle } from './testing/demo-bundle.ts';

const bundle = await demoBundle();
const after = (...lines: string[]) => {
  const c = new Conversation(bundle);
  c.says(...lines);
  return c;
};
const qualified = ['i need a new roof', 'about two thousand square feet', 'next month', 'around fifteen thousand'];
const reachable = [...qualified, 'susan miller', 'three oh three five five five oh one two three', 'yes'];

test.each([
  ['nothing said', [], 'no-speech'],
  ['hung up after hello', ['hello'], 'incomplete'],
  ['a question answered', ['do you have a warranty'], 'information-given'],
  ['good answers', qualified, 'qualified'],
  ['poor answers', ['new gutters', 'three hundred square feet', 'no rush', 'no'], 'not-qualified'],
  ['not interested', ["i'm not interested"], 'not-interested'],
  [
    'a call back',
    ['can i talk to a person', 'seven two oh five five five one two one two', 'yes', 'bob jones'],
    'call-back-promised',
  ],
  ['a booking', [...reachable, 'yes', 'the first one', 'yes'], 'appointment-booked'],
])('%s', (_, lines, outcome) => {
  expect(after(...lines).outcome).toBe(outcome);
});

test('the visitor reads what happens next', () => {
  expect(nextSteps(bundle, after(...reachable, 'yes', 'the first one', 'yes').state)).toEqual([
    'Your appointment: a free roof inspection, Tuesday, November 24 at 10 AM (Denver time).',
    'To change it, call 303-555-0100.',
  ]);
  expect(
    nextSteps(
      bundle,
      after('can i talk to a person', 'seven two oh five five five one two one two', 'yes', 'bob jones').state,
    ),
  ).toEqual(['Dana from our office will call you back at 720-555-1212 by Tuesday, November 24 at 5 PM.']);
  expect(nextSteps(bundle, after('hello').state)).toEqual(['Nothing is booked.', 'You can call us at 303-555-0100.']);
});
