import { spread, type Spread } from '../percentile.ts';

export interface SipReport {
  readonly name: 'sip';
  /** Set up and torn down on one core for longer than a transaction is remembered, with nothing said twice. */
  readonly callsPerSecond: number;
  /** From the INVITE to its 200, at that rate, at the caller. */
  readonly setupMs: Spread;
  /** Of the stack's core, at that rate. */
  readonly stackCpuPct: number;
  /** At that rate. */
  readonly retransmissions: number;
  /** Of one core, for both directions of one leg, without speech engines. */
  readonly cpuPctPerAgentLeg: number;
  readonly agentLegs: number;
  readonly agentLegsLossPct: number;
  /** One INVITE of a trunk, 1.4 kB. */
  readonly parseUs: number;
  /** Of the stack, after a collection and after its transactions are forgotten, around `calls` calls. */
  readonly memory: { readonly calls: number; readonly heapMbBefore: number; readonly heapMbAfter: number };
  readonly machine: string;
}

interface Measured {
  readonly rate: {
    readonly callsPerSecond: number;
    readonly setupMs: readonly number[];
    readonly stackCpuPct: number;
    readonly retransmissions: number;
  };
  readonly legs: { readonly legs: number; readonly cpuPctPerLeg: number; readonly lossShare: number };
  readonly parseUs: number;
  readonly memory: { readonly calls: number; readonly heapBytesBefore: number; readonly heapBytesAfter: number };
  readonly machine: string;
}

export function sipReport({ rate, legs, parseUs, memory, machine }: Measured): SipReport {
  return {
    name: 'sip',
    callsPerSecond: rate.callsPerSecond,
    setupMs: spread(rate.setupMs),
    stackCpuPct: rounded(rate.stackCpuPct, 10),
    retransmissions: rate.retransmissions,
    cpuPctPerAgentLeg: rounded(legs.cpuPctPerLeg, 1_000),
    agentLegs: legs.legs,
    agentLegsLossPct: rounded(legs.lossShare * 100, 100),
    parseUs: rounded(parseUs, 10),
    memory: {
      calls: memory.calls,
      heapMbBefore: rounded(memory.heapBytesBefore / 1e6, 10),
      heapMbAfter: rounded(memory.heapBytesAfter / 1e6, 10),
    },
    machine,
  };
}

/** For a person. */
export function sipTable(report: SipReport): string {
  const { setupMs, memory } = report;
  return [
    `${report.callsPerSecond} calls a second set up and torn down on one core, which they fill to ${report.stackCpuPct} %`,
    `  INVITE to 200: p50 ${setupMs.p50} ms, p95 ${setupMs.p95} ms; ${report.retransmissions} retransmissions`,
    `  parsing an INVITE: ${report.parseUs} µs`,
    `${report.agentLegs} legs with audio both ways: ${report.cpuPctPerAgentLeg} % of a core each, ${report.agentLegsLossPct} % of the packets lost`,
    `Heap before and after ${memory.calls} calls: ${memory.heapMbBefore} MB, ${memory.heapMbAfter} MB`,
    report.machine,
  ].join('\n');
}

function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
