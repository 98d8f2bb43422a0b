import type { CallEvent, TurnStages } from '../../contract/call-event.ts';
import type { Exchange } from '../caller/conversation.ts';
import { spread, type Spread } from './percentile.ts';

export const stageNames = ['endpointing', 'recognition', 'decision', 'synthesis', 'packet', 'audible'] as const;
export type StageName = (typeof stageNames)[number];

/** One turn: the caller's own measurement, and where the node says the time went. */
export interface MeasuredTurn {
  readonly callerSaid: string;
  /** Caller's last audible sample to the agent's first one in the page, or to its first packet at the telephone. */
  readonly totalMs: number;
  /** `audible` is what is left: both ways over the network, the caller's capture, and in a page its jitter buffer. */
  readonly stagesMs: Readonly<Record<StageName, number>> | null;
}

/** How the caller is connected: in a browser's page, or with a telephone. */
export type LatencyDoor = 'browser' | 'phone';

export interface LatencyReport {
  readonly name: 'latency';
  readonly door: LatencyDoor;
  readonly turns: number;
  readonly totalMs: Spread;
  readonly stagesMs: Readonly<Record<StageName, Spread>>;
  readonly bargeInMs: Spread;
}

/** The node hears a turn's last sample at most this much before or after the page says it left. */
const sameTurnMs = 900;

/** Joins the page's times with the call's events: by the end of the caller's words, then by turn. */
export function joinTurns(exchanges: readonly Exchange[], events: readonly CallEvent[]): MeasuredTurn[] {
  const ends: { turn: number; endMs: number }[] = [];
  const stages = new Map<number, TurnStages>();
  for (const { fact } of events) {
    if (fact.type === 'caller-turn') ends.push({ turn: fact.turn, endMs: fact.endMs });
    if (fact.type === 'turn-latency') stages.set(fact.turn, fact.stagesMs);
  }
  return exchanges.flatMap(({ callerSaid, lastSampleMs, onsetMs }) => {
    if (lastSampleMs === null || onsetMs === null) return [];
    const totalMs = onsetMs - lastSampleMs;
    const distance = (end: { endMs: number }): number => Math.abs(end.endMs - lastSampleMs);
    const nearest = ends.toSorted((a, b) => distance(a) - distance(b))[0];
    const found = nearest !== undefined && distance(nearest) <= sameTurnMs ? stages.get(nearest.turn) : undefined;
    return [
      { callerSaid, totalMs, stagesMs: found === undefined ? null : { ...found, audible: audible(totalMs, found) } },
    ];
  });
}

export function latencyReport(
  door: LatencyDoor,
  turns: readonly MeasuredTurn[],
  bargeInMs: readonly number[],
): LatencyReport {
  const staged = turns.flatMap(({ stagesMs }) => (stagesMs === null ? [] : [stagesMs]));
  if (staged.length === 0) throw new Error('None of the turns has its stages in the call record.');
  const stageSpread = (stage: StageName): Spread => spread(staged.map((stages) => stages[stage]));
  return {
    name: 'latency',
    door,
    turns: turns.length,
    totalMs: spread(turns.map(({ totalMs }) => totalMs)),
    stagesMs: {
      endpointing: stageSpread('endpointing'),
      recognition: stageSpread('recognition'),
      decision: stageSpread('decision'),
      synthesis: stageSpread('synthesis'),
      packet: stageSpread('packet'),
      audible: stageSpread('audible'),
    },
    bargeInMs: spread(bargeInMs),
  };
}

/** For a person. */
export function latencyTable(report: LatencyReport, bargeIns: number): string {
  const labels: Record<StageName, string> = {
    endpointing: 'last sample to turn end',
    recognition: 'to the final transcript',
    decision: 'to the reply',
    synthesis: 'to its first sample',
    packet: 'to its first packet',
    audible: report.door === 'phone' ? 'network, both ways' : 'network and page, both ways',
  };
  return [
    `Latency over ${report.turns} turns, milliseconds      p50      p95`,
    ...stageNames.map((stage) => line(labels[stage], report.stagesMs[stage])),
    line('TOTAL, last to first sample', report.totalMs),
    line(`Barge-in to silence (${bargeIns} samples)`, report.bargeInMs),
  ].join('\n');
}

function line(label: string, { p50, p95 }: Spread): string {
  return `  ${label.padEnd(34)}${p50.toFixed(1).padStart(8)}${p95.toFixed(1).padStart(9)}`;
}

/** Never negative: the node may place the caller's last sample a little before the page does. */
function audible(totalMs: number, stages: TurnStages): number {
  const known = Object.values(stages).reduce((sum, one) => sum + one, 0);
  return Math.max(0, totalMs - known);
}
