import type { Condition } from './line.ts';
import type { SpokenCall, SpokenResult } from './call.ts';

interface Tally {
  readonly scenarios: number;
  /** Scenarios of which each voice's call passed. */
  readonly passed: number;
  readonly calls: number;
  readonly callsPassed: number;
  /** What reached the agent as a turn of the caller's, and those that it could do nothing with. */
  readonly turns: number;
  readonly misunderstood: number;
}

export interface AudioReport {
  readonly name: 'calls';
  readonly audio: {
    readonly scenarios: number;
    readonly passed: number;
    readonly byCondition: Readonly<Partial<Record<Condition, Tally>>>;
    readonly failures: readonly {
      readonly scenario: string;
      readonly condition: Condition;
      readonly voice: string;
      readonly faults: readonly string[];
      readonly transcript?: readonly string[];
    }[];
  };
}

type Done = SpokenCall & SpokenResult;

/** A scenario counts once in each condition, and passes there when every voice's call does. */
export function audioReport(done: readonly Done[], verbose: boolean): AudioReport {
  const byCondition: Partial<Record<Condition, Tally>> = {};
  for (const condition of new Set(done.map((one) => one.condition))) {
    byCondition[condition] = tallyOf(done.filter((one) => one.condition === condition));
  }
  const tallies = Object.values(byCondition);
  const failures = done
    .filter(({ faults }) => faults.length > 0)
    .map(({ scenario, condition, voice, faults, transcript }) => ({
      scenario: scenario.id,
      condition,
      voice,
      faults,
      ...(verbose ? { transcript } : {}),
    }));
  const sum = (field: 'scenarios' | 'passed') => tallies.reduce((total, tally) => total + tally[field], 0);
  return { name: 'calls', audio: { scenarios: sum('scenarios'), passed: sum('passed'), byCondition, failures } };
}

function tallyOf(done: readonly Done[]): Tally {
  const ids = [...new Set(done.map(({ scenario }) => scenario.id))];
  const failed = new Set(done.filter(({ faults }) => faults.length > 0).map(({ scenario }) => scenario.id));
  return {
    scenarios: ids.length,
    passed: ids.filter((id) => !failed.has(id)).length,
    calls: done.length,
    callsPassed: done.filter(({ faults }) => faults.length === 0).length,
    turns: done.reduce((total, { turns }) => total + turns, 0),
    misunderstood: done.reduce((total, { misunderstood }) => total + misunderstood, 0),
  };
}

export function audioTable({ audio }: AudioReport): string {
  return [
    ...audio.failures.flatMap(({ scenario, condition, voice, faults, transcript = [] }) => [
      `${scenario}, ${condition}, ${voice}`,
      ...faults.map((fault) => `  ${fault}`),
      ...transcript.map((line) => `    ${line}`),
    ]),
    ...Object.entries(audio.byCondition).map(
      ([condition, { scenarios, passed, turns, misunderstood }]) =>
        `${condition.padEnd(12)}${passed} of ${scenarios} scenarios, ${misunderstood} of ${turns} turns not understood`,
    ),
    `${audio.passed} of ${audio.scenarios} passed`,
  ].join('\n');
}
