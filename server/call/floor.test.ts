import { expect, test } from 'vitest';
import type { Voice, VoiceRemainder, VoiceSentence } from '../agent/speak/voice.ts';
import { Floor } from './floor.ts';

const sentence = (text: string): VoiceSentence => ({ id: text, text, spoken: text });

function setUp() {
  let queue: VoiceSentence[] = [];
  const voice: Voice = {
    get speaking() {
      return queue.length > 0;
    },
    say: (sentences) => void queue.push(...sentences),
    prefetch: () => undefined,
    stop: () => {
      const cut = queue.map((each) => ({ sentence: each, started: false, fromMs: 0, heard: '' }));
      queue = [];
      return { sentences: cut };
    },
    resume: ({ sentences }: VoiceRemainder) => void queue.unshift(...sentences.map((cut) => cut.sentence)),
  };
  let stops = 0;
  const floor = new Floor(voice, () => void stops++);
  return { floor, saying: () => queue.map(({ text }) => text), stops: () => stops };
}

test('what was cut off is said again, then what came up meanwhile', () => {
  const { floor, saying, stops } = setUp();
  floor.say([sentence('one'), sentence('two')]);
  floor.callerBegins();
  floor.say([sentence('three')]);
  expect([saying(), stops()]).toEqual([[], 1]);
  floor.resume();
  expect(saying()).toEqual(['one', 'two', 'three']);
  expect(floor.cut).toBeUndefined();
});

test('after a turn only what came up meanwhile is said', () => {
  const { floor, saying } = setUp();
  floor.say([sentence('one')]);
  floor.callerBegins();
  floor.say([sentence('two')]);
  expect(floor.takeCut()?.sentences.map((cut) => cut.sentence.text)).toEqual(['one']);
  floor.callerEnds();
  expect(saying()).toEqual(['two']);
});

test('a silent agent is not stopped', () => {
  const { floor, stops } = setUp();
  floor.callerBegins();
  expect([floor.cut, floor.callerSpeaking, stops()]).toEqual([undefined, true, 0]);
});
