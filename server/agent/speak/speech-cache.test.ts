import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ProviderFailure } from '../provider-failure.ts';
import { SpeechCache, streamingVoice } from './speech-cache.ts';
import { SpeechStore } from './speech-store.ts';
import type { StreamingSynthesizer } from './synthesizer.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-speech-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

class CountingVoice implements StreamingSynthesizer {
  voiceKey = 'cloud marin';
  asked: string[] = [];
  failures: unknown[] = [];

  async *stream(text: string): AsyncIterable<Int16Array> {
    this.asked.push(text);
    const failure = this.failures.shift();
    if (failure) throw failure;
    yield new Int16Array(16_000).fill(3_000);
  }
}

function setUp(approved = ['Hello.', 'Goodbye.']) {
  const voice = new CountingVoice();
  const store = new SpeechStore(join(folder, 'speech'));
  const cache = (): SpeechCache => new SpeechCache(streamingVoice(voice, store, new Set(approved)));
  return { voice, cache };
}
const never = new AbortController().signal;
const kept = (): Promise<string[]> => readdir(join(folder, 'speech')).catch(() => []);

test('approved sentences are made ahead once, and are on disk for the next start', async () => {
  const { voice, cache } = setUp();
  await cache().pin(['Hello.', 'Goodbye.'], never);
  await vi.waitFor(async () => expect(await kept()).toHaveLength(2));
  expect(voice.asked).toEqual(['Hello.', 'Goodbye.']);
  const again = cache();
  await again.pin(['Hello.', 'Goodbye.'], never);
  expect(voice.asked).toHaveLength(2);
  expect((await again.get('Hello.')).frames).toHaveLength(50);
});

test('a sentence that may hold a name is never on disk', async () => {
  const { cache } = setUp();
  const speech = await cache().get('Thank you, Susan.');
  await speech.settled;
  expect(await kept()).toEqual([]);
});

test('another voice does not speak with this one\u2019s sound; a damaged file is made anew', async () => {
  const { voice, cache } = setUp();
  await cache().pin(['Hello.'], never);
  await vi.waitFor(async () => expect(await kept()).toHaveLength(1));
  voice.voiceKey = 'cloud cedar';
  await cache().pin(['Hello.'], never);
  expect(voice.asked).toHaveLength(2);
  await vi.waitFor(async () => expect(await kept()).toHaveLength(2));
  for (const file of await kept()) await truncate(join(folder, 'speech', file), 101);
  await cache().pin(['Hello.'], never);
  expect(voice.asked).toHaveLength(3);
});

test('a folder that cannot be written costs nothing but the cache', async () => {
  await writeFile(join(folder, 'speech'), 'a file in its place');
  const { cache } = setUp();
  expect((await cache().get('Hello.')).frames).toHaveLength(50);
});

test('what fails is forgotten, and tried again ahead when the vendor said so', async () => {
  vi.useFakeTimers();
  const { voice, cache } = setUp();
  voice.failures = [new ProviderFailure('429', { retryAfterMs: 7_000 }), new ProviderFailure('500')];
  const pinned = cache().pin(['Thanks.'], never);
  await vi.advanceTimersByTimeAsync(6_999);
  expect(voice.asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(voice.asked).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(60_000);
  await pinned;
  expect(voice.asked).toHaveLength(3);
});

test('nothing more is made ahead once the node stops', async () => {
  const { voice, cache } = setUp();
  const stop = new AbortController();
  voice.failures = [new ProviderFailure('500')];
  const pinned = cache().pin(['Thanks.', 'Hello.'], stop.signal);
  await vi.waitFor(() => expect(voice.asked).toHaveLength(1));
  stop.abort();
  await pinned;
  expect(voice.asked).toHaveLength(1);
});
