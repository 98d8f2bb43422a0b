import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EngineUsage } from '../../contract/call-event.ts';
import type { Consultation } from '../../contract/consultation.ts';
import type { DialogueEvent } from '../../dialogue/event.ts';
import { CircuitBreaker } from '../agent/circuit-breaker.ts';
import type { Consultant, ConsultantAnswer } from '../agent/consult/consultant.ts';
import { ProviderFailure } from '../agent/provider-failure.ts';
import { Consultations, type ConsultStanding } from './consultations.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

/** Waits so long, then answers; an error is thrown. */
type Script = readonly (readonly [waitMs: number, ConsultantAnswer | Error])[];

class ScriptedConsultant implements Consultant {
  readonly engine = 'scripted';
  readonly model = 'model-1';
  readonly prompt = '0123456789abcdef';
  asked = 0;
  script: Script = [];
  /** One that does not heed its signal. */
  deaf = false;

  async *consult(_: Consultation, signal: AbortSignal): AsyncIterable<ConsultantAnswer> {
    this.asked += 1;
    for (const [waitMs, answer] of this.script) {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (signal.aborted && !this.deaf) throw signal.reason;
      if (answer instanceof Error) throw answer;
      yield answer;
    }
  }
}

const sentence = (text: string): ConsultantAnswer => ({ type: 'sentence', sentence: { text, cites: [] } });
const act = { type: 'consult' as const, requestId: 'consult-3', consultation: {} as Consultation };

function setUp(script: Script, price?: { inputUsd: number; outputUsd: number }) {
  const consultant = new ScriptedConsultant();
  consultant.script = script;
  const now = () => Date.now();
  const breaker = new CircuitBreaker(now);
  const degraded: string[] = [];
  const used: EngineUsage[] = [];
  const watch = {
    degraded: (component: string, cause: unknown) => void degraded.push(`${component}: ${String(cause)}`),
    used: (usage: EngineUsage) => void used.push(usage),
  };
  const events: DialogueEvent[] = [];
  let standing: ConsultStanding = 'silent';
  const consultations = new Consultations({ consultant, breaker, watch, now, price });
  const ask = () =>
    consultations.ask(act, (event) => {
      events.push(event);
      if (event.type === 'consulted-sentence' && event.text !== 'refused') standing = 'speaking';
      if (event.type !== 'consulted-sentence') standing = event.type === 'consulted-meaning' ? standing : 'settled';
      if (event.type === 'consulted-meaning' && event.meaning.meanings.length > 0) standing = 'settled';
      return standing;
    });
  return {
    consultant,
    consultations,
    breaker,
    degraded,
    used,
    events,
    ask,
    types: () => events.map(({ type }) => type),
  };
}

test('sentences are told as they come, each with the model, the prompt and the time', async () => {
  const { ask, events, used, degraded } = setUp([
    [300, sentence('One.')],
    [200, sentence('Two.')],
    [10, { type: 'usage', inputTokens: 1_000, outputTokens: 50 }],
  ]);
  const asked = ask();
  await vi.runAllTimersAsync();
  await asked;
  const model = { id: 'model-1', prompt: '0123456789abcdef' };
  expect(events).toEqual([
    {
      type: 'consulted-sentence',
      nowMs: 1_000_300,
      requestId: 'consult-3',
      model: { ...model, afterMs: 300 },
      text: 'One.',
      cites: [],
    },
    {
      type: 'consulted-sentence',
      nowMs: 1_000_500,
      requestId: 'consult-3',
      model: { ...model, afterMs: 500 },
      text: 'Two.',
      cites: [],
    },
    { type: 'consulted', nowMs: 1_000_510, requestId: 'consult-3', model: { ...model, afterMs: 510 } },
  ]);
  const usage = { task: 'language', engine: 'scripted', model: 'model-1' };
  expect(used).toEqual([
    { ...usage, requests: 1 },
    { ...usage, requests: 0, inputTokens: 1_000, outputTokens: 50 },
  ]);
  expect(degraded).toEqual([]);
});

test('with prices set, the record has the cost', async () => {
  const script: Script = [
    [10, sentence('One.')],
    [10, { type: 'usage', inputTokens: 1_000, outputTokens: 50 }],
  ];
  const { ask, used } = setUp(script, { inputUsd: 0.75, outputUsd: 4.5 });
  const asked = ask();
  await vi.runAllTimersAsync();
  await asked;
  expect(used[1]?.costUsd).toBeCloseTo(0.000_975, 9);
});

