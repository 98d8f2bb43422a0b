import { expect, test } from 'vitest';
import type { Recognizer } from '../agent/listen/recognizer.ts';
import { InterjectionEar } from './interjection-ear.ts';

const transcript = { text: 'stop', confidence: 0.5, alternatives: [] };
const second = new Int16Array(16_000);

function setUp() {
  const calls: string[] = [];
  const recognizer: Recognizer = {
    feed: (samples) => void calls.push(`feed ${samples.length}`),
    partial: () => Promise.resolve('stop'),
    finish: async () => {
      calls.push('finish');
      return transcript;
    },
    close: async () => void calls.push('close'),
  };
  const create = async () => {
    calls.push('create');
    return recognizer;
  };
  return { calls, ear: new InterjectionEar({ create }) };
}

test('it is made when somebody first speaks over the agent, and once', async () => {
  const { calls, ear } = setUp();
  ear.feed(second);
  expect([await ear.partial(), await ear.finish()]).toEqual(['', undefined]);
  expect(calls).toEqual([]);
  for (let time = 0; time < 2; time++) {
    ear.begin();
    ear.feed(second);
    expect([await ear.partial(), await ear.finish()]).toEqual(['stop', transcript]);
  }
  await ear.close();
  expect(calls).toEqual(['create', 'feed 16000', 'finish', 'feed 16000', 'finish', 'close']);
});

test('whoever says more than a short call is not its business', async () => {
  const { calls, ear } = setUp();
  ear.begin();
  for (let count = 0; count < 3; count++) ear.feed(second);
  expect([await ear.partial(), await ear.finish()]).toEqual(['', undefined]);
  expect(calls).toEqual(['create', 'feed 16000', 'finish']);
});

test('the call goes on without it', async () => {
  for (const ear of [
    new InterjectionEar(undefined),
    new InterjectionEar({ create: () => Promise.reject(new Error()) }),
  ]) {
    ear.begin();
    ear.feed(second);
    expect([await ear.partial(), await ear.finish()]).toEqual(['', undefined]);
    await ear.close();
  }
});
