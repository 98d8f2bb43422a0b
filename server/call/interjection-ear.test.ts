import { expect, test } from 'vitest';
import type { Recognizer } from '../agent/listen/recognizer.ts';
import { InterjectionEar } from './interjection-ear.ts';

const transcript = { text: 'stop', confidence: 0.5, alternatives: [] };
const watch = { degraded: () => undefined, used: () => undefined };
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
    discard: async () => void calls.push('discard'),
    close: async () => void calls.push('close'),
  };
  const create = async () => {
    calls.push('create');
    return recognizer;
  };
  return { calls, ear: new InterjectionEar({ create }, watch) };
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
  expect(calls).toEqual(['create', 'feed 16000', 'discard']);
});

test('the call goes on without it, and its record says so', async () => {
  const degraded: string[] = [];
  const watched = { ...watch, degraded: (component: string) => void degraded.push(component) };
  const broken = { create: () => Promise.reject(new Error('no models')) };
  for (const factory of [undefined, broken]) {
    const ear = new InterjectionEar(factory, watched);
    ear.begin();
    ear.feed(second);
    expect([await ear.partial(), await ear.finish()]).toEqual(['', undefined]);
    await ear.close();
  }
  expect(degraded).toEqual(['interjections']);
});
