import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EngineUsage } from '../../../contract/call-event.ts';
import type { Recognizer } from '../../agent/listen/recognizer.ts';
import { OpenAiRecognizerFactory } from './recognizer.ts';
import { cutAfter, errorAnswer, eventsAnswer, jsonAnswer, silentUntil, textAnswer } from './testing/answers.ts';
import { FakeOpenAi } from './testing/fake-openai.ts';
import { hasVendorSpec, VendorSpec } from './testing/vendor-spec.ts';
import { vocabularyHint } from './vocabulary.ts';

const model = 'gpt-4o-mini-transcribe';
const speech = Int16Array.from({ length: 16_000 }, (_, n) => 5_000 * Math.sin((2 * Math.PI * 300 * n) / 16_000));
const fileAnswer = jsonAnswer({ text: 'from the file', logprobs: [{ token: 'a', logprob: -0.5 }] });

describe.skipIf(!hasVendorSpec)('against the vendor\u2019s API description (../shared/data/openapi)', () => {
  let vendor: FakeOpenAi;
  let recognizer: Recognizer | undefined;
  // Reading the description takes seconds on a busy machine.
  beforeAll(() => VendorSpec.load(), 60_000);
  beforeEach(async () => {
    vendor = await FakeOpenAi.start();
    vendor.script('/audio/transcriptions', fileAnswer);
  });
  afterEach(async () => {
    await recognizer?.close();
    recognizer = undefined;
    await vendor.close();
  });

  async function setUp() {
    const clock = { nowMs: 1_000 };
    const degraded: string[] = [];
    const used: EngineUsage[] = [];
    const factory = new OpenAiRecognizerFactory({
      access: { baseUrl: vendor.baseUrl, apiKey: vendor.apiKey },
      model,
      language: 'en',
      hint: vocabularyHint(model, ['Ridgeline Roofing', 'hail']),
      now: () => clock.nowMs,
    });
    const watch = {
      degraded: (part: string, cause: unknown) => degraded.push(`${part}: ${String(cause)}`),
      used: (usage: EngineUsage) => used.push(usage),
    };
    recognizer = await factory.create(watch);
    return { factory, watch, recognizer, clock, degraded, used };
  }
  /** Speech after the session's settings were accepted: what is not there yet is waited for. */
  const established = (session = 0): Promise<void> =>
    vi.waitFor(() => expect(vendor.realtimeSessions[session]?.accepted).toBe(true));
  const hear = async (ears: Recognizer, signal?: AbortSignal) => {
    for (let at = 0; at < speech.length; at += 1_536) ears.feed(speech.subarray(at, at + 1_536));
    return ears.finish(signal);
  };

  test('streams 24 kHz sound, ends the segment itself and is told the vocabulary', async () => {
    vendor.scriptRealtime({
      replies: [{ transcript: ' I need a roof. ', deltas: ['I need', ' a roof.'], logprobs: [-0.1, -0.3] }],
    });
    const { recognizer: ears, used, degraded } = await setUp();
    await established();
    const { text, confidence } = await hear(ears);
    expect(text).toBe('I need a roof.');
    expect(confidence).toBeCloseTo(Math.exp(-0.2), 5);
    expect(vendor.realtimeSessions[0]?.session).toMatchObject({
      audio: {
        input: {
          turn_detection: null,
          transcription: { model, language: 'en', prompt: expect.stringContaining('Ridgeline Roofing, hail') },
        },
      },
    });
    expect(vendor.realtimeSessions[0]?.commits.map(({ length }) => length)).toEqual([24_000]);
    expect(used).toEqual([{ task: 'recognition', engine: 'openai', model, requests: 1, audioMs: 1_000 }]);
    expect(degraded).toEqual([]);
    expect(vendor.requests).toEqual([]);
  });

  test('each segment has its own words; a click is forgotten; a very short one is filled up', async () => {
    vendor.scriptRealtime({ replies: [{ transcript: 'one' }, { transcript: 'two' }] });
    const { recognizer: ears } = await setUp();
    await established();
    ears.feed(speech);
    await ears.discard();
    expect((await hear(ears)).text).toBe('one');
    ears.feed(speech.subarray(0, 320));
    expect((await ears.finish()).text).toBe('two');
    expect(vendor.realtimeSessions[0]?.commits.map(({ length }) => length)).toEqual([24_000, 2_400]);
  });

  test('where there is no Realtime the segment goes in one request, and that is no degradation', async () => {
    vendor.scriptRealtime({ refuseStatus: 404 });
    const { recognizer: ears, factory, watch, degraded } = await setUp();
    await vi.waitFor(() => expect(factory.realtimeAbsentUntilMs).toBe(601_000));
    const { text, confidence } = await hear(ears);
    expect(text).toBe('from the file');
    expect(confidence).toBeCloseTo(Math.exp(-0.5), 5);
    expect(vendor.requests[0]?.body).toMatchObject({ model, language: 'en', stream: true, include: ['logprobs'] });
    const next = await factory.create(watch);
    expect((await hear(next)).text).toBe('from the file');
    await next.close();
    expect(degraded).toEqual([]);
  });

  test('a streamed answer is read to its last event', async () => {
    vendor.scriptRealtime({ refuseStatus: 404 });
    const { recognizer: ears, factory } = await setUp();
    await vi.waitFor(() => expect(factory.realtimeAbsentUntilMs).not.toBe(0));
    const events = [
      { type: 'transcript.text.delta', delta: 'hel' },
      { type: 'transcript.text.done', text: 'hello' },
    ];
    vendor.script('/audio/transcriptions', eventsAnswer(events, { done: false }));
    expect((await hear(ears)).text).toBe('hello');
    vendor.script('/audio/transcriptions', cutAfter(1, eventsAnswer(events, { done: false })));
    await expect(hear(ears)).rejects.toThrow(/Transcription failed: the connection broke|broke off/);
    vendor.script('/audio/transcriptions', eventsAnswer(events.slice(0, 1), { done: false }));
    await expect(hear(ears)).rejects.toThrow('Transcription broke off before its end');
  });

  test('a session that breaks in mid-segment loses nothing: the whole segment goes in one request', async () => {
    vendor.scriptRealtime({ disconnectAfterSamples: 8_000 });
    const { recognizer: ears, degraded } = await setUp();
    await established();
    for (let at = 0; at < speech.length; at += 1_536) ears.feed(speech.subarray(at, at + 1_536));
    await vi.waitFor(() => expect(degraded).toHaveLength(1));
    expect((await ears.finish()).text).toBe('from the file');
    expect(vendor.requests[0]?.body).toMatchObject({ file: { size: 44 + 2 * speech.length } });
    expect(degraded[0]).toMatch(/^streaming transcription: /);
  });

  test.each([
    ['breaks', 'disconnect' as const],
    ['sends no JSON', { raw: '<html>' }],
    ['cannot transcribe', { failed: 'overloaded' }],
  ])('a session that %s after the commit is replaced by one request', async (_, reply) => {
    vendor.scriptRealtime({ replies: [reply] });
    const { recognizer: ears } = await setUp();
    await established();
    expect((await hear(ears)).text).toBe('from the file');
  });

  test('settings that the server refuses are told, with its words', async () => {
    vendor.scriptRealtime({ refuseSession: 'Unknown model' });
    const { recognizer: ears, degraded } = await setUp();
    await vi.waitFor(() => expect(degraded[0]).toMatch(/Unknown model/));
    expect((await hear(ears)).text).toBe('from the file');
  });

  test('a broken session is opened anew after ten seconds, not before', async () => {
    const { recognizer: ears, clock, degraded } = await setUp();
    await established();
    vendor.realtimeSessions[0]?.drop();
    await vi.waitFor(() => expect(degraded).toHaveLength(1));
    vendor.scriptRealtime({ replies: [{ transcript: 'again' }] });
    await hear(ears);
    expect(vendor.realtimeSessions).toHaveLength(1);
    clock.nowMs += 10_000;
    // The first segment after that may still find the session connecting.
    await hear(ears);
    await established(1);
    expect((await hear(ears)).text).toBe('again');
  });

  test('a session that hangs is given up when the caller of it gives up', async () => {
    vendor.scriptRealtime({ replies: ['silence'] });
    const { recognizer: ears } = await setUp();
    await established();
    await expect(hear(ears, AbortSignal.timeout(50))).rejects.toThrow('The call is over');
    expect(vendor.requests).toEqual([]);
    vendor.scriptRealtime({ replies: [{ transcript: 'fresh' }] });
    await hear(ears);
    await established(1);
    expect((await hear(ears)).text).toBe('fresh');
  });

  test.each([
    ['429', errorAnswer(429, { retryAfterS: 3 }), /429/],
    ['500', errorAnswer(500), /500/],
    ['no JSON', textAnswer('<html>'), /Transcription failed/],
    ['a transcript of another shape', jsonAnswer({ words: [] }), /Transcription failed/],
  ])('one request answered with %s fails with its cause', async (_, answer, message) => {
    vendor.scriptRealtime({ refuseStatus: 503 });
    vendor.script('/audio/transcriptions', answer);
    const { recognizer: ears, degraded } = await setUp();
    await vi.waitFor(() => expect(degraded).toHaveLength(1));
    await expect(hear(ears)).rejects.toThrow(message);
  });

  test('one request that hangs ends with the signal', async () => {
    vendor.scriptRealtime({ silentHandshake: true });
    vendor.script('/audio/transcriptions', silentUntil(new Promise(() => undefined)));
    const { recognizer: ears } = await setUp();
    await expect(hear(ears, AbortSignal.timeout(50))).rejects.toThrow('Transcription took too long');
  });
});

test('vocabularyHint() speaks each model\u2019s language', () => {
  const words = ['Ridgeline', 'hail'];
  expect(vocabularyHint('whisper-1', words)).toEqual({ prompt: 'Ridgeline, hail' });
  expect(vocabularyHint('gpt-transcribe', words)).toEqual({ keywords: words });
  expect(vocabularyHint('gpt-realtime-whisper', words)).toEqual({});
  expect(vocabularyHint('gpt-4o-transcribe', words).prompt).toMatch(/Ridgeline, hail/);
  const many = Array.from({ length: 1_000 }, (_, n) => `word${n}`);
  expect(vocabularyHint('whisper-1', many).prompt?.length).toBeLessThanOrEqual(800);
});
