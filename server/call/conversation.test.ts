import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CallEvent, CallFact } from '../../contract/call-event.ts';
import { demoBundle } from '../../dialogue/testing/demo-bundle.ts';
import { CircuitBreaker } from '../agent/circuit-breaker.ts';
import type { Consultant, ConsultantAnswer } from '../agent/consult/consultant.ts';
import type { Voice, VoiceListener, VoiceSentence } from '../agent/speak/voice.ts';
import { ControlPlane } from '../http/control-plane.ts';
import { Delivery } from '../outbox/delivery.ts';
import { Outbox } from '../outbox/outbox.ts';
import { createLog } from '../observe/log.ts';
import { Consultations } from './consultations.ts';
import { Conversation } from './conversation.ts';
import { createGuard } from './guard.ts';
import type { HeardTurn } from './hearing.ts';
import type { PageMessage } from './page.ts';
import { Recorder } from './recorder.ts';
import { afterOnThisMachine } from './silence-timer.ts';
import { Tools } from './tools.ts';

const callId = '0b3f7c1e-6f0a-4e6e-9d1f-2f5f0f6f7a10';
const bundle = await demoBundle();

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 10, 23, 17) }));
afterEach(() => void vi.useRealTimers());

/** A voice whose sentences are said when the test says so. */
class HandVoice implements Voice {
  readonly #listener: VoiceListener;
  queue: VoiceSentence[] = [];
  prefetched: readonly string[] = [];
  /** What a stop finds heard of the first sentence. */
  heardOfFirst = '';

  constructor(listener: VoiceListener) {
    this.#listener = listener;
  }

  get speaking(): boolean {
    return this.queue.length > 0;
  }

  say(sentences: readonly VoiceSentence[]): void {
    this.queue.push(...sentences);
  }

  prefetch(spoken: readonly string[]): void {
    this.prefetched = spoken;
  }

  /** Says everything. */
  finish(): void {
    for (let sentence = this.queue[0]; sentence; sentence = this.queue[0]) {
      this.start();
      this.queue.shift();
      this.#listener.sentenceEnd(sentence);
    }
    this.#listener.idle();
  }

  start(): void {
    const [sentence] = this.queue;
    if (sentence) this.#listener.sentenceStart(sentence, { readyAtMs: Date.now(), sentAtMs: Date.now() });
  }

  stop() {
    const sentences = this.queue.map((sentence, place) => ({
      sentence,
      started: place === 0,
      fromMs: 0,
      heard: place === 0 ? this.heardOfFirst : '',
    }));
    this.queue = [];
    return { sentences };
  }

  resume({ sentences }: ReturnType<HandVoice['stop']>): void {
    this.say(sentences.map(({ sentence }) => sentence));
  }
}

const question = 'do you have anything for bees under the shingles?';

/** Answers after so long; an error is thrown. */
const consultantWith = (waitMs: number, ...answers: readonly (ConsultantAnswer | Error)[]): Consultant => ({
  engine: 'scripted',
  model: 'model-1',
  prompt: '0123456789abcdef',
  async *consult() {
    for (const answer of answers) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (answer instanceof Error) throw answer;
      yield answer;
    }
  },
});
const sentence = (text: string, ...cites: string[]): ConsultantAnswer => ({
  type: 'sentence',
  sentence: { text, cites },
});

function setUp(consultant?: Consultant, mute: (fromMs: number, toMs: number) => void = () => undefined) {
  const log = createLog({ write: () => undefined, now: Date.now });
  const outbox = new Outbox(':memory:', Date.now);
  const delivery = new Delivery({ outbox, log, send: () => new Promise(() => undefined) });
  const call = { callId, business: bundle.business.id };
  const recorder = new Recorder(call, outbox, delivery, Date.now);
  // Nothing listens on port 9 (discard): the control plane is away.
  const controlPlane = new ControlPlane({ url: 'http://127.0.0.1:9', nodeKey: 'key' });
  const breaker = new CircuitBreaker(Date.now);
  const page: PageMessage[] = [];
  const finished: string[] = [];
  let voice: HandVoice | undefined;
  const conversation = new Conversation({
    bundle,
    recorder,
    consultations: consultant && new Consultations({ consultant, breaker, watch: recorder, now: Date.now }),
    tools: new Tools(controlPlane, call, Date.now),
    tellPage: (message) => page.push(message),
    now: Date.now,
    after: afterOnThisMachine,
    silenceMs: 8_000,
    guard: createGuard((label, error) => expect.unreachable(`${label}: ${String(error)}`)),
    recording: { mute, agentWasHeard: () => undefined },
    mediaStats: () => ({ roundTripMs: 20, jitterBufferMs: 60 }),
    onFinished: (reason) => finished.push(reason),
    makeVoice: (listener) => (voice = new HandVoice(listener)),
  });
  if (!voice) throw new Error('The conversation made no voice');
  const facts = <T extends CallFact['type']>(type: T) =>
    outbox
      .pending(callId, 1_000)
      .map(({ fact }: CallEvent) => fact)
      .filter((fact): fact is Extract<CallFact, { type: T }> => fact.type === type);
  const everything = () => outbox.pending(callId, 1_000);
  return { conversation, voice, page, finished, facts, everything };
}

