import { expect, test } from 'vitest';
import { judge } from './judge.ts';
import type { Observed } from './run-case.ts';
import type { CaseKind, TurnCase } from './turn-case.ts';

const caseOf = (kind: CaseKind): TurnCase => ({
  id: kind,
  kind,
  about: kind,
  voice: 'rms',
  before: [],
  parts: [],
  roomDbfs: -60,
});
const nothing: Observed = { spans: [], turns: [], stops: [], audible: [], callerSaid: [], agentSaid: [] };
const spans = [
  { fromMs: 60, toMs: 1_000 },
  { fromMs: 1_600, toMs: 2_400 },
];
const turn = (endedMs: number) => ({ text: 'said', confidence: 0.5, endedMs });
const whole = [{ text: 'All of it.', heardText: 'All of it.' }];
const part = [{ text: 'All of it.', heardText: 'All of' }];

test('a turn that ends before the caller has finished is a cut-off', () => {
  expect(judge(caseOf('pause'), { ...nothing, spans, turns: [turn(1_500), turn(2_600)] }).fault).toBe('cut-off');
  expect(judge(caseOf('pause'), { ...nothing, spans, turns: [turn(2_300)] }).fault).toBe('cut-off');
});

test('the end delay is counted from the last audible sample', () => {
  const { fault, endDelayMs } = judge(caseOf('complete'), { ...nothing, spans, turns: [turn(2_610)] });
  expect([fault, endDelayMs]).toEqual([undefined, 210]);
  expect(judge(caseOf('complete'), { ...nothing, spans }).fault).toBe('no-turn');
});

test('a disturbance must leave no turn and lose no word; a stop that is made good is counted apart', () => {
  const fine = { ...nothing, spans, agentSaid: whole };
  expect(judge(caseOf('noise'), fine)).toMatchObject({ stopped: false });
  const stopped = judge(caseOf('backchannel'), { ...fine, stops: [200], audible: [180, 200, 700] });
  expect(stopped).toMatchObject({ stopped: true, stopMs: 140, gapMs: 500 });
  expect(stopped.fault).toBeUndefined();
  for (const bad of [{ agentSaid: part }, { callerSaid: ['okay'] }, { agentSaid: [] }])
    expect(judge(caseOf('noise'), { ...fine, ...bad }).fault).toBe('false-interruption');
});

test('an interruption must stop the voice in time and be taken as a turn', () => {
  const good = { ...nothing, spans, stops: [220], callerSaid: ['stop'] };
  expect(judge(caseOf('interruption'), good)).toMatchObject({ stopMs: 160 });
  expect(judge(caseOf('interruption'), good).fault).toBeUndefined();
  for (const bad of [{ stops: [] }, { stops: [900] }, { callerSaid: [] }])
    expect(judge(caseOf('interruption'), { ...good, ...bad }).fault).toBe('missed-interruption');
});
