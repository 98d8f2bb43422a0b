import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ProviderFailure } from '../../agent/provider-failure.ts';
import { createClient, toFailure } from './client.ts';
import {
  audioAnswer,
  cutAfter,
  errorAnswer,
  eventsAnswer,
  jsonAnswer,
  pausedAfter,
  silentUntil,
  textAnswer,
} from './testing/answers.ts';
import { FakeOpenAi } from './testing/fake-openai.ts';
import { hasVendorSpec, VendorSpec } from './testing/vendor-spec.ts';

const completion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_790_000_000,
  model: 'gpt-5.4-mini',
  choices: [],
};

describe.skipIf(!hasVendorSpec)('against the vendor\u2019s API description (../shared/data/openapi)', () => {
  let vendor: FakeOpenAi;
  // Reading the description takes seconds on a busy machine.
  beforeAll(() => VendorSpec.load(), 60_000);
  beforeEach(async () => {
    vendor = await FakeOpenAi.start();
  });
  afterEach(() => vendor.close());

  const ask = async (extra: object = {}, signal?: AbortSignal): Promise<unknown> => {
    const client = createClient({ baseUrl: vendor.baseUrl, apiKey: vendor.apiKey });
    const request = { model: 'gpt-5.4-mini', messages: [{ role: 'user' as const, content: 'Hi' }], ...extra };
    return client.chat.completions.create(request, { signal: signal ?? null });
  };
  const failure = async (extra: object = {}, signal?: AbortSignal): Promise<ProviderFailure> => {
    try {
      await ask(extra, signal);
    } catch (error) {
      return toFailure('The language model', error);
    }
    return expect.unreachable('it answered');
  };

  test('a valid request is answered from the script, and asked once', async () => {
    vendor.script('/chat/completions', jsonAnswer(completion));
    expect(await ask()).toMatchObject({ id: 'chatcmpl-1' });
    expect(vendor.requests).toHaveLength(1);
  });

  test('a request that the description does not allow fails the test, with the place in the schema', async () => {
    vendor.script('/chat/completions', jsonAnswer(completion));
    await failure({ temperature: 7, wit: 'dry' });
    expect(vendor.violations.join(' ')).toMatch(/temperature must be <= 2/);
    expect(vendor.violations.join(' ')).toMatch(/unevaluatedProperty":"wit/);
    await expect(vendor.close()).rejects.toThrow(/POST \/chat\/completions\/temperature/);
    vendor = await FakeOpenAi.start();
  });

  test('a wrong key, a wrong path and a stray query are violations', async () => {
    const wrong = createClient({ baseUrl: `${vendor.baseUrl}/v2`, apiKey: 'other' });
    await expect(wrong.models.list({ query: { limit: 3 } })).rejects.toThrow('400');
    expect(vendor.violations).toEqual([
      'GET /v2/models has no valid bearer key',
      'GET /v2/models is not in the API description',
    ]);
    await expect(vendor.close()).rejects.toThrow('not in the API description');
    vendor = await FakeOpenAi.start();
  });

  test('429 says when to come back, and is not tried again here', async () => {
    vendor.script('/chat/completions', errorAnswer(429, { retryAfterS: 7 }), jsonAnswer(completion));
    const { message, retryAfterMs } = await failure();
    expect({ message, retryAfterMs }).toEqual({
      message: 'The language model was refused: 429, the limit of requests or of credit is reached',
      retryAfterMs: 7_000,
    });
    expect(vendor.requests).toHaveLength(1);
  });

  test('every other way to fail has a cause that a person understands', async () => {
    vendor.script('/chat/completions', errorAnswer(500));
    expect((await failure()).message).toBe('The language model was refused: 500');
    vendor.script('/chat/completions', errorAnswer(401));
    expect((await failure()).message).toContain('check OPENAI_API_KEY');
    vendor.script('/chat/completions', textAnswer('<html>'));
    expect((await failure()).message).toMatch(/The language model failed/);
    vendor.script('/chat/completions', cutAfter(0, eventsAnswer([{}], { done: true })));
    expect((await failure()).message).toMatch(/The language model failed: the connection broke/);
    vendor.script('/chat/completions', silentUntil(new Promise(() => undefined)));
    expect((await failure({}, AbortSignal.timeout(50))).message).toBe('The language model took too long');
  });

  test('what comes slowly comes whole', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    vendor.script('/audio/speech', pausedAfter(1, promise, audioAnswer([Uint8Array.of(1, 2), Uint8Array.of(3, 4)])));
    const { audio } = createClient({ baseUrl: vendor.baseUrl, apiKey: vendor.apiKey });
    const response = await audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'Hi', response_format: 'pcm' });
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value).toEqual(Uint8Array.of(1, 2));
    resolve();
    expect((await reader?.read())?.value).toEqual(Uint8Array.of(3, 4));
  });
});
