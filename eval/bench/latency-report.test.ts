import { expect, test } from 'vitest';
import type { CallEvent, CallFact } from '../../contract/call-event.ts';
import { joinTurns, latencyReport, latencyTable } from './latency-report.ts';

const startMs = 1_800_000_000_000;
const stagesMs = { endpointing: 200, recognition: 5, decision: 1, synthesis: 0, packet: 2 };

function events(...facts: CallFact[]): CallEvent[] {
  return facts.map((fact, seq) => ({ seq, atMs: startMs, fact }));
}

function callerTurn(turn: number, endMs: number): CallFact {
  const heard = { text: 'yes', confidence: 1, alternatives: [], typed: false };
  return { type: 'caller-turn', turn, ...heard, startMs: endMs - 500, endMs };
}

const exchange = { agentSaid: 'Shall I?', callerSaid: 'Yes.', lastSampleMs: startMs, onsetMs: startMs + 310 };

test('joinTurns gives each turn the stages of the nearest caller turn; the rest is the way to the ear', () => {
  const log = events(
    callerTurn(1, startMs - 6_000),
    callerTurn(2, startMs + 40),
    { type: 'turn-latency', turn: 1, stagesMs: { ...stagesMs, endpointing: 900 }, totalMs: 908 },
    { type: 'turn-latency', turn: 2, stagesMs, totalMs: 208 },
  );
  expect(joinTurns([exchange], log)).toEqual([
    { callerSaid: 'Yes.', totalMs: 310, stagesMs: { ...stagesMs, audible: 102 } },
  ]);
});

test('joinTurns leaves a turn without stages when no caller turn is near', () => {
  const log = events(callerTurn(1, startMs - 6_000), { type: 'turn-latency', turn: 1, stagesMs, totalMs: 208 });
  expect(joinTurns([exchange], log)).toEqual([{ callerSaid: 'Yes.', totalMs: 310, stagesMs: null }]);
});

test('joinTurns drops exchanges that were typed or not answered', () => {
  expect(
    joinTurns(
      [
        { ...exchange, lastSampleMs: null },
        { ...exchange, onsetMs: null },
      ],
      [],
    ),
  ).toEqual([]);
});

test('latencyReport has the documented shape and the table names every stage', () => {
  const turn = { callerSaid: 'Yes.', totalMs: 310, stagesMs: { ...stagesMs, audible: 102 } };
  const report = latencyReport('phone', [turn, { ...turn, totalMs: 330 }], [200, 240]);
  expect(report).toEqual({
    name: 'latency',
    door: 'phone',
    turns: 2,
    totalMs: { p50: 320, p95: 329 },
    stagesMs: {
      endpointing: { p50: 200, p95: 200 },
      recognition: { p50: 5, p95: 5 },
      decision: { p50: 1, p95: 1 },
      synthesis: { p50: 0, p95: 0 },
      packet: { p50: 2, p95: 2 },
      audible: { p50: 102, p95: 102 },
    },
    bargeInMs: { p50: 220, p95: 238 },
  });
  expect(latencyTable(report, 2)).toContain('TOTAL, last to first sample          320.0    329.0');
});

test('latencyReport refuses turns that cannot be explained', () => {
  expect(() => latencyReport('browser', [{ callerSaid: 'Yes.', totalMs: 310, stagesMs: null }], [200])).toThrow(
    'stages',
  );
});
