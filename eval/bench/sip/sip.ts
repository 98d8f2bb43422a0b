import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { pinToCores } from '../affinity.ts';
import { machineCpuMs, usageOf } from '../process-usage.ts';
import { highestRate, type Trial } from './highest-rate.ts';
import { measureLegs } from './legs.ts';
import { loadCalls, type LoadResult } from './load.ts';
import { sipReport, sipTable, type SipReport } from './sip-report.ts';
import { startStack, type SipStack } from './stack.ts';

/** The stack has this core to itself; callers have the others. */
const ours = '0';
/** RFC 3261's timers J and L, and a little: so long a transaction is remembered. */
const forgottenMs = 33_000;
const shortMs = 5_000;
/** In a lasting trial as many transactions are forgotten as begin. */
const lastingMs = 45_000;
const warmUp = { callsPerSecond: 200, calls: 1_000 };
const flat = { callsPerSecond: 500, calls: 10_000 };
/** What sipp may be behind the rate that it was asked for. */
const rateTolerance = 0.03;
const agentLegs = 50;
const legsMs = 15_000;

interface RateTrial extends Trial, LoadResult {
  readonly stackCpuPct: number;
}

/** Debian's sipp calls the SIP stack, as fast as it can be answered; then legs with audio. About four minutes. */
export async function runSip(options: {
  progress: (line: string) => void;
}): Promise<{ report: SipReport; table: string }> {
  if (cpus().length < 2) throw new Error('The sip bench needs two cores: one for the stack, one for the callers.');
  const others = `1-${cpus().length - 1}`;
  const { progress } = options;
  const { stack, port } = await startStack();
  try {
    pinToCores([stack.pid], ours);
    const { parseUs = 0 } = await stack.ask('parse');
    progress(`parsing: ${parseUs.toFixed(1)} µs`);
    const memory = await measureMemory(stack, port);
    progress(`heap: ${memory.heapBytesBefore} B, after ${memory.calls} calls ${memory.heapBytesAfter} B`);
    const trial =
      (lengthMs: number) =>
      (callsPerSecond: number): Promise<RateTrial> =>
        tryRate({ stack, port, callsPerSecond, lengthMs, progress });
    const rate = await highestRate({ short: trial(shortMs), lasting: trial(lastingMs) });
    if (!rate) throw new Error('Not even 400 calls a second went without retransmissions.');
    const legs = await measureLegs({ legs: agentLegs, measureMs: legsMs, cores: { ours, others } });
    const report = sipReport({ rate, legs, parseUs, memory, machine: machine() });
    return { report, table: sipTable(report) };
  } finally {
    await stack.stop();
  }
}

/** What is left of many calls once all that must be remembered for a while is forgotten. */
async function measureMemory(stack: SipStack, port: number) {
  const heapAfter = async ({ calls, callsPerSecond }: typeof flat): Promise<number> => {
    await loadCalls(port, callsPerSecond, calls);
    await pause(forgottenMs);
    return (await stack.ask('state')).heapBytes;
  };
  // The first calls bring the compiler's code and the sockets' buffers.
  const heapBytesBefore = await heapAfter(warmUp);
  return { calls: flat.calls, heapBytesBefore, heapBytesAfter: await heapAfter(flat) };
}

async function tryRate(options: {
  readonly stack: SipStack;
  readonly port: number;
  readonly callsPerSecond: number;
  readonly lengthMs: number;
  readonly progress: (line: string) => void;
}): Promise<RateTrial> {
  const { stack, port, callsPerSecond, lengthMs, progress } = options;
  const used = (): { ours: number; all: number } => ({ ours: usageOf([stack.pid]).cpuMs, all: machineCpuMs() });
  const before = used();
  const { begun, ended } = await stack.ask('state');
  const load = await loadCalls(port, callsPerSecond, Math.round((callsPerSecond * lengthMs) / 1_000));
  const after = used();
  const state = await stack.ask('state');
  const whole = state.begun - begun === load.calls && state.ended - ended === load.calls && state.faults === 0;
  const punctual = load.elapsedMs <= lengthMs * (1 + rateTolerance) + 1_000;
  const good = load.failed === 0 && load.retransmissions === 0 && whole && punctual;
  const stackCpuPct = ((after.ours - before.ours) / load.elapsedMs) * 100;
  progress(
    `${callsPerSecond} calls/s for ${Math.round(lengthMs / 1_000)} s: ${load.calls} calls, ${load.retransmissions} ` +
      `retransmissions, ${load.failed} failed, core ${Math.round(stackCpuPct)} %${punctual ? '' : ', late'}`,
  );
  return { ...load, good, stackCpuPct };
}

function machine(): string {
  const [core] = cpus();
  return `${cpus().length} × ${core?.model.trim() ?? 'unknown processor'}, Node ${process.version}`;
}
