import { setTimeout as pause } from 'node:timers/promises';
import type { Evidence, Finding, Testimony } from './evidence.ts';
import { gather, unsettled } from './gather.ts';
import { judge } from './judge.ts';
import { makeCall } from './make-call.ts';
import { type Person, planChaos, type PlanOptions } from './plan.ts';
import { World } from './world.ts';

export interface ChaosOptions extends PlanOptions {
  /** People who call at the same time. */
  readonly atOnce: number;
  /** How long everything may take to arrive after the last fault. */
  readonly settleMs: number;
  readonly progress: (line: string) => void;
}

export interface ChaosReport {
  readonly name: 'chaos';
  readonly calls: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly wrong: number;
}

/** Room for all callers, but not at the time that is offered first: they compete for it. */
const minCapacity = 2;
const callsPerCapacity = 12;
const progressEvery = 20;
const pollMs = 1_000;

/** Calls while things break by plan, and then what is left of them. */
export async function runChaos(options: ChaosOptions): Promise<{ report: ChaosReport; findings: readonly Finding[] }> {
  const { calls, seed, progress } = options;
  const plan = planChaos(options);
  const capacity = Math.max(minCapacity, Math.ceil(calls / callsPerCapacity));
  progress(`${calls} calls of ${plan.people.length} people, ${plan.faults.length} faults, seed ${seed}`);
  const world = await World.start({ capacity });
  try {
    const testimonies: Testimony[] = [];
    const waiting = [...plan.people];
    const callOf = async (person: Person): Promise<void> => {
      for (const planned of person.calls) {
        const faults = plan.faults.filter(({ call }) => call === planned.index);
        testimonies.push(await makeCall(world, person, planned, faults));
        if (testimonies.length % progressEvery === 0) progress(`${testimonies.length} calls are over`);
      }
    };
    const line = async (): Promise<void> => {
      for (let person = waiting.shift(); person !== undefined; person = waiting.shift()) await callOf(person);
    };
    await Promise.all(Array.from({ length: options.atOnce }, line));
    progress(summaryOf(testimonies));
    await world.mend();
    progress('Everything runs again; waiting until nothing is on its way');
    const findings = await judgeWhenSettled(world, testimonies, capacity, options);
    const count = (kind: Finding['kind']): number => findings.filter((one) => one.kind === kind).length;
    const report: ChaosReport = {
      name: 'chaos',
      calls: testimonies.length,
      lost: count('lost'),
      duplicated: count('duplicated'),
      wrong: count('wrong'),
    };
    return { report, findings };
  } finally {
    await world.stop();
  }
}

/** How the calls went for those who made them: chaos that lets nobody book proves little. */
function summaryOf(testimonies: readonly Testimony[]): string {
  const told = testimonies.flatMap((testimony) => testimony.told);
  const cancelled = told.filter(({ startMs }) => startMs === null).length;
  const cut = testimonies.filter(({ ended }) => ended === null).length;
  return `Callers were told of ${told.length - cancelled} times and ${cancelled} cancellations; ${cut} never heard the end`;
}

/** What is found once nothing waits any more; or when time is up, with what still waits among it. */
async function judgeWhenSettled(
  world: World,
  testimonies: readonly Testimony[],
  capacity: number,
  { settleMs, progress }: ChaosOptions,
): Promise<Finding[]> {
  const giveUpMs = Date.now() + settleMs;
  let said = '';
  for (;;) {
    const isLate = Date.now() > giveUpMs;
    const waiting = (await unsettled(world)).join(', ');
    if (waiting !== said) progress((said = waiting) === '' ? 'Nothing is on its way' : `On its way: ${waiting}`);
    if (waiting === '' || isLate) {
      const evidence: Evidence = await gather(world, testimonies, capacity);
      const findings = judge(evidence);
      // The calendar elsewhere has no list of what waits for it: it is looked at until it is right.
      if (findings.length === 0 || isLate) return findings;
      progress(`Not yet as it should be: ${findings.map(({ kind, what }) => `${kind} ${what}`).join('; ')}`);
    }
    await pause(pollMs);
  }
}