function turn(text: string): HeardTurn {
  const nowMs = Date.now();
  return {
    text,
    confidence: 0.9,
    alternatives: [],
    startMs: nowMs - 1_500,
    endMs: nowMs - 210,
    endpointAtMs: nowMs - 5,
    finalAtMs: nowMs - 60,
  };
}

test('a turn leaves what was said, why, and how long it took', () => {
  const { conversation, voice, facts } = setUp();
  conversation.start({ disclosed: true, typed: false });
  voice.finish();
  conversation.heard(turn('i need a new roof'));
  vi.advanceTimersByTime(30);
  voice.finish();
  const [said] = facts('caller-turn');
  const number = said?.turn;
  expect(said?.text).toBe('i need a new roof');
  expect(facts('decision').map(({ record }) => record.turn)).toContain(number);
  expect(
    facts('agent-turn')
      .filter((agent) => agent.turn === number)
      .every((agent) => agent.heardText === agent.text),
  ).toBe(true);
  expect(facts('lead').at(-1)?.lead.answers['need']?.value).toBeDefined();
  // 205 to the end of the turn, 5 to the decision, 30 until the first packet; half the round trip twice and the page's buffer.
  expect(facts('turn-latency')).toEqual([
    expect.objectContaining({
      turn: number,
      stagesMs: { endpointing: 205, recognition: 0, decision: 5, synthesis: 30, packet: 0 },
      playoutMs: 70,
      totalMs: 320,
    }),
  ]);
});

test('a card number is in nothing that is kept or shown, its sound is muted, and the record says so', () => {
  const mute = vi.fn();
  const { conversation, voice, page, facts, everything } = setUp(undefined, mute);
  conversation.start({ disclosed: true, typed: false });
  voice.finish();
  const number = 'four one one one one one one one one one one one one one one one';
  conversation.partial(`my card is ${number}`);
  const said = turn(`i need a new roof my card is ${number}`);
  conversation.preview(said.text);
  conversation.heard({ ...said, alternatives: [{ text: said.text, confidence: 0.4 }] });
  voice.finish();
  conversation.typed('4111 1111 1111 1111');
  expect(facts('caller-turn').map(({ text }) => text)).toEqual([
    'i need a new roof my card is [card number removed]',
    '[card number removed]',
  ]);
  expect(facts('redacted')).toEqual([
    { type: 'redacted', kinds: ['card-number'], startMs: said.startMs, endMs: said.endMs },
    { type: 'redacted', kinds: ['card-number'], startMs: Date.now(), endMs: Date.now() },
  ]);
  expect(mute.mock.calls).toEqual([[said.startMs, said.endMs]]);
  expect(JSON.stringify([everything(), page])).not.toMatch(/one one one|1111/);
  expect(facts('lead').at(-1)?.lead.answers['need']?.value).toBe('new-roof');
});

test('a number that only another reading has is muted too', () => {
  const mute = vi.fn();
  const { conversation, voice, everything } = setUp(undefined, mute);
  conversation.start({ disclosed: true, typed: false });
  voice.finish();
  const said = turn('a new roof');
  conversation.heard({ ...said, alternatives: [{ text: 'my pin is one two three four', confidence: 0.4 }] });
  expect(mute).toHaveBeenCalledWith(said.startMs, said.endMs);
  expect(JSON.stringify(everything())).not.toContain('one two three four');
});

test('the reply is prepared while the end of the turn is awaited', () => {
  const { conversation, voice } = setUp();
  conversation.start({ disclosed: true, typed: false });
  voice.finish();
  conversation.preview('i need a new roof');
  expect(voice.speaking).toBe(false);
  conversation.heard(turn('i need a new roof'));
  expect(voice.prefetched).toEqual(voice.queue.map(({ spoken }) => spoken));
});

