import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { pinToCores } from '../affinity.ts';
import { usageOf } from '../process-usage.ts';
import { BenchChild } from '../child.ts';

const AgentLegsState = v.object({
  ports: v.array(v.number()),
  packetsReceived: v.number(),
  packetsLost: v.number(),
  heardSamples: v.number(),
  faults: v.number(),
});
export type AgentLegsState = v.InferOutput<typeof AgentLegsState>;

const FarEndsState = v.object({ packetsReceived: v.number() });
export type FarEndsState = v.InferOutput<typeof FarEndsState>;

export interface LegsResult {
  readonly legs: number;
  /** Of one core, for both directions of one leg. */
  readonly cpuPctPerLeg: number;
  /** Share of the packets that did not arrive, both ways, 0 to 1. */
  readonly lossShare: number;
}

const firstFarPort = 44_000;
/** The compiler's work is not the leg's. */
const settleMs = 5_000;
const packetsPerSecond = 50;

/** Many legs at once on one core, each with packets both ways and nothing that listens or speaks behind it. */
export async function measureLegs(options: {
  readonly legs: number;
  readonly measureMs: number;
  readonly cores: { readonly ours: string; readonly others: string };
}): Promise<LegsResult> {
  const { legs, measureMs, cores } = options;
  const { child: far } = await BenchChild.start('sip/far-ends-process.ts', [firstFarPort, legs], FarEndsState);
  try {
    const { child: agent, state } = await BenchChild.start('sip/legs-process.ts', [firstFarPort, legs], AgentLegsState);
    try {
      pinToCores([agent.pid], cores.ours);
      pinToCores([far.pid], cores.others);
      far.tell(state.ports);
      await pause(settleMs);
      const [agentBefore, farBefore] = [await agent.ask('state'), await far.ask('state')];
      const [usedMs, fromMs] = [usageOf([agent.pid]).cpuMs, performance.now()];
      await pause(measureMs);
      const [cpuMs, elapsedMs] = [usageOf([agent.pid]).cpuMs - usedMs, performance.now() - fromMs];
      const [agentAfter, farAfter] = [await agent.ask('state'), await far.ask('state')];
      if (agentAfter.faults > 0) throw new Error(`The legs had ${agentAfter.faults} faults.`);
      const arrived =
        agentAfter.packetsReceived - agentBefore.packetsReceived + farAfter.packetsReceived - farBefore.packetsReceived;
      const due = (2 * legs * packetsPerSecond * elapsedMs) / 1_000;
      return {
        legs,
        cpuPctPerLeg: ((cpuMs / elapsedMs) * 100) / legs,
        lossShare: Math.max(0, 1 - arrived / due),
      };
    } finally {
      await agent.stop();
    }
  } finally {
    await far.stop();
  }
}
