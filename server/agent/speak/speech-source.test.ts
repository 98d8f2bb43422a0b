import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CircuitBreaker } from '../circuit-breaker.ts';
import { silentFrame } from '../../audio/frame.ts';
import { streamedSpeech } from './prepared-speech.ts';
import { SpeechCache } from './speech-cache.ts';
import { SpeechSource } from './speech-source.ts';
import { SpokenVoice } from './spoken-voice.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A voice's mark in its samples. */
const [cloud, embedded] = [2_000, 1_000];
/** What estimates give a word of one letter. */
const msPerWord = 160;

type Act = 'speaks' | 'fails' | 'hangs' | 'breaks' | 'silent';

/** Each word takes 160 ms in both voices. `acts`: what the cloud does with a sentence; it speaks the others. */
function setUp(acts: Readonly<Record<string, Act>> = {}) {
  const asked: string[] = [];
  const degraded: string[] = [];
  const told: string[] = [];
  const voiceOf = (text: string, mark: number): Int16Array => {
    return new Int16Array(text.split(' ').length * msPerWord * 16).fill(mark);
  };
  async function* stream(text: string): AsyncIterable<Int16Array> {
    asked.push(text);
    const act = acts[text] ?? 'speaks';
    if (act === 'fails') throw new Error('500');
    if (act === 'hangs') await new Promise(() => undefined);
    if (act === 'silent') return;
    const samples = voiceOf(text, cloud);
    yield act === 'breaks' ? samples.subarray(0, samples.length / 2) : samples;
    if (act === 'breaks') throw new Error('cut');
  }
  const lead = new SpeechCache((text) => streamedSpeech(text, () => stream(text)));
  const backup = new SpeechCache(async (text) => {
    const samples = voiceOf(text, embedded);
    return streamedSpeech(text, async function* () {
      yield samples;
    });
  });
  const breaker = new CircuitBreaker(Date.now);
  const watch = {
    degraded: (part: string, cause: unknown) => degraded.push(`${part}: ${String(cause)}`),
    used: () => {},
  };
  const source = new SpeechSource({ embedded: backup, lead: { cache: lead, breaker } }, watch);
  const voice = new SpokenVoice({
    speech: source,
    now: Date.now,
    downstreamMs: () => 0,
    listener: {
      sentenceStart: ({ id }) => told.push(`start ${id}`),
      sentenceEnd: ({ id }) => told.push(`end ${id}`),
      sentenceFailed: ({ id }) => told.push(`failed ${id}`),
      idle: () => told.push('idle'),
    },
  });
  /** Plays in real time; the length in ms of each stretch of one voice. */
  const play = async (ms: number): Promise<string[]> => {
    const heard: { mark: string; ms: number }[] = [];
    for (let at = 0; at < ms; at += 20) {
      const frame = voice.nextFrame();
      const mark = frame === silentFrame ? 'silence' : frame[0] === cloud ? 'cloud' : 'embedded';
      const last = heard.at(-1);
      if (last?.mark === mark) last.ms += 20;
      else heard.push({ mark, ms: 20 });
      await vi.advanceTimersByTimeAsync(20);
    }
    return heard.map((stretch) => `${stretch.mark} ${stretch.ms}`);
  };
  const say = (...texts: string[]): Promise<unknown> => {
    voice.say(texts.map((text) => ({ id: text, text, spoken: text })));
    return vi.advanceTimersByTimeAsync(0);
  };
  return { asked, degraded, told, source, voice, say, play, breaker };
}

test('the leading voice speaks while it works', async () => {
  const { say, play, degraded } = setUp();
  await say('a b c', 'd e');
  expect(await play(1_200)).toEqual(['cloud 480', 'silence 160', 'cloud 320', 'silence 240']);
  expect(degraded).toEqual([]);
});

test.each(['fails', 'silent'] as const)(
  'a %s sentence and the rest of the turn are the embedded voice\u2019s',
  async (act) => {
    const { say, play, degraded, told } = setUp({ 'd e': act });
    await say('a b c', 'd e', 'f g');
    expect(await play(1_600)).toEqual([
      'cloud 480',
      'silence 160',
      'embedded 320',
      'silence 160',
      'embedded 320',
      'silence 160',
    ]);
    expect(degraded).toHaveLength(1);
    expect(told.filter((line) => line.startsWith('failed'))).toEqual([]);
  },
);

test('the next turn is the leading voice\u2019s again', async () => {
  const { say, play } = setUp({ 'a b': 'fails' });
  await say('a b');
  expect(await play(400)).toEqual(['embedded 320', 'silence 80']);
  await say('c d');
  expect(await play(320)).toEqual(['cloud 320']);
});

test('when it hangs, the embedded voice begins within 700 ms', async () => {
  const { say, play, degraded } = setUp({ 'a b': 'hangs' });
  await say('a b');
  expect(await play(1_000)).toEqual(['silence 660', 'embedded 320', 'silence 20']);
  expect(degraded).toEqual(['synthesis: ProviderFailure: Speech synthesis took longer than 650 ms']);
});

test('after two failures it is not waited for; later it leads again', async () => {
  const { say, play } = setUp({ 'a b': 'hangs', 'c d': 'hangs' });
  await say('a b');
  await play(1_000);
  await say('c d');
  await play(1_000);
  await say('e f');
  expect(await play(320)).toEqual(['embedded 320']);
  await vi.advanceTimersByTimeAsync(15_000);
  await say('g h');
  expect(await play(320)).toEqual(['cloud 320']);
});

test('a sentence that breaks off goes on in the embedded voice, from the word that was cut', async () => {
  const { say, play, told, degraded } = setUp({ 'a b c d e f g': 'breaks' });
  await say('a b c d e f g', 'h i');
  // 560 of 1,120 ms came: three words and a half. The fourth is said again, whole; nothing else is.
  expect(await play(1_800)).toEqual([
    'cloud 560',
    'silence 20',
    'embedded 640',
    'silence 160',
    'embedded 320',
    'silence 100',
  ]);
  expect(told).toEqual(['start a b c d e f g', 'end a b c d e f g', 'start h i', 'end h i', 'idle']);
  expect(degraded).toHaveLength(1);
});

test('a barge-in while the sentence is being mended keeps what was heard, and no more', async () => {
  const { say, play, voice } = setUp({ 'a b c d e f g': 'breaks' });
  await say('a b c d e f g');
  await play(560);
  voice.nextFrame();
  expect(voice.stop().sentences.map(({ heard }) => heard)).toEqual(['a b c']);
});

test('what is prefetched is asked for once, and failing ahead is no one\u2019s business', async () => {
  const { source, asked, degraded, say, play } = setUp({ 'c d': 'fails' });
  source.prefetch('a b');
  source.prefetch('c d');
  await vi.advanceTimersByTimeAsync(0);
  await say('a b');
  expect(await play(320)).toEqual(['cloud 320']);
  expect(asked).toEqual(['a b', 'c d']);
  expect(degraded).toEqual([]);
});

test('a sentence that neither voice can speak fails alone', async () => {
  const source = new SpeechSource(
    {
      embedded: new SpeechCache(() => Promise.reject(new Error('no sound'))),
      lead: { cache: new SpeechCache(() => Promise.reject(new Error('500'))), breaker: new CircuitBreaker(Date.now) },
    },
    { degraded: () => {}, used: () => {} },
  );
  source.beginTurn();
  const [one, two] = [source.get('a'), source.get('b')];
  await expect(one).rejects.toThrow('no sound');
  await expect(two).rejects.toThrow('no sound');
});