test.each([false, true])(
  'a slow first sentence is given up before 1.2 s, also by an engine that is deaf (%s)',
  async (deaf) => {
    const { ask, events, consultant, degraded, types } = setUp([[5_000, sentence('Late.')]]);
    consultant.deaf = deaf;
    const asked = ask();
    await vi.advanceTimersByTimeAsync(1_099);
    expect(events).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(types()).toEqual(['consult-failed']);
    await asked;
    await vi.runAllTimersAsync();
    expect(types()).toEqual(['consult-failed']);
    expect(degraded).toEqual(['language model: ProviderFailure: The language model took longer than 1100 ms']);
  },
);

test('sentences that are refused buy no time', async () => {
  const { ask, types } = setUp([
    [500, sentence('refused')],
    [500, sentence('refused')],
    [500, sentence('refused')],
  ]);
  const asked = ask();
  await vi.advanceTimersByTimeAsync(1_100);
  await asked;
  expect(types()).toEqual(['consulted-sentence', 'consulted-sentence', 'consult-failed']);
});

test('once the agent speaks, the next sentence has more time, but not for ever', async () => {
  const { ask, types } = setUp([
    [1_000, sentence('One.')],
    [1_900, sentence('Two.')],
    [9_000, sentence('Three.')],
  ]);
  const asked = ask();
  await vi.advanceTimersByTimeAsync(1_000 + 1_900 + 2_000);
  await asked;
  expect(types()).toEqual(['consulted-sentence', 'consulted-sentence', 'consult-failed']);
});

test('after two failures it is left alone, and a call does not wait for it at all', async () => {
  const { ask, consultant, types, used } = setUp([[0, new ProviderFailure('The language model was refused: 500')]]);
  for (let turn = 0; turn < 3; turn++) {
    const asked = ask();
    await vi.runAllTimersAsync();
    await asked;
  }
  expect(consultant.asked).toBe(2);
  expect(types()).toEqual(['consult-failed', 'consult-failed', 'consult-failed']);
  expect(used).toHaveLength(2);
});

test('429 with a time is believed at once', async () => {
  const { ask, consultant } = setUp([[0, new ProviderFailure('429', { retryAfterMs: 60_000 })]]);
  for (const passMs of [0, 59_000, 1_000]) {
    await vi.advanceTimersByTimeAsync(passMs);
    const asked = ask();
    await vi.advanceTimersByTimeAsync(0);
    await asked;
  }
  expect(consultant.asked).toBe(2);
});

test('a caller who goes on stops it: nothing is told, and nothing is held against the engine', async () => {
  const { ask, consultations, events, degraded, breaker } = setUp([[500, sentence('One.')]]);
  for (let turn = 0; turn < 3; turn++) {
    const asked = ask();
    await vi.advanceTimersByTimeAsync(100);
    consultations.stop();
    await asked;
  }
  await vi.runAllTimersAsync();
  expect(events).toEqual([]);
  expect(degraded).toEqual([]);
  expect(breaker.tryPass()).toBe(true);
});

test('a meaning that settles the matter is the end of it, but for the bill', async () => {
  const meaning = { meanings: [{ id: 'fact:x', confidence: 1 }], answers: [] };
  const { ask, types, used } = setUp([
    [300, { type: 'meaning', meaning }],
    [200, sentence('Too much.')],
    [10, { type: 'usage', inputTokens: 7, outputTokens: 3 }],
  ]);
  const asked = ask();
  await vi.runAllTimersAsync();
  await asked;
  expect(types()).toEqual(['consulted-meaning']);
  expect(used[1]).toMatchObject({ inputTokens: 7, outputTokens: 3 });
});

test('a bill that never comes is nobody’s loss', async () => {
  const meaning = { meanings: [{ id: 'fact:x', confidence: 1 }], answers: [] };
  const { ask, types, degraded, breaker } = setUp([
    [300, { type: 'meaning', meaning }],
    [60_000, { type: 'usage', inputTokens: 7, outputTokens: 3 }],
  ]);
  for (let turn = 0; turn < 3; turn++) {
    const asked = ask();
    await vi.advanceTimersByTimeAsync(2_300);
    await asked;
  }
  expect(types()).toEqual(['consulted-meaning', 'consulted-meaning', 'consulted-meaning']);
  expect(degraded).toEqual([]);
  expect(breaker.tryPass()).toBe(true);
});
