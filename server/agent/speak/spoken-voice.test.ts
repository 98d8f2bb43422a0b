import { expect, test } from 'vitest';
import { silentFrame } from '../../audio/frame.ts';
import { embeddedVoice, SpeechCache } from './speech-cache.ts';
import { SpeechSource, type Voices } from './speech-source.ts';
import { SpokenVoice } from './spoken-voice.ts';
import type { Synthesizer } from './synthesizer.ts';
import type { VoiceSentence } from './voice.ts';

/** Each word takes 100 ms: five frames. */
const synthesizer: Synthesizer = {
  synthesize: async (text) => {
    if (text === 'unspeakable') throw new Error('no sound');
    const words = text
      .split(' ')
      .map((word, n) => ({ text: word, startSample: n * 1_600, endSample: (n + 1) * 1_600 }));
    return { samples: new Int16Array(words.length * 1_600).fill(1_000), words };
  },
};

const sentence = (text: string): VoiceSentence => ({ id: text, text, spoken: text });

const embeddedOnly = (): Voices => ({ embedded: new SpeechCache(embeddedVoice(synthesizer)) });

function setUp(voices = embeddedOnly()) {
  const told: string[] = [];
  let nowMs = 0;
  const voice = new SpokenVoice({
    speech: new SpeechSource(voices, {
      degraded: (_, cause) => told.push(`degraded: ${String(cause)}`),
      used: () => {},
    }),
    now: () => nowMs,
    downstreamMs: () => 100,
    listener: {
      sentenceStart: ({ id }) => told.push(`start ${id}`),
      sentenceEnd: ({ id }) => told.push(`end ${id}`),
      sentenceFailed: ({ id }) => told.push(`failed ${id}`),
      idle: () => told.push('idle'),
    },
  });
  const play = (frames: number, everyMs = 20): number =>
    Array.from({ length: frames }, () => {
      nowMs += everyMs;
      return voice.nextFrame();
    }).filter((frame) => frame !== silentFrame).length;
  return { told, voice, play };
}

/** Lets the cache answer. */
const synthesized = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
};

test('sentences are said in order with a pause between them, then the voice is idle', async () => {
  const { told, voice, play } = setUp();
  voice.say([sentence('one two'), sentence('three')]);
  expect(voice.speaking).toBe(true);
  await synthesized();
  expect(play(10)).toBe(10);
  expect(play(8)).toBe(0);
  expect(play(5)).toBe(5);
  expect(told).toEqual(['start one two', 'end one two', 'start three', 'end three', 'idle']);
  expect(voice.speaking).toBe(false);
});

test('stop() keeps the words whose audio has reached the caller, and no others', async () => {
  const { voice, play } = setUp();
  voice.say([sentence('one two three four'), sentence('five')]);
  await synthesized();
  play(16);
  // 320 ms were sent, of which the last 100 ms are still on their way: two words of 100 ms were heard.
  expect(voice.stop().sentences.map(({ heard }) => heard)).toEqual(['one two', '']);
  expect(voice.nextFrame()).toBe(silentFrame);
  expect(voice.speaking).toBe(false);
});

test('the end of a sentence that was still on its way when the next one was cut was not heard, and is said again', async () => {
  const { told, voice, play } = setUp();
  voice.say([sentence('one two three'), sentence('four')]);
  await synthesized();
  play(16);
  expect(told).toEqual(['start one two three']);
  const cut = voice.stop();
  expect(cut.sentences.map(({ heard }) => heard)).toEqual(['one two', '']);
  voice.resume(cut);
  await synthesized();
  expect(play(5)).toBe(5);
  play(100);
  expect(told.slice(1)).toEqual(['end one two three', 'start four', 'end four', 'idle']);
});

test('nothing counts as heard after a sentence that was not heard to its end, also when frames were sent late and at once', async () => {
  const { voice, play } = setUp();
  voice.say([sentence('one two three'), sentence('four five six')]);
  await synthesized();
  play(36, 1);
  expect(voice.stop().sentences.map(({ heard }) => heard)).toEqual(['one two', '']);
});

test('resume() goes on from the word that was cut, and starts no sentence twice', async () => {
  const { told, voice, play } = setUp();
  voice.say([sentence('one two three four')]);
  await synthesized();
  play(16);
  voice.resume(voice.stop());
  await synthesized();
  expect(play(100)).toBe(10);
  expect(told).toEqual(['start one two three four', 'end one two three four', 'idle']);
});

test('a sentence that cannot be spoken is reported and the next one is said', async () => {
  const { told, voice, play } = setUp();
  voice.say([sentence('unspeakable'), sentence('one')]);
  await synthesized();
  play(20);
  expect(told).toEqual(['failed unspeakable', 'start one', 'end one', 'idle']);
});
