import { expect, test } from 'vitest';
import type { Bundle } from './playbook/bundle.ts';
import { initialState } from './state.ts';
import { step } from './step.ts';
import { demoBundle } from './testing/demo-bundle.ts';

const bundle = await demoBundle();

function greeting(other: Bundle, start: { knownName?: string; keypad?: boolean }): string {
  const { acts, state } = step(other, initialState(other), {
    type: 'call-start',
    nowMs: 0,
    disclosed: false,
    ...start,
  });
  // Somebody else may use that telephone.
  expect(state.lead.name).toBeUndefined();
  const [greet] = acts;
  return greet !== undefined && 'sentences' in greet ? greet.sentences.map(({ text }) => text).join(' ') : '';
}

test('who is known by their number is greeted by name only where the playbook allows it', () => {
  const named: Bundle = { ...bundle, business: { ...bundle.business, greetByName: true } };
  expect(greeting(named, { knownName: 'Susan Miller' })).toContain('Welcome back, Susan Miller.');
  expect(greeting(named, {})).not.toContain('Welcome back');
  expect(greeting(bundle, { knownName: 'Susan Miller' })).not.toContain('Susan');
});

test('the keys are offered where the caller has any', () => {
  const keys: Bundle = {
    ...bundle,
    keypad: {
      lines: [{ text: 'Press 0 for a person.', spoken: 'Press zero for a person.' }],
      keys: { '0': 'a person' },
    },
  };
  expect(greeting(keys, { keypad: true })).toMatch(/Press 0 for a person\.$/);
  expect(greeting(keys, {})).not.toContain('Press 0');
});
