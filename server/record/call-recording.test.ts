import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decoder } from '@evan/opus';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { frameSamples, levelOf } from '../audio/frame.ts';
import { readPages } from '../audio/ogg.ts';
import { createLog } from '../observe/log.ts';
import { CallRecording } from './call-recording.ts';
import { PartDelivery } from './part-delivery.ts';
import { Spool } from './spool.ts';

const callId = '0193a5c1-6f0e-4a31-9c55-0a1b2c3d4e5f';
const business = 'small-shop';
const log = createLog({ write: () => undefined, now: Date.now });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-recording-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** 20 ms of a tone. */
const tone = (round: number, hz: number): Int16Array =>
  Int16Array.from({ length: frameSamples }, (_, at) =>
    Math.round(8_000 * Math.sin((2 * Math.PI * hz * (round * frameSamples + at)) / 16_000)),
  );

/** A call with a clock of its own, in which the caller and the agent take turns, second by second. */
function recordedCall(spool: Spool) {
  let nowMs = 1_000_000;
  let tick = (): void => undefined;
  const faults: unknown[] = [];
  const onBegin = vi.fn();
  const recording = new CallRecording({
    callId,
    business,
    disclosure: ['I am an AI.', 'This call is recorded.'],
    spool,
    pacer: {
      add: (run, onFault) => {
        const stop = (): void => void (tick = () => undefined);
        tick = () => {
          try {
            run();
          } catch (error) {
            stop();
            onFault(error);
          }
        };
        return stop;
      },
    },
    now: () => nowMs,
    onBegin,
    onFault: (error) => faults.push(error),
  });
  const talk = (seconds: number): void => {
    for (let round = 0; round < seconds * 50; round += 1) {
      nowMs += 20;
      const callers = Math.floor(round / 50) % 2 === 0;
      recording.caller(callers ? tone(round, 440) : new Int16Array(frameSamples));
      recording.agent(callers ? new Int16Array(frameSamples) : tone(round, 660));
      tick();
    }
  };
  /** The clock goes on. */
  const rounds = (count: number): void => {
    for (let round = 0; round < count; round += 1) tick();
  };
  const now = (): number => nowMs;
  return { recording, talk, rounds, now, faults, onBegin };
}

const fileOf = (spool: Spool): Uint8Array => Buffer.concat(spool.waiting().map((part) => spool.read(part)));

/** Each side's level, second by second. */
function levels(file: Uint8Array): { caller: number[]; agent: number[] } {
  const decoder = new Decoder({ channels: 2, sample_rate: 16_000 });
  const { pages } = readPages(file);
  const packets = pages.slice(2).flatMap((page) => page.packets);
  const sides = { caller: [] as number[], agent: [] as number[] };
  for (let at = 0; at + 50 <= packets.length; at += 50) {
    const pcm = packets
      .slice(at, at + 50)
      .flatMap((packet) => [...new Int16Array(decoder.decode(packet).slice().buffer)]);
    for (const [index, side] of [sides.caller, sides.agent].entries())
      side.push(Math.round(levelOf(Int16Array.from(pcm.filter((_, sample) => sample % 2 === index)))));
  }
  return sides;
}

describe('a recording', () => {
  test('has the caller left and the agent right, in parts that make one file', () => {
    const onPart = vi.fn();
    const spool = new Spool(folder, onPart);
    const { recording, talk, faults } = recordedCall(spool);
    recording.begin();
    talk(25);
    recording.end();
    expect(faults).toEqual([]);
    expect(spool.waiting().map(({ part, durationMs, last }) => [part, durationMs, last])).toEqual([
      [0, 10_000, false],
      [1, 10_000, false],
      [2, 5_000, true],
    ]);
    expect(onPart).toHaveBeenCalledTimes(3);
    const file = fileOf(spool);
    const { pages, bytes } = readPages(file);
    expect(bytes).toBe(file.length);
    expect(pages.map(({ sequence }) => sequence)).toEqual(pages.map((_, index) => index));
    expect(pages.at(-1)).toMatchObject({ last: true, granule: 25n * 48_000n });
    const { caller, agent } = levels(file);
    expect(caller.length).toBe(25);
    for (const [second, level] of caller.entries()) expect(level > 1_000).toBe(second % 2 === 0);
    for (const [second, level] of agent.entries()) expect(level > 1_000).toBe(second % 2 === 1);
  });

  test('by telephone begins when the disclosure has been heard to its end', () => {
    const { recording, onBegin } = recordedCall(new Spool(folder, () => undefined));
    recording.agentWasHeard('Hi, this is Pat. I am an AI. This call is');
    expect(onBegin).not.toHaveBeenCalled();
    recording.agentWasHeard('Hi, this is Pat. I am an AI. This call is recorded. How can I help?');
    expect(onBegin).toHaveBeenCalledTimes(1);
  });

  test('of a caller who is cut off in a long speech is finished bit by bit, and is as long as the call', () => {
    const spool = new Spool(folder, () => undefined);
    const { recording, talk, rounds, now } = recordedCall(spool);
    recording.begin();
    talk(5);
    recording.callerBegan(now());
    talk(20);
    recording.end();
    expect(spool.waiting().at(-1)?.last).not.toBe(true);
    rounds(200);
    expect(spool.waiting().at(-1)?.last).toBe(true);
    expect(spool.waiting().reduce((sum, { durationMs }) => sum + durationMs, 0)).toBe(25_000);
  });

  test('that never began leaves nothing', () => {
    const { recording, talk } = recordedCall(new Spool(folder, () => undefined));
    talk(5);
    recording.end();
    recording.begin();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of a process that was killed ends with its last whole page', () => {
    const { recording, talk } = recordedCall(new Spool(folder, () => undefined));
    recording.begin();
    talk(18.5);
    writeFileSync(join(folder, 'notes.open'), 'not ours');
    const next = new Spool(folder, () => undefined);
    expect(next.recover()).toBe(1);
    // 1.5 s were in memory still, and the last half second was no page yet.
    expect(next.waiting().map(({ part, durationMs, last }) => [part, durationMs, last])).toEqual([
      [0, 10_000, false],
      [1, 7_000, false],
    ]);
    expect(levels(fileOf(next)).caller.length).toBe(17);
    expect(next.recover()).toBe(0);
  });

  test('that cannot be written is given up, and the call told', () => {
    const { recording, talk, faults } = recordedCall(new Spool(folder, () => undefined));
    recording.begin();
    rmSync(folder, { recursive: true });
    talk(15);
    recording.end();
    expect(faults).toHaveLength(1);
  });
});

