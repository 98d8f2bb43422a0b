import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EngineUsage } from '../../../contract/call-event.ts';
import { OpenAiSynthesizer } from './synthesizer.ts';
import {
  type Answer,
  audioAnswer,
  cutAfter,
  errorAnswer,
  jsonAnswer,
  pausedAfter,
  silentUntil,
} from './testing/answers.ts';
import { FakeOpenAi } from './testing/fake-openai.ts';
import { hasVendorSpec, VendorSpec } from './testing/vendor-spec.ts';

/** A second of a 440 Hz tone as the API sends it: 24,000 Hz, cut at an odd byte. */
function toneChunks(): Uint8Array[] {
  const samples = Int16Array.from({ length: 24_000 }, (_, n) => 9_000 * Math.sin((2 * Math.PI * 440 * n) / 24_000));
  const bytes = new Uint8Array(samples.buffer);
  return [bytes.subarray(0, 10_001), bytes.subarray(10_001, 10_002), bytes.subarray(10_002)];
}

const model = 'gpt-4o-mini-tts';
const never = new AbortController().signal;

describe.skipIf(!hasVendorSpec)('against the vendor\u2019s API description (../shared/data/openapi)', () => {
  let vendor: FakeOpenAi;
  // Reading the description takes seconds on a busy machine.
  beforeAll(() => VendorSpec.load(), 60_000);
  beforeEach(async () => {
    vendor = await FakeOpenAi.start();
  });
  afterEach(() => vendor.close());

  async function speak(answer: Answer, { text = 'Hello there.', signal = never } = {}) {
    vendor.script('/audio/speech', answer);
    const access = { baseUrl: vendor.baseUrl, apiKey: vendor.apiKey };
    const synthesizer = new OpenAiSynthesizer({ access, model, voice: 'marin' });
    const used: EngineUsage[] = [];
    const samples: number[] = [];
    for await (const piece of synthesizer.stream(text, signal, { used: (usage) => used.push(usage) })) {
      samples.push(...piece);
    }
    return { samples, used };
  }

  test('speech comes at 16,000 Hz, however it was cut on its way', async () => {
    const { samples, used } = await speak(audioAnswer(toneChunks()));
    expect(samples).toHaveLength(16_000);
    let error = 0;
    for (let n = 1_000; n < 15_000; n++) {
      error = Math.max(error, Math.abs((samples[n] ?? 0) - 9_000 * Math.sin((2 * Math.PI * 440 * n) / 16_000)));
    }
    expect(error).toBeLessThan(30);
    expect(used).toEqual([{ task: 'synthesis', engine: 'openai', model, requests: 1, characters: 12 }]);
    expect(vendor.requests[0]?.body).toEqual({ model, voice: 'marin', input: 'Hello there.', response_format: 'pcm' });
  });

  test('the first sound comes before the last', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    vendor.script('/audio/speech', pausedAfter(1, promise, audioAnswer(toneChunks())));
    const access = { baseUrl: vendor.baseUrl, apiKey: vendor.apiKey };
    const pieces = new OpenAiSynthesizer({ access, model, voice: 'marin' }).stream('Hello', never, undefined);
    const reader = pieces[Symbol.asyncIterator]();
    expect((await reader.next()).value?.length).toBeGreaterThan(3_000);
    resolve();
    let more = 0;
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) more += next.value.length;
    expect(more).toBeGreaterThan(10_000);
  });

  test('a success without sound has no piece with samples', async () => {
    expect((await speak(audioAnswer([]))).samples).toEqual([]);
  });

  test.each([
    ['429', errorAnswer(429, { retryAfterS: 2 }), 'Speech synthesis was refused: 429'],
    ['500', errorAnswer(500), 'Speech synthesis was refused: 500'],
    ['JSON in place of sound', jsonAnswer({ ok: true }), "Speech synthesis answered with 'application/json'"],
    ['a break in mid-stream', cutAfter(1, audioAnswer(toneChunks())), 'Speech synthesis failed: the connection broke'],
  ])('%s is a failure with its cause', async (_, answer, message) => {
    await expect(speak(answer)).rejects.toThrow(message);
  });

  test('one that hangs ends with the signal', async () => {
    const hanging = silentUntil(new Promise(() => undefined));
    await expect(speak(hanging, { signal: AbortSignal.timeout(50) })).rejects.toThrow('took too long');
  });

  test('a text that the API does not take is not sent', async () => {
    await expect(speak(audioAnswer([]), { text: 'a'.repeat(4_097) })).rejects.toThrow('4096 characters');
    expect(vendor.requests).toEqual([]);
  });
});
