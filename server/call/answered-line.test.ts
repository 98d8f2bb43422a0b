import { expect, test } from 'vitest';
import { demoBundle } from '../../dialogue/testing/demo-bundle.ts';
import type { CallFact } from '../../contract/call-event.ts';
import { embeddedVoice, SpeechCache } from '../agent/speak/speech-cache.ts';
import { frameMs, frameSamples } from '../audio/frame.ts';
import { createLog } from '../observe/log.ts';
import { Delivery } from '../outbox/delivery.ts';
import { Outbox } from '../outbox/outbox.ts';
import { AnsweredLine } from './answered-line.ts';
import { createGuard } from './guard.ts';
import { Recorder } from './recorder.ts';
import type { LineListener, TelephoneLine } from './telephone-line.ts';

const callId = '0b3f7c1e-6f0a-4e6e-9d1f-2f5f0f6f7a10';
const bundle = await demoBundle();

/** Stretches of speech: what is heard in them, and how long they take. Silence where there is no text. */
type Heard = readonly [text: string | null, lengthMs: number];

/** A line in the test's hand: what it hears is said by samples that stand for texts. */
async function setUp() {
  const told: string[] = [];
  const facts: CallFact[] = [];
  const texts: string[] = [];
  let heard: string | null = null;
  let fed = 0;
  let nowMs = Date.UTC(2026, 10, 23, 17);
  let theirs: LineListener | undefined;
  const line: TelephoneLine = {
    open: (listener) => {
      theirs = listener;
      return Promise.resolve();
    },
    play: () => undefined,
    flush: () => undefined,
    quality: undefined,
    lastPacketMs: undefined,
    downstreamMs: undefined,
    hangUp: () => told.push('hung up'),
  };
  const log = createLog({ write: () => undefined, now: () => nowMs });
  const outbox = new Outbox(':memory:', () => nowMs);
  const delivery = new Delivery({ outbox, log, send: () => new Promise(() => undefined) });
  const recorder = new Recorder({ callId, business: bundle.business.id }, outbox, delivery, () => nowMs);
  const add = recorder.add.bind(recorder);
  recorder.add = (fact) => {
    facts.push(fact);
    add(fact);
  };
  const answered = new AnsweredLine({
    line,
    bundle,
    // A word takes 100 ms.
    voices: {
      embedded: new SpeechCache(
        embeddedVoice({
          synthesize: (text) => {
            const samples = new Int16Array(text.split(' ').length * 1_600).fill(1_000);
            return Promise.resolve({ samples, words: [{ text, startSample: 0, endSample: samples.length }] });
          },
        }),
      ),
    },
    recorder,
    detector: () => ({ probability: (window) => Promise.resolve(window.some((sample) => sample !== 0) ? 1 : 0) }),
    recognizers: {
      create: () =>
        Promise.resolve({
          feed: (samples: Int16Array) => {
            heard = texts[(samples.findLast((sample) => sample !== 0) ?? 0) / 100 - 1] ?? heard;
            fed += samples.length;
          },
          // Nobody's words are known from their first sound.
          partial: () => Promise.resolve(fed < 8_000 ? '' : (heard ?? '')),
          finish: () => {
            const text = heard ?? '';
            heard = null;
            fed = 0;
            return Promise.resolve({ text, confidence: 1, alternatives: [] });
          },
          discard: () => Promise.resolve(),
          close: () => Promise.resolve(),
        }),
    },
    leaveMessage: true,
    guard: createGuard((label, error) => {
      throw new Error(label, { cause: error });
    }),
    now: () => nowMs,
    after: () => () => undefined,
  });
  await answered.open({
    ready: () => undefined,
    connected: () => told.push('connected'),
    audio: () => undefined,
    keyPressed: () => undefined,
    held: (held) => told.push(held ? 'hushed' : 'goes on'),
    degraded: (cause) => told.push(cause),
    fault: (error) => told.push(String(error)),
    ended: (reason) => told.push(reason),
  });
  theirs?.connected();

  /** Both directions, frame by frame. */
  const hear = async (...parts: readonly Heard[]): Promise<void> => {
    for (const [text, lengthMs] of parts) {
      const sample = text === null ? 0 : 100 * texts.push(text);
      for (let doneMs = 0; doneMs < lengthMs; doneMs += frameMs) {
        nowMs += frameMs;
        theirs?.audio(new Int16Array(frameSamples).fill(sample));
        answered.play(new Int16Array(frameSamples));
        // What the ears do with it takes a few turns of the event loop.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  };
  const found = (): string[] => facts.flatMap((fact) => (fact.type === 'answered-by' ? fact.who : []));
  const acts = (): string[] => facts.flatMap((fact) => (fact.type === 'agent-turn' ? fact.act : []));
  return { hear, told, found, acts };
}

test('a short hello is answered when it has ended', async () => {
  const { hear, told, found } = await setUp();
  await hear(['hello', 400]);
  expect(told).toEqual([]);
  await hear([null, 700]);
  expect(found()).toEqual(['person']);
  expect(told).toEqual(['connected']);
});

test('who picks up with a long sentence is a person after 2.2 s, and is heard out', async () => {
  const { hear, told, found } = await setUp();
  await hear(['good afternoon miller plumbing how can i help you today', 3_600]);
  expect(found()).toEqual(['person']);
  expect(told).toEqual([]);
  await hear([null, 700]);
  expect(told).toEqual(['connected']);
});

test('who never stops is spoken to all the same', async () => {
  const { hear, told } = await setUp();
  await hear(['and then', 9_000]);
  expect(told).toEqual(['connected']);
});

test('a machine whose words come late is not spoken to before its message', async () => {
  const { hear, told, found, acts } = await setUp();
  await hear(['this is susan at the moment', 2_600], ['leave a message', 900]);
  expect(found()).toEqual(['person', 'machine']);
  expect(told).toEqual([]);
  await hear([null, 20_000]);
  expect(acts()).toEqual(['leave-message']);
  expect(told).toEqual(['not-answered']);
});

test('the person behind an assistant that was taken for one hears who calls, and the conversation goes on', async () => {
  const { hear, told, found, acts } = await setUp();
  await hear(['hello', 500], [null, 900]);
  expect(told).toEqual(['connected']);
  await hear(['please state your name', 1_200], [null, 20_000]);
  expect(told).toEqual(['connected', 'hushed']);
  expect(acts()).toEqual(['say-who-calls']);
  await hear(['hello', 500], [null, 12_000]);
  expect(found()).toEqual(['person', 'screening', 'person']);
  expect(acts()).toEqual(['say-who-calls', 'greet']);
  expect(told).toEqual(['connected', 'hushed', 'goes on']);
});