test("a barge-in stops the voice, empties the page's buffer and keeps what was heard", () => {
  const { conversation, voice, page, facts } = setUp();
  conversation.start({ disclosed: true, typed: false });
  voice.start();
  const first = voice.queue[0]?.text ?? '';
  voice.heardOfFirst = first.split(' ').slice(0, 2).join(' ');
  conversation.speechStart();
  expect(voice.speaking).toBe(false);
  expect(page).toContainEqual({ type: 'flush' });
  conversation.heard(turn('i need a new roof'));
  expect(facts('agent-turn')[0]).toMatchObject({ heardText: voice.heardOfFirst, interrupted: true });
  expect(page.filter((message) => message.type === 'caption' && message.final)).toContainEqual(
    expect.objectContaining({ who: 'agent', text: voice.heardOfFirst }),
  );
});

test('a cough and an "uh huh" over the agent are no turns: it goes on', () => {
  const { conversation, voice, facts } = setUp();
  conversation.start({ disclosed: true, typed: false });
  voice.start();
  const sentences = voice.queue.map(({ text }) => text);
  for (const noise of ['', 'uh huh']) {
    conversation.speechStart();
    conversation.heard(turn(noise));
    expect(voice.queue.map(({ text }) => text)).toEqual(sentences);
  }
  expect(facts('caller-turn')).toEqual([]);
});

test('"okay" over the agent ends after 200 ms of silence, whoever heard it, so that the agent goes on soon', () => {
  const { conversation, voice } = setUp();
  conversation.start({ disclosed: true, typed: false });
  voice.start();
  expect(conversation.completeness('okay')).not.toBe('complete');
  conversation.speechStart();
  expect(conversation.completeness('okay')).toBe('complete');
  expect(conversation.completeness('oh three', { text: 'okay' })).toBe('complete');
  expect(conversation.completeness('golf')).toBe('unknown');
});

test('a caller who asks for a moment is not asked whether they are there, and may mumble', () => {
  const { conversation, voice, facts } = setUp();
  conversation.start({ disclosed: true, typed: false });
  voice.finish();
  conversation.heard(turn('hold on a second'));
  voice.finish();
  vi.advanceTimersByTime(15_000);
  conversation.speechStart();
  conversation.heard(turn('purple elephants'));
  vi.advanceTimersByTime(15_000);
  expect(facts('decision').map(({ record }) => record.trigger)).toEqual(['call-start', 'caller-said']);
  expect(voice.speaking).toBe(false);
  conversation.speechStart();
  conversation.heard(turn('i need a new roof'));
  expect(facts('caller-turn').map(({ text }) => text)).toEqual(['hold on a second', 'i need a new roof']);
  voice.finish();
  vi.advanceTimersByTime(8_000);
  expect(facts('decision').at(-1)?.record.trigger).toBe('caller-silent');
});

test('while the control plane is away the agent promises instead of booking, and says what failed', async () => {
  const { conversation, voice, facts } = setUp();
  conversation.start({ disclosed: true, typed: false });
  const answers = [
    'i need a new roof',
    'two thousand square feet',
    'as soon as possible',
    'ten thousand dollars',
    'my name is susan miller',
  ];
  for (const text of [...answers, '303 555 0142', 'yes', 'yes please']) {
    voice.finish();
    conversation.typed(text);
  }
  vi.useRealTimers();
  await vi.waitFor(() => expect(facts('call-back-promised')).toHaveLength(1));
  expect(facts('degraded')[0]).toMatchObject({ component: 'calendar' });
  expect(facts('appointment-booked')).toEqual([]);
  expect(conversation.outcome).toBe('call-back-promised');
});

test('silence is met with a question, then with a goodbye', () => {
  const { conversation, voice, finished } = setUp();
  conversation.start({ disclosed: true, typed: false });
  for (let silence = 0; silence < 4 && finished.length === 0; silence++) {
    voice.finish();
    vi.advanceTimersByTime(8_000);
  }
  expect(finished).toEqual(['caller-silent']);
  expect(conversation.outcome).toBe('no-speech');
});

test('close() in mid-sentence records what was heard, and nothing is said afterwards', async () => {
  const { conversation, voice, facts } = setUp();
  conversation.start({ disclosed: true, typed: false });
  voice.start();
  voice.heardOfFirst = 'Hi,';
  await conversation.close();
  const events = facts('agent-turn').length;
  expect(facts('agent-turn')[0]).toMatchObject({ heardText: 'Hi,', interrupted: true });
  vi.advanceTimersByTime(60_000);
  expect(facts('agent-turn')).toHaveLength(events);
  expect(voice.speaking).toBe(false);
});

