import { expect, test } from 'vitest';
import type { Bundle } from './playbook/bundle.ts';
import { initialState } from './state.ts';
import { step } from './step.ts';
import { demoBundle } from './testing/demo-bundle.ts';

const bundle = await demoBundle();

function greeting(other: Bundle, start: { keypad?: boolean }): string {
  const { acts } = step(other, initialState(other), {
    type: 'call-start',
    nowMs: 0,
    disclosed: false,
    ...start,
  });
  const [greet] = acts;
  return greet !== undefined && 'sentences' in greet ? greet.sentences.map(({ text }) => text).join(' ') : '';
}

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
