import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { pinToCores } from '../affinity.ts';
import { BenchChild } from '../child.ts';
import { type Spread, spread } from '../percentile.ts';
import { usageOf } from '../process-usage.ts';

const JoinedState = v.object({ ports: v.array(v.number()), faults: v.number() });
export type JoinedState = v.InferOutput<typeof JoinedState>;

const PhonesState = v.object({ packetsReceived: v.number(), delaysMs: v.array(v.number()) });
export type PhonesState = v.InferOutput<typeof PhonesState>;

export interface RelayReport {
  readonly name: 'relay';
  readonly calls: number;
  readonly relayed: Measured;
  /** As it is without relaying: decoded, put in a queue, encoded. */
  readonly samples: Measured;
}

interface Measured {
  /** Of one core, for both directions of one call. */
  readonly cpuPctPerCall: number;
  /** From one telephone's socket to the other's. */
  readonly delayMs: Spread;
  /** Share of the packets that did not arrive, 0 to 1. */
  readonly lossShare: number;
}

type How = 'relay' | 'samples';

const calls = 10;
const firstPhonePort = 44_000;
const packetsPerSecond = 50;
/** The compiler's work is not the calls'. */
const warmUpMs = 4_000;
const settleMs = 1_000;
const roundMs = 8_000;
const rounds: readonly How[] = ['samples', 'relay', 'samples', 'relay'];
/** The node's side has this core to itself; the telephones have the others. */
const ours = '0';

/** Calls that two people talk in, in one process: relayed and by samples, in turns. Under a minute. */
export async function runRelay({ progress }: { progress: (line: string) => void }): Promise<{
  report: RelayReport;
  table: string;
}> {
  if (cpus().length < 2) throw new Error('The relay bench needs two cores: one for the node, one for the telephones.');
  const others = `1-${cpus().length - 1}`;
  const { child: phones } = await BenchChild.start('relay/phones-process.ts', [firstPhonePort, 2 * calls], PhonesState);
  try {
    const { child: node, state } = await BenchChild.start(
      'relay/joined-process.ts',
      [firstPhonePort, calls],
      JoinedState,
    );
    try {
      pinToCores([node.pid], ours);
      pinToCores([phones.pid], others);
      phones.tell(state.ports);
      for (const how of ['samples', 'relay']) {
        await node.ask(how);
        await pause(warmUpMs);
      }
      const measured = { relay: new Rounds(), samples: new Rounds() };
      for (const how of rounds) {
        progress(`${how} for ${roundMs / 1_000} s`);
        await node.ask(how);
        await pause(settleMs);
        await measured[how].measure(node.pid, phones);
      }
      const { faults } = await node.ask('samples');
      if (faults > 0) throw new Error(`The legs had ${faults} faults.`);
      const report = {
        name: 'relay',
        calls,
        relayed: measured.relay.result(),
        samples: measured.samples.result(),
      } as const;
      return { report, table: table(report) };
    } finally {
      await node.stop();
    }
  } finally {
    await phones.stop();
  }
}

class Rounds {
  #cpuMs = 0;
  #elapsedMs = 0;
  #packets = 0;
  readonly #delaysMs: number[] = [];

  async measure(pid: number, phones: BenchChild<typeof PhonesState>): Promise<void> {
    const before = await phones.ask('state');
    const [usedMs, fromMs] = [usageOf([pid]).cpuMs, performance.now()];
    await pause(roundMs);
    this.#cpuMs += usageOf([pid]).cpuMs - usedMs;
    this.#elapsedMs += performance.now() - fromMs;
    const after = await phones.ask('state');
    this.#packets += after.packetsReceived - before.packetsReceived;
    for (const delayMs of after.delaysMs) this.#delaysMs.push(delayMs);
  }

  result(): Measured {
    const due = (2 * calls * packetsPerSecond * this.#elapsedMs) / 1_000;
    return {
      cpuPctPerCall: Math.round((this.#cpuMs * 100_000) / this.#elapsedMs / calls) / 1_000,
      delayMs: spread(this.#delaysMs),
      lossShare: Math.round(Math.max(0, 1 - this.#packets / due) * 10_000) / 10_000,
    };
  }
}

function table({ relayed, samples }: RelayReport): string {
  const row = (name: string, { cpuPctPerCall, delayMs, lossShare }: Measured): string =>
    `${name.padEnd(12)}${cpuPctPerCall} % of a core a call, ${delayMs.p50} ms median, ${delayMs.p95} ms p95, ${lossShare * 100} % lost`;
  return [`${calls} calls at once`, row('relayed', relayed), row('as samples', samples)].join('\n');
}