test('what a tool brings while the caller is speaking is said after they have finished', async () => {
  const { conversation, voice, facts } = setUp();
  conversation.start({ disclosed: true, typed: false });
  const answers = [
    'i need a new roof',
    'two thousand square feet',
    'as soon as possible',
    'ten thousand dollars',
    'my name is susan miller',
  ];
  for (const text of [...answers, '303 555 0142', 'yes']) {
    voice.finish();
    conversation.typed(text);
  }
  voice.finish();
  conversation.heard(turn('yes please'));
  voice.finish();
  conversation.speechStart();
  vi.useRealTimers();
  await vi.waitFor(() => expect(facts('degraded')).toHaveLength(1));
  expect(voice.speaking).toBe(false);
  conversation.heard(turn(''));
  expect(voice.speaking).toBe(true);
});

test('someone who is writing is not silent', () => {
  const { conversation, voice, facts } = setUp();
  conversation.start({ disclosed: true, typed: false });
  voice.finish();
  for (let second = 0; second < 20; second++) {
    vi.advanceTimersByTime(1_000);
    conversation.typing();
  }
  expect(facts('decision').filter(({ record }) => record.trigger === 'caller-silent')).toEqual([]);
});

test("a language model's sentence is spoken when it is there, and the record has model, verdict, latency and tokens", async () => {
  const usage: ConsultantAnswer = { type: 'usage', inputTokens: 900, outputTokens: 40 };
  const { conversation, voice, facts } = setUp(
    consultantWith(200, sentence('Great question!'), sentence('It is all free today!', 'materials'), usage),
  );
  conversation.start({ disclosed: true, typed: false });
  voice.finish();
  conversation.heard(turn(question));
  expect(voice.speaking).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  expect(voice.queue.map(({ text }) => text)).toEqual(['Great question!']);
  voice.start();
  await vi.advanceTimersByTimeAsync(600);
  expect(voice.queue.map(({ text }) => text).slice(1, 3)).toEqual([
    'We install asphalt shingles, metal, and tile.',
    'Most homes here get impact resistant shingles.',
  ]);
  expect(voice.queue.at(-1)?.text).toContain('?');
  const models = facts('decision').flatMap(({ record }) => record.model ?? []);
  expect(models.map(({ verdict }) => verdict?.ok)).toEqual([true, false, undefined]);
  expect(facts('turn-latency').at(-1)?.stagesMs).toMatchObject({ decision: 205, synthesis: 0 });
  await conversation.close();
  expect(facts('degraded')).toEqual([]);
});

test('a language model that is slow, or fails, costs no more than its time; the call goes on as without it', async () => {
  const without = setUp();
  without.conversation.start({ disclosed: true, typed: false });
  without.voice.finish();
  without.conversation.heard(turn(question));
  const local = without.voice.queue.map(({ text }) => text);
  for (const consultant of [consultantWith(60_000, sentence('Late.')), consultantWith(10, new Error('500'))]) {
    const { conversation, voice, facts, finished } = setUp(consultant);
    conversation.start({ disclosed: true, typed: false });
    voice.finish();
    conversation.heard(turn(question));
    await vi.advanceTimersByTimeAsync(1_150);
    expect(voice.queue.map(({ text }) => text)).toEqual(local);
    expect(facts('degraded')).toEqual([expect.objectContaining({ component: 'language model' })]);
    expect(finished).toEqual([]);
  }
});

test('who goes on talking is not answered what they asked before', async () => {
  const { conversation, voice, facts } = setUp(consultantWith(500, sentence('Great question!')));
  conversation.start({ disclosed: true, typed: false });
  voice.finish();
  conversation.heard(turn(question));
  await vi.advanceTimersByTimeAsync(100);
  conversation.speechStart();
  conversation.heard(turn('i need a new roof'));
  const reply = voice.queue.map(({ text }) => text);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(reply.join(' ')).toContain('square feet');
  expect(voice.queue.map(({ text }) => text)).toEqual(reply);
  expect(facts('degraded')).toEqual([]);
});

test('nothing is asked or said after the call', async () => {
  const { conversation, voice } = setUp(consultantWith(500, sentence('Great question!')));
  conversation.start({ disclosed: true, typed: false });
  voice.finish();
  conversation.heard(turn(question));
  await conversation.close();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(voice.speaking).toBe(false);
});
