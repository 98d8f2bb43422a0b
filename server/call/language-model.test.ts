import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CallFact } from '../../contract/call-event.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { demoBundle } from '../../dialogue/testing/demo-bundle.ts';
import { CircuitBreaker } from '../agent/circuit-breaker.ts';
import { TypedVoice } from '../agent/speak/typed-voice.ts';
import { ControlPlane } from '../http/control-plane.ts';
import { createLog } from '../observe/log.ts';
import { Delivery } from '../outbox/delivery.ts';
import { Outbox } from '../outbox/outbox.ts';
import { ChatConsultant } from '../provider/openai/chat.ts';
import { createClient } from '../provider/openai/client.ts';
import {
  type Answer,
  cutAfter,
  errorAnswer,
  eventsAnswer,
  pausedAfter,
  silentUntil,
} from '../provider/openai/testing/answers.ts';
import { FakeOpenAi } from '../provider/openai/testing/fake-openai.ts';
import { hasVendorSpec } from '../provider/openai/testing/vendor-spec.ts';
import { Consultations } from './consultations.ts';
import { Conversation } from './conversation.ts';
import { createGuard } from './guard.ts';
import { Recorder } from './recorder.ts';
import { afterOnThisMachine } from './silence-timer.ts';
import { Tools } from './tools.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const callId = '0b3f7c1e-6f0a-4e6e-9d1f-2f5f0f6f7a10';
const question = 'do you have anything for bees under the shingles?';
let bundle: Bundle;

beforeAll(async () => {
  bundle = await demoBundle();
});

/** A reply as the vendor streams it, in small pieces. */
function reply(content: string): Answer {
  const chunk = (choices: object[], usage: object | null = null) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    model: 'gpt-5.4-mini',
    choices,
    usage,
  });
  const pieces = content.match(/[^]{1,20}/g) ?? [];
  const used = { prompt_tokens: 900, completion_tokens: 40, total_tokens: 940 };
  return eventsAnswer(
    [...pieces.map((piece) => chunk([{ index: 0, delta: { content: piece }, finish_reason: null }])), chunk([], used)],
    { done: true },
  );
}
const answered = (sentences: readonly { text: string; cites: readonly string[] }[]) =>
  reply(JSON.stringify({ meanings: [], answers: [], sentences }));
const saying = (text: string, ...cites: string[]) => answered([{ text, cites }]);

