import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CallFact } from '../../contract/call-event.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { demoBundle } from '../../dialogue/testing/demo-bundle.ts';
import { SpeechSource } from '../agent/speak/speech-source.ts';
import { type Config, readConfig } from '../config.ts';
import { createLog } from '../observe/log.ts';
import { Delivery } from '../outbox/delivery.ts';
import { Outbox } from '../outbox/outbox.ts';
import { FliteSynthesizer } from '../provider/flite/flite.ts';
import { audioAnswer, errorAnswer } from '../provider/openai/testing/answers.ts';
import { FakeOpenAi } from '../provider/openai/testing/fake-openai.ts';
import { hasVendorSpec, VendorSpec } from '../provider/openai/testing/vendor-spec.ts';
import { PocketSphinxFactory } from '../provider/pocketsphinx/pocketsphinx.ts';
import { Engines } from './engines.ts';
import { Recorder } from './recorder.ts';

const callId = '0b3f7c1e-6f0a-4e6e-9d1f-2f5f0f6f7a10';
const said = 'i need a new roof';
let folder: string;
let bundle: Bundle;

beforeAll(async () => {
  bundle = await demoBundle();
}, 60_000);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-engines-'));
});
afterEach(() => rm(folder, { recursive: true, maxRetries: 3 }));

const configOf = (variables: Record<string, string>): Config =>
  readConfig({
    PARLEY_NODE_KEY: 'n'.repeat(32),
    PARLEY_SESSION_KEY: 's'.repeat(32),
    PARLEY_DATA_DIR: folder,
    PARLEY_MODELS_DIR: join(folder, 'models'),
    ...variables,
  });

function newRecorder() {
  const log = createLog({ write: () => undefined, now: Date.now });
  const outbox = new Outbox(':memory:', Date.now);
  const delivery = new Delivery({ outbox, log, send: () => new Promise(() => undefined) });
  const recorder = new Recorder({ callId, business: bundle.business.id }, outbox, delivery, Date.now);
  return { recorder, facts: (): CallFact[] => outbox.pending(callId, 100).map(({ fact }) => fact) };
}

describe.skipIf(!hasVendorSpec)('with the vendor\u2019s API description (../shared/data/openapi)', () => {
  let vendor: FakeOpenAi;
  const stop = new AbortController();
  // Reading the description takes seconds on a busy machine.
  beforeAll(() => VendorSpec.load(), 60_000);
  beforeEach(async () => {
    vendor = await FakeOpenAi.start();
  });
  afterEach(() => vendor.close());

  /** One call's ears and voice, as a node with cloud speech makes them. */
  async function startCall() {
    const cloud = { PARLEY_STT: 'openai', PARLEY_TTS: 'openai', OPENAI_API_KEY: vendor.apiKey };
    const engines = await Engines.load(configOf({ ...cloud, OPENAI_BASE_URL: vendor.baseUrl }), Date.now);
    const embedded = await PocketSphinxFactory.prepare({ phrases: [said], key: 'test', cacheFolder: folder });
    const call = newRecorder();
    const ears = await engines.recognizers(bundle, embedded).create(call.recorder);
    // Nothing is made ahead here: only what the test asks for counts.
    const voices = engines.voices({ ...bundle, speech: { ...bundle.speech, approved: [] } }, stop.signal);
    const voice = new SpeechSource(voices, call.recorder);
    voice.beginTurn();
    return { ...call, ears, voice };
  }
  const speech = async (): Promise<Int16Array> => (await new FliteSynthesizer('rms').synthesize(said)).samples;

  test('cloud speech hears and speaks, and the record says what it used', async () => {
    vendor.scriptRealtime({ replies: [{ transcript: 'I need a new roof.' }] });
    vendor.script('/audio/speech', audioAnswer([new Uint8Array(48_000).fill(40)]));
    const { ears, voice, recorder, facts } = await startCall();
    await vi.waitFor(() => expect(vendor.realtimeSessions[0]?.accepted).toBe(true));
    ears.feed(await speech());
    expect((await ears.finish()).text).toBe('I need a new roof.');
    const sentence = await voice.get('How can I help?');
    await sentence.settled;
    expect(sentence.frames).toHaveLength(50);
    recorder.add({ type: 'call-end', reason: 'caller-hang-up', outcome: 'incomplete' });
    await ears.close();
    expect(facts().map(({ type }) => type)).toEqual(['usage', 'call-end']);
    expect(facts()[0]).toMatchObject({
      used: [
        { task: 'recognition', engine: 'openai', model: 'gpt-4o-mini-transcribe', requests: 1 },
        { task: 'synthesis', engine: 'openai', model: 'gpt-4o-mini-tts', requests: 1, characters: 15 },
      ],
    });
    expect(JSON.stringify(vendor.realtimeSessions[0]?.session)).toContain(bundle.business.name);
  });

  test('when the vendor is down, the embedded engines hear and speak, and the record says why', async () => {
    vendor.scriptRealtime({ refuseStatus: 500 });
    vendor.script('/audio/transcriptions', errorAnswer(500));
    vendor.script('/audio/speech', errorAnswer(429, { retryAfterS: 30 }));
    const { ears, voice, facts } = await startCall();
    ears.feed(await speech());
    expect((await ears.finish()).text).toBe(said);
    expect((await voice.get('How can I help?')).frames.length).toBeGreaterThan(30);
    await ears.close();
    const causes = facts().flatMap((fact) => (fact.type === 'degraded' ? [[fact.component, fact.cause]] : []));
    expect(Object.fromEntries(causes)).toEqual({
      'streaming transcription': 'Streaming transcription was refused: 500',
      recognition: 'Transcription was refused: 500',
      synthesis: 'Speech synthesis was refused: 429, the limit of requests or of credit is reached',
    });
  });
});

test('without a word about engines nothing but the embedded ones is there', async () => {
  const engines = await Engines.load(configOf({ OPENAI_API_KEY: 'sk-unused' }), Date.now);
  const embedded = await PocketSphinxFactory.prepare({ phrases: [said], key: 'test', cacheFolder: folder });
  expect(engines.recognizers(bundle, embedded)).toBe(embedded);
  const stop = new AbortController();
  stop.abort();
  expect(engines.voices(bundle, stop.signal).lead).toBeUndefined();
  expect(engines.languageModel).toBeUndefined();
});

test('a local model that is not installed stops the start, with the command that fetches it', async () => {
  const load = (variables: Record<string, string>): Promise<Engines> => Engines.load(configOf(variables), Date.now);
  await expect(load({ PARLEY_STT: 'sherpa' })).rejects.toThrow('npm run models -- get zipformer-en-20m');
  await expect(load({ PARLEY_TTS: 'sherpa' })).rejects.toThrow('npm run models -- get piper-en-amy');
});
