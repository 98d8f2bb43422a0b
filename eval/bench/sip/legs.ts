import { randomBytes } from 'node:crypto';
import { Pacer } from '../../../server/agent/speak/pacer.ts';
import { type LineEar, RecognizerEar } from '../../../server/audio/line-ear.ts';
import { PortPool } from '../../../server/transport/telephone/rtp/port-range.ts';
import { RtpLeg } from '../../../server/transport/telephone/rtp/rtp-leg.ts';
import type { AgreedMedia } from '../../../server/transport/telephone/sdp/answer.ts';
import { percentile } from '../percentile.ts';
import { keyOf } from './leg-keys.ts';
import { LegTelephones } from './leg-telephones.ts';

const frameMs = 20;
const frameSamples = 320;
/** What compiles as it runs, and what is made once a call, is not the cost of a leg that goes on. */
const warmUpMs = 2_000;
const payloadTypes = { opus: 111, PCMU: 0, PCMA: 8 } as const;

export interface LegLoad {
  readonly legs: number;
  readonly seconds: number;
  readonly codec?: AgreedMedia['codec'];
  readonly encrypted?: boolean;
  /** Also makes the callers' audio fit for recognition. */
  readonly repaired?: boolean;
  /** Four for each leg from here on. */
  readonly firstPort?: number;
}

export interface LegCost {
  /** Of one core, in the process that holds the legs. */
  readonly cpuPctPerAgentLeg: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  /** Between a leg's packets: 20 ms, if nothing else ran. */
  readonly betweenMs: { readonly p50: number; readonly p99: number };
}

/** Nobody listens: as many samples come out as ought to. */
class IdleEar implements LineEar {
  said(): void {}

  heard(samples: Int16Array): Int16Array {
    return new Int16Array(2 * samples.length);
  }
}

/** What the agent's side of N calls costs without speech engines: packets both ways, and nothing else. */
export async function measureLegs(load: LegLoad): Promise<LegCost> {
  const { legs: count, codec = 'PCMU', encrypted = false } = load;
  const key = encrypted ? randomBytes(30).toString('base64') : '';
  const telephones = await LegTelephones.start(count, codec, key);
  const legs: RtpLeg[] = [];
  try {
    for (const port of telephones.ports) legs.push(await openLeg(load, port, key));
    telephones.sendTo(legs.map((leg) => leg.port));
    return await cost(legs, load.seconds);
  } finally {
    for (const leg of legs) leg.close();
    await telephones.stop();
  }
}

let pool: PortPool | undefined;

async function openLeg(load: LegLoad, port: number, key: string): Promise<RtpLeg> {
  const { legs, codec = 'PCMU', repaired = false, firstPort = 30_000 } = load;
  pool ??= new PortPool({ from: firstPort, to: firstPort + 4 * legs });
  const leg = await RtpLeg.open({
    host: '127.0.0.1',
    ports: pool,
    listener: { audio: () => undefined, keyPressed: () => undefined },
    now: Date.now,
    onFault: fail,
    ear: () => (repaired ? new RecognizerEar(port) : new IdleEar()),
  });
  if (!leg) throw new Error(`No RTP port from ${firstPort} on is free.`);
  leg.agree({
    codec,
    payloadType: payloadTypes[codec],
    eventPayloadType: 101,
    remote: { address: '127.0.0.1', port },
    direction: 'sendrecv',
    ...(key ? { encryption: { suite: 'AES_CM_128_HMAC_SHA1_80' as const, ours: keyOf(key), theirs: keyOf(key) } } : {}),
  });
  return leg;
}

async function cost(legs: readonly RtpLeg[], seconds: number): Promise<LegCost> {
  const pacer = new Pacer(frameMs, () => performance.now());
  const frames = voice();
  const betweenMs: number[] = [];
  let tick = 0;
  let lastMs = performance.now();
  const clock = pacer.add(() => {
    const nowMs = performance.now();
    betweenMs.push(nowMs - lastMs);
    lastMs = nowMs;
    tick += 1;
  }, fail);
  const stops = legs.map((leg, index) =>
    pacer.add(() => leg.play(frames[(tick + 7 * index) % frames.length] ?? new Int16Array(frameSamples)), fail),
  );
  await pause(warmUpMs);
  betweenMs.length = 0;
  const before = { ...packets(legs), cpu: process.cpuUsage(), atMs: performance.now() };
  await pause(seconds * 1_000);
  const { user, system } = process.cpuUsage(before.cpu);
  const elapsedMs = performance.now() - before.atMs;
  const after = packets(legs);
  for (const stop of [clock, ...stops]) stop();
  return {
    cpuPctPerAgentLeg: (user + system) / 1_000 / elapsedMs / legs.length / 0.01,
    packetsReceived: after.received - before.received,
    packetsLost: after.lost - before.lost,
    betweenMs: { p50: percentile(betweenMs, 0.5), p99: percentile(betweenMs, 0.99) },
  };
}

/** Frames of a voice-like sound, no two the same, as sentences are. */
function voice(): Int16Array[] {
  return Array.from({ length: 251 }, (_, frame) =>
    Int16Array.from({ length: frameSamples }, (__, n) => {
      const time = (frame * frameSamples + n) / 16_000;
      const loudness = 4_000 * (1 + Math.sin(2 * Math.PI * 3 * time));
      return loudness * Math.sin(2 * Math.PI * 140 * time) * Math.sin(700 * time);
    }),
  );
}

function packets(legs: readonly RtpLeg[]): { received: number; lost: number } {
  const counts = legs.map(({ quality }) => quality);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    received: sum(counts.map(({ packetsReceived }) => packetsReceived)),
    lost: sum(counts.map(({ packetsLost }) => packetsLost)),
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function fail(error: unknown): never {
  throw new Error('A leg had a fault.', { cause: error });
}