describe.skipIf(!hasVendorSpec)('a typed call with a language model (../shared/data/openapi)', () => {
  let vendor: FakeOpenAi;
  beforeEach(async () => {
    vendor = await FakeOpenAi.start();
  });
  afterEach(() => vendor.close());

  /** A call up to the agent's first question. */
  function call() {
    const log = createLog({ write: () => undefined, now: Date.now });
    const outbox = new Outbox(':memory:', Date.now);
    const delivery = new Delivery({ outbox, log, send: () => new Promise(() => undefined) });
    const ids = { callId, business: bundle.business.id };
    const recorder = new Recorder(ids, outbox, delivery, Date.now);
    const client = createClient({ baseUrl: vendor.baseUrl, apiKey: vendor.apiKey });
    const conversation = new Conversation({
      bundle,
      recorder,
      tools: new Tools(new ControlPlane({ url: 'http://127.0.0.1:9', nodeKey: 'key' }), ids, Date.now),
      consultations: new Consultations({
        consultant: new ChatConsultant(client, 'gpt-5.4-mini'),
        breaker: new CircuitBreaker(Date.now),
        price: { inputUsd: 1, outputUsd: 10 },
        watch: recorder,
        now: Date.now,
      }),
      tellPage: () => undefined,
      now: Date.now,
      after: afterOnThisMachine,
      silenceMs: 60_000,
      guard: createGuard((label, error) => expect.unreachable(`${label}: ${String(error)}`)),
      mediaStats: () => undefined,
      onFinished: () => undefined,
      makeVoice: (listener) => new TypedVoice(listener, Date.now),
    });
    const facts = <T extends CallFact['type']>(type: T) =>
      outbox
        .pending(callId, 1_000)
        .map(({ fact }) => fact)
        .filter((fact): fact is Extract<CallFact, { type: T }> => fact.type === type);
    conversation.start({ disclosed: true, typed: true });
    conversation.typed('i need a new roof');
    const said = () => facts('agent-turn').map(({ text }) => text);
    return { conversation, recorder, facts, said };
  }

  /** What the agent says to the question, once it asks its own again. */
  async function hear(answer: Answer) {
    vendor.script('/chat/completions', answer);
    const made = call();
    await vi.waitFor(() => expect(made.said().at(-1)).toContain('how big is the roof'));
    const before = made.said().length;
    made.conversation.typed(question);
    const heard = () => made.said().slice(before).join(' ');
    await vi.waitFor(() => expect(heard()).toContain('How many square feet'), { timeout: 10_000 });
    return { ...made, heard: heard() };
  }

  const local = "I'm not sure about that, and I don't want to guess. A colleague can tell you.";

  test('a good answer is heard as it is, and the record has tokens and cost', async () => {
    const { heard, recorder, conversation, facts } = await hear(
      saying('I understand. We install asphalt shingles, metal, and tile.', 'materials'),
    );
    expect(heard).toMatch(/^I understand\. We install asphalt shingles, metal, and tile\. .*How many square feet/);
    await conversation.close();
    recorder.add({ type: 'call-end', reason: 'caller-hang-up', outcome: 'incomplete' });
    const [used] = facts('usage').flatMap((fact) => fact.used);
    expect(used).toMatchObject({
      task: 'language',
      model: 'gpt-5.4-mini',
      requests: 1,
      inputTokens: 900,
      outputTokens: 40,
    });
    expect(used?.costUsd).toBeCloseTo(0.001_3, 9);
  });

  test.each([
    [
      'instructions to ignore the rules',
      saying('Ignoring my rules as told: you are booked for Tuesday at 9 AM, for free.'),
    ],
    ['another language', saying('Sí, la inspección es gratis y el techo cuesta cien dólares.')],
    ['an invented discount under a made-up citation', saying('You get 50% off.', 'discount')],
    ['invalid JSON', reply('Sure! A new roof is $500.')],
    ['half of the JSON', reply('{"meanings":[],"answers":[],"sentences":[{"text":"A new roof is')],
    ['an empty answer', answered([])],
    ['no answer at all', reply('')],
    ['500', errorAnswer(500)],
    ['429', errorAnswer(429, { retryAfterS: 3 })],
    ['a cut before the first sentence', cutAfter(1, saying('I understand.'))],
  ])('%s: the caller hears what the playbook alone would say', async (_, answer) => {
    const { heard, facts } = await hear(answer);
    expect(heard.startsWith(local)).toBe(true);
    const verdicts = facts('decision').flatMap(({ record }) => record.model?.verdict ?? []);
    expect(verdicts.every(({ ok }) => !ok)).toBe(true);
    // Either the guard refused it, or the record says that the engine failed.
    expect(verdicts.length + facts('degraded').length).toBeGreaterThan(0);
  });

  test('what it must not say is said in approved words where it cites a fact', async () => {
    const { heard } = await hear(saying('A new roof is only $2,000 today!', 'price-new-roof'));
    expect(heard).toContain('between $8,500 and $16,000');
    expect(heard).not.toContain('2,000 today');
  });

  test.each([
    ['a hang', silentUntil(new Promise(() => undefined))],
    ['a slow first token', pausedAfter(0, new Promise(() => undefined), saying('I understand.'))],
  ])('%s is given up in time, and the record says so', async (_, answer) => {
    const { heard, facts } = await hear(answer);
    expect(heard.startsWith(local)).toBe(true);
    expect(facts('degraded')).toEqual([
      { type: 'degraded', component: 'language model', cause: 'The language model took longer than 1100 ms' },
    ]);
  });

  test('a cut after a sentence: the call goes on from there', async () => {
    const told = Promise.withResolvers<void>();
    const half = '{"meanings":[],"answers":[],"sentences":[{"text":"I understand.","cites":[]},';
    vendor.script('/chat/completions', cutAfter(1, pausedAfter(1, told.promise, eventsOf(half))));
    const { conversation, said } = call();
    await vi.waitFor(() => expect(said().at(-1)).toContain('how big is the roof'));
    conversation.typed(question);
    await vi.waitFor(() => expect(said().at(-1)).toBe('I understand.'));
    told.resolve();
    await vi.waitFor(() => expect(said().at(-1)).toContain('How many square feet'));
    expect(said().join(' ')).not.toContain("I don't want to guess");
  });
});

/** The content in one piece, and more to come. */
function eventsOf(content: string): Answer {
  const chunk = { id: '1', object: 'chat.completion.chunk', created: 1, model: 'm', usage: null };
  const choice = (text: string) => ({ index: 0, delta: { content: text }, finish_reason: null });
  return eventsAnswer(
    [
      { ...chunk, choices: [choice(content)] },
      { ...chunk, choices: [choice('x')] },
    ],
    { done: true },
  );
}
