import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { makeCall } from './call.ts';
import { grade } from './grade.ts';
import type { PersonaName, Scenario } from './scenario.ts';

export interface Failure {
  readonly scenario: string;
  readonly persona: PersonaName;
  readonly seed: number;
  readonly faults: readonly string[];
  readonly transcript: readonly string[];
}

export interface CallsReport {
  readonly name: 'calls';
  readonly scenarios: number;
  readonly passed: number;
  /** Every seed of every scenario is a call. */
  readonly calls: number;
  readonly byPersona: Readonly<Record<string, { readonly scenarios: number; readonly passed: number }>>;
  readonly failures: readonly Failure[];
}

/** Makes all calls. A scenario passes when each of its calls does. `firstSeed` is added to every seed. */
export function reportOf(bundles: ReadonlyMap<Scenario, Bundle>, firstSeed: number): CallsReport {
  const byPersona: Record<string, { scenarios: number; passed: number }> = {};
  const failures: Failure[] = [];
  let passed = 0;
  let calls = 0;
  for (const [scenario, bundle] of bundles) {
    const { id, persona, seeds } = scenario;
    const failed: Failure[] = [];
    for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
      const call = makeCall(scenario, bundle, seed);
      const faults = grade(scenario.expect, call);
      if (faults.length > 0) failed.push({ scenario: id, persona, seed, faults, transcript: call.transcript });
      calls++;
    }
    const tally = (byPersona[persona] ??= { scenarios: 0, passed: 0 });
    tally.scenarios++;
    if (failed.length === 0) {
      tally.passed++;
      passed++;
    }
    failures.push(...failed);
  }
  return { name: 'calls', scenarios: bundles.size, passed, calls, byPersona, failures };
}

export function tableOf(report: CallsReport, verbose: boolean): string {
  const percent = report.scenarios === 0 ? 0 : Math.round((1_000 * report.passed) / report.scenarios) / 10;
  return [
    ...report.failures.flatMap(({ scenario, seed, faults, transcript }) => [
      `${scenario}, seed ${seed}`,
      ...faults.map((fault) => `  ${fault}`),
      ...(verbose ? ['', ...transcript.map((line) => `    ${line}`), ''] : []),
    ]),
    ...Object.entries(report.byPersona)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([persona, { scenarios, passed }]) => `${persona.padEnd(18)}${passed} of ${scenarios}`),
    `${report.passed} of ${report.scenarios} scenarios passed (${percent} %), ${report.calls} calls`,
  ].join('\n');
}
