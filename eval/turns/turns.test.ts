import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesBefore } from './case-texts.ts';
import { loadEngines } from './engines.ts';
import { judge } from './judge.ts';
import { runCase } from './run-case.ts';
import type { Engines } from './simulation/simulated-call.ts';
import type { TurnCase } from './turn-case.ts';

let folder: string;
let engines: Engines;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-turns-'));
  engines = await loadEngines(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const base = { id: 'test', voice: 'rms', roomDbfs: -65 } as const;
const size = linesBefore('size');
const over = { asked: 'how long is the warranty', afterMs: 1_200 };
const run = async (one: TurnCase) => {
  const seen = await runCase(engines, one, new Int16Array(0));
  return { seen, verdict: judge(one, seen) };
};

test('a complete answer ends the turn at once', async () => {
  const parts = [{ say: 'about two thousand square feet' }];
  const { seen, verdict } = await run({ ...base, kind: 'complete', about: 'size', before: size, parts });
  expect(seen.callerSaid).toEqual(['about two thousand square feet']);
  expect(verdict.endDelayMs).toBeGreaterThan(100);
  // Decoding counts as processor time; what cannot be told to be complete takes 500.
  expect(verdict.endDelayMs).toBeLessThan(400);
});

test('a phone number in groups, a second apart, is one turn', async () => {
  const groups = ['three oh three', 'five five five', 'oh one four two'];
  const parts = groups.flatMap((say, index) => (index === 0 ? [{ say }] : [{ pauseMs: 1_000 }, { say }]));
  const before = linesBefore('contact');
  const { seen, verdict } = await run({ ...base, kind: 'pause', about: 'phone', before, parts });
  expect(verdict.fault).toBeUndefined();
  expect(seen.callerSaid).toEqual(['three oh three five five five oh one four two']);
});

test('"okay" over the agent is no turn: it goes on soon, and everything it had to say is heard', async () => {
  const parts = [{ say: 'okay' }];
  const { seen, verdict } = await run({ ...base, kind: 'backchannel', about: 'okay', before: size, over, parts });
  expect(verdict.fault).toBeUndefined();
  expect(seen.callerSaid).toEqual([]);
  expect(seen.agentSaid.length).toBeGreaterThan(0);
  expect(seen.agentSaid.map(({ heardText }) => heardText)).toEqual(seen.agentSaid.map(({ text }) => text));
  expect(verdict.gapMs).toBeLessThan(1_000);
});

test('a knock over the agent is no turn: should it stop, it goes on soon, and everything is heard', async () => {
  const parts = [{ noise: 'knock', lengthMs: 300, levelDbfs: -20 } as const];
  const { seen, verdict } = await run({ ...base, kind: 'noise', about: 'knock', before: size, over, parts });
  expect(verdict.fault).toBeUndefined();
  expect(seen.callerSaid).toEqual([]);
  expect(seen.agentSaid.map(({ heardText }) => heardText)).toEqual(seen.agentSaid.map(({ text }) => text));
  expect(verdict.gapMs ?? 0).toBeLessThan(1_000);
});

test('a question over the agent stops it within 250 ms, and is answered', async () => {
  const parts = [{ say: 'how much does a repair cost' }];
  const { seen, verdict } = await run({ ...base, kind: 'interruption', about: 'price', before: size, over, parts });
  expect(verdict.stopMs).toBeLessThan(250);
  expect(seen.callerSaid).toEqual(['how much does a repair cost']);
  expect(seen.agentSaid[0]?.heardText).not.toBe(seen.agentSaid[0]?.text);
});
