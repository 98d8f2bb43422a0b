import { expect, test } from 'vitest';
import { Conversation } from '../testing/conversation.ts';
import { demoBundle } from '../testing/demo-bundle.ts';
import { askedForTime, patienceMs } from './patience.ts';

const bundle = await demoBundle();
const decisionAfter = (...lines: readonly string[]) => {
  const call = new Conversation(bundle);
  const said = call.says(...lines);
  return { said, latest: call.steps.at(-1)?.record ?? null };
};

test.each(['hold on a second', 'one moment please', 'let me check', 'just a minute please'])(
  'a caller who says "%s" is told to take their time, and gets it',
  (text) => {
    const { said, latest } = decisionAfter('i need a new roof', text);
    expect(said).toBe('Take your time.');
    expect(askedForTime(latest)).toBe(true);
    expect(patienceMs(8_000, latest)).toBe(25_000);
  },
);

test('everybody else is asked after the usual time, and so is who has come back', () => {
  for (const lines of [['i need a new roof'], ['hold on a second', 'i need a new roof']])
    expect(patienceMs(8_000, decisionAfter(...lines).latest)).toBe(8_000);
});

test('it never shortens a longer patience', () => {
  expect(patienceMs(60_000, decisionAfter('hold on a second').latest)).toBe(60_000);
});