describe('delivery', () => {
  const spooled = (): Spool => {
    const spool = new Spool(folder, () => undefined);
    const { recording, talk } = recordedCall(spool);
    recording.begin();
    talk(25);
    recording.end();
    return spool;
  };
  const failing = (retry: 'at-once' | 'never'): Error =>
    Object.assign(new Error('The control plane is away'), { retry });

  test('sends what is there in order, and forgets it', async () => {
    const spool = spooled();
    const file = fileOf(spool);
    const sent: Uint8Array[] = [];
    const send = vi.fn((_: unknown, bytes: Uint8Array) => (sent.push(bytes), Promise.resolve({ kept: true })));
    const delivery = new PartDelivery({ spool, log, send, after: () => () => undefined });
    delivery.notify();
    await delivery.stop();
    expect(Buffer.concat(sent).equals(file)).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('waits while the control plane is away, and then sends each part once', async () => {
    const spool = spooled();
    let away = 3;
    const order: number[] = [];
    const retries: { ms: number; work: () => void }[] = [];
    const delivery = new PartDelivery({
      spool,
      log,
      send: ({ part }) => {
        away -= 1;
        if (away >= 0) return Promise.reject(failing('at-once'));
        order.push(part);
        return Promise.resolve({ kept: true });
      },
      after: (ms, work) => (retries.push({ ms, work }), () => undefined),
    });
    delivery.notify();
    for (let round = 0; round < 3; round += 1) {
      await vi.waitFor(() => expect(retries).toHaveLength(round + 1));
      expect(spool.waiting()).toHaveLength(3);
      retries[round]?.work();
    }
    await delivery.stop();
    expect(retries.map(({ ms }) => ms)).toEqual([1_000, 2_000, 4_000]);
    expect(order).toEqual([0, 1, 2]);
  });

  test('goes on with other calls, though three at the front cannot be sent', async () => {
    const stuck: string[] = Array.from({ length: 3 }, () => randomUUID());
    const fine = randomUUID();
    const spool = new Spool(folder, () => undefined);
    for (const callId of [...stuck, fine]) {
      const call = spool.begin({ callId, business: 'ridgeline-roofing' });
      for (const last of [false, true]) {
        call.write(new Uint8Array([1]));
        call.closePart({ durationMs: 20, last });
      }
    }
    const sent: string[] = [];
    const retries: (() => void)[] = [];
    const delivery = new PartDelivery({
      spool,
      log,
      send: ({ callId, part }) => {
        if (stuck.includes(callId)) return Promise.reject(failing('at-once'));
        sent.push(`${callId} ${part}`);
        return Promise.resolve({ kept: true });
      },
      after: (_, work) => (retries.push(work), () => undefined),
    });
    delivery.notify();
    await vi.waitFor(() => expect(retries).toHaveLength(1));
    expect(sent).toEqual([]);
    retries[0]?.();
    await vi.waitFor(() => expect(retries).toHaveLength(2));
    expect(sent).toEqual([`${fine} 0`, `${fine} 1`]);
    await delivery.stop();
  });

  test('keeps on disk what is refused for good, and does not ask again', async () => {
    const spool = spooled();
    const send = vi.fn(() => Promise.reject(failing('never')));
    const delivery = new PartDelivery({ spool, log, send, after: () => () => undefined });
    delivery.notify();
    await delivery.stop();
    expect(send).toHaveBeenCalledTimes(1);
    expect(spool.waiting()).toHaveLength(3);
  });
});
