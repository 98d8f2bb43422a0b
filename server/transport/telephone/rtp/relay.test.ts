import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FrameQueue } from '../../../audio/frame-queue.ts';
import { levelOf, toFrames } from '../../../audio/frame.ts';
import { decodeG711, encodeG711, type G711Law } from '../../../audio/g711.ts';
import { OpusDecoder, OpusEncoder } from '../../../audio/opus.ts';
import { PlainEar } from '../../../audio/plain-ear.ts';
import { parseRtcp } from '../../../audio/rtcp.ts';
import { parseRtp, type RtpPacket, sequenceDistance, serializeRtp } from '../../../audio/rtp.ts';
import { KeyReceiver } from '../../../audio/telephone-event.ts';
import type { AgreedMedia, Encryption } from '../sdp/answer.ts';
import { suites } from '../srtp/protection.ts';
import { SrtpReceiver } from '../srtp/srtp-receiver.ts';
import { SrtpSender } from '../srtp/srtp-sender.ts';
import { PortPool } from './port-range.ts';
import { RtpLeg } from './rtp-leg.ts';

/** Apart from other tests' ports, and from runs beside this one. */
const firstPort = 20_000 + 200 * (process.pid % 50);
const ports = new PortPool({ from: firstPort, to: firstPort + 199 });
const frame = (hertz: number, n: number): Int16Array =>
  Int16Array.from({ length: 160 }, (_, at) => 8_000 * Math.sin((2 * Math.PI * hertz * (n * 160 + at)) / 8_000));

/** A telephone on a real socket, its leg, and what our side listened to. */
class Side {
  readonly got: RtpPacket[] = [];
  readonly raw: Uint8Array[] = [];
  readonly heard = new FrameQueue();
  heardSamples = 0;
  readonly keys: string[] = [];
  phone!: Socket;
  leg!: RtpLeg;

  async open(): Promise<void> {
    const opened = await RtpLeg.open({
      host: '127.0.0.1',
      ports,
      now: () => nowMs,
      onFault: (error) => faults.push(error),
      ear: () => new PlainEar(),
      listener: {
        audio: (samples) => {
          this.heardSamples += samples.length;
          this.heard.push(samples);
        },
        keyPressed: (key) => this.keys.push(key),
      },
    });
    if (!opened) throw new Error('No RTP port is free.');
    this.leg = opened;
    // Its reports go to the port above it.
    this.phone = createSocket('udp4');
    this.phone.bind(0, '127.0.0.1');
    await once(this.phone, 'listening');
    this.phone.on('message', (bytes) => {
      this.raw.push(bytes);
      const packet = parseRtp(bytes);
      if (packet) this.got.push(packet);
    });
  }

  agree(media: Partial<AgreedMedia> = {}): void {
    this.leg.agree({
      codec: 'PCMU',
      payloadType: 0,
      eventPayloadType: 101,
      remote: { address: '127.0.0.1', port: this.phone.address().port },
      direction: 'sendrecv',
      ...media,
    });
  }

  send(packet: Partial<RtpPacket>): void {
    this.sendBytes(
      serializeRtp({
        payloadType: 0,
        marker: false,
        sequenceNumber: 1,
        timestamp: 160 * (packet.sequenceNumber ?? 1),
        ssrc: 7,
        payload: encodeG711('PCMU', frame(400, packet.sequenceNumber ?? 1)),
        ...packet,
      }),
    );
  }

  sendBytes(bytes: Uint8Array): void {
    this.phone.send(bytes, this.leg.port, '127.0.0.1');
  }

  close(): void {
    this.leg.close();
    this.phone.close();
  }
}

let nowMs: number;
let caller: Side;
let person: Side;
const faults: unknown[] = [];

beforeEach(async () => {
  nowMs = 1_800_000_000_000;
  [caller, person] = [new Side(), new Side()];
  await Promise.all([caller.open(), person.open()]);
  caller.agree();
  person.agree();
});
afterEach(() => {
  for (const side of [caller, person]) side.close();
  if (faults.length > 0) throw new Error('A leg had a fault.', { cause: faults.splice(0)[0] });
});

function join(): void {
  caller.leg.relayTo(person.leg);
  person.leg.relayTo(caller.leg);
}

function part(): void {
  caller.leg.relayTo(undefined);
  person.leg.relayTo(undefined);
}

/** What a call does each 20 ms: what one side said goes to the other, where it came as samples. */
function tick(): void {
  nowMs += 20;
  person.leg.play(caller.heard.take());
  caller.leg.play(person.heard.take());
}

const bytesOf = (packets: readonly RtpPacket[]): string[] =>
  packets.map(({ payload }) => Buffer.from(payload).toString('hex'));

const arrived = (side: Side, count: number): Promise<void> => vi.waitFor(() => expect(side.got).toHaveLength(count));

test('both ways the bytes that leave are those that came, with numbers of our own, and no one listens', async () => {
  join();
  const sizes = [160, 160, 240, 80, 160, 1, 400];
  const sent = new Map<Side, string[]>();
  for (const [from, to] of [
    [caller, person],
    [person, caller],
  ] as const) {
    const payloads = sizes.map((size) => fc.sample(fc.uint8Array({ minLength: size, maxLength: size }), 1)[0]);
    let timestamp = 0xffff_ff00;
    payloads.forEach((payload = new Uint8Array(), n) => {
      from.send({ sequenceNumber: (65_533 + n) & 0xffff, timestamp: timestamp >>> 0, payload, ssrc: 9 });
      timestamp += payload.length;
    });
    sent.set(
      to,
      payloads.map((payload = new Uint8Array()) => Buffer.from(payload).toString('hex')),
    );
  }
  for (const side of [caller, person]) {
    await arrived(side, sizes.length);
    expect(bytesOf(side.got)).toEqual(sent.get(side));
    const [first] = side.got;
    expect(new Set(side.got.map(({ ssrc }) => ssrc)).size).toBe(1);
    expect(first?.ssrc).not.toBe(9);
    expect(side.got.map((one) => sequenceDistance(first?.sequenceNumber ?? 0, one.sequenceNumber))).toEqual([
      0, 1, 2, 3, 4, 5, 6,
    ]);
    expect(side.got.map((one) => (one.timestamp - (first?.timestamp ?? 0)) >>> 0)).toEqual([
      0, 160, 320, 560, 640, 800, 801,
    ]);
    expect(side.got.map(({ marker }) => marker)).toEqual([true, ...Array(6).fill(false)]);
    expect(side.heardSamples).toBe(0);
  }
  // Nor is anything of ours put between.
  for (let n = 0; n < 10; n += 1) tick();
  caller.send({ sequenceNumber: 4, timestamp: 5_000, ssrc: 9 });
  await arrived(person, sizes.length + 1);
  expect(person.heardSamples + caller.heardSamples).toBe(0);
  expect(caller.leg.quality).toMatchObject({ packetsReceived: 8, packetsLost: 0, codec: 'PCMU' });
  expect(caller.leg.lastPacketMs).toBe(nowMs);
});

test('loss and disorder reach the other side as they are; a packet that comes twice leaves once', async () => {
  join();
  for (const sequenceNumber of [1, 2, 4, 3, 3, 2, 7, 6]) caller.send({ sequenceNumber });
  await arrived(person, 6);
  const first = person.got[0]?.sequenceNumber ?? 0;
  expect(person.got.map((one) => sequenceDistance(first, one.sequenceNumber))).toEqual([0, 1, 3, 2, 6, 5]);
  expect(caller.leg.quality.packetsLost).toBe(0);
});

test('a stranger is not relayed, nor what was never agreed on', async () => {
  join();
  caller.send({ sequenceNumber: 1, payload: Uint8Array.of(1) });
  await arrived(person, 1);
  const stranger = new Side();
  await stranger.open();
  stranger.phone.send(
    serializeRtp({
      payloadType: 0,
      marker: false,
      sequenceNumber: 2,
      timestamp: 320,
      ssrc: 99,
      payload: Uint8Array.of(2),
    }),
    caller.leg.port,
    '127.0.0.1',
  );
  caller.send({ sequenceNumber: 2, payloadType: 96, payload: Uint8Array.of(3) });
  caller.send({ sequenceNumber: 3, payload: Uint8Array.of(4) });
  await arrived(person, 2);
  expect(bytesOf(person.got)).toEqual(['01', '04']);
  stranger.close();
});

test('key presses and comfort noise go along, by the other side’s numbers for them', async () => {
  person.agree({ eventPayloadType: 96 });
  join();
  caller.send({ sequenceNumber: 1 });
  const press = (flags: number): Partial<RtpPacket> => ({
    payloadType: 101,
    timestamp: 320,
    payload: Uint8Array.of(5, flags, 1, 64),
  });
  caller.send({ ...press(10), sequenceNumber: 2, marker: true });
  for (const sequenceNumber of [3, 4, 5]) caller.send({ ...press(0x8a), sequenceNumber });
  caller.send({ sequenceNumber: 6, payloadType: 13, payload: Uint8Array.of(60) });
  await arrived(person, 6);
  expect(person.got.map(({ payloadType }) => payloadType)).toEqual([0, 96, 96, 96, 96, 13]);
  expect(new Set(person.got.slice(1, 5).map(({ timestamp }) => timestamp)).size).toBe(1);
  const receiver = new KeyReceiver();
  expect(person.got.slice(1, 5).flatMap((packet) => receiver.push(packet, 0) ?? [])).toEqual(['5']);
  expect(bytesOf(person.got.slice(5))).toEqual(['3c']);
  tick();
  expect([caller.keys, person.keys]).toEqual([[], []]);
});

test('a telephone that takes no keys misses no packet for them', async () => {
  person.agree({ eventPayloadType: undefined });
  join();
  for (const sequenceNumber of [1, 2]) caller.send({ sequenceNumber });
  for (const sequenceNumber of [3, 4]) {
    caller.send({ sequenceNumber, payloadType: 101, payload: Uint8Array.of(5, 10, 0, 160) });
  }
  for (const sequenceNumber of [5, 6]) caller.send({ sequenceNumber });
  await arrived(person, 4);
  const first = person.got[0]?.sequenceNumber ?? 0;
  expect(person.got.map((one) => sequenceDistance(first, one.sequenceNumber))).toEqual([0, 1, 2, 3]);
});

test.each([
  ['PCMU', 'PCMA'],
  ['PCMA', 'PCMU'],
] as const)('%s to %s: byte by byte into the other law, at the same times', async (ours, theirs) => {
  const type = (law: G711Law): number => (law === 'PCMU' ? 0 : 8);
  caller.agree({ codec: ours, payloadType: type(ours) });
  person.agree({ codec: theirs, payloadType: type(theirs) });
  join();
  const payload = encodeG711(ours, frame(400, 0));
  caller.send({ payloadType: type(ours), payload });
  // It is free to use the law that was not agreed on, which is the person's.
  caller.send({ sequenceNumber: 2, payloadType: type(theirs), payload });
  await arrived(person, 2);
  expect(bytesOf(person.got)).toEqual(
    [encodeG711(theirs, decodeG711(ours, payload)), payload].map((bytes) => Buffer.from(bytes).toString('hex')),
  );
  expect(person.got.map(({ payloadType }) => payloadType)).toEqual([type(theirs), type(theirs)]);
});

test.each(suites)(
  '%s on one side only: opened and sealed at the edges, around the end of the numbers',
  async (suite) => {
    const keys: Encryption = {
      suite,
      ours: { key: new Uint8Array(16).fill(1), salt: new Uint8Array(14).fill(2) },
      theirs: { key: new Uint8Array(16).fill(3), salt: new Uint8Array(14).fill(4) },
    };
    person.agree({ encryption: keys });
    join();
    const [sealed, opened] = [new SrtpSender(suite, keys.theirs), new SrtpReceiver(suite, keys.ours)];
    const sent: string[] = [];
    for (let batch = 0; batch < 3; batch += 1) {
      for (let n = 0; n < 20; n += 1) tick();
      // In pairs that overtake each other.
      for (let n = 0; n < 50; n += 1) {
        const at = batch * 50 + (n < 2 ? n : n ^ 1);
        const payload = Uint8Array.from({ length: 160 }, (_, index) => (index * 7 + at) & 0xff);
        caller.send({ sequenceNumber: (65_500 + at) & 0xffff, payload });
        sent.push(Buffer.from(payload).toString('hex'));
      }
      await vi.waitFor(() => expect(person.raw).toHaveLength(50 * (batch + 1)));
    }
    const got = person.raw.map((bytes) => parseRtp(opened.rtp(bytes) ?? Buffer.alloc(0)));
    expect(got.filter((packet) => packet === undefined)).toEqual([]);
    expect(bytesOf(got.filter((packet) => packet !== undefined))).toEqual(sent);
    const payload = Uint8Array.of(1, 2, 3, 4);
    person.sendBytes(
      sealed.rtp(serializeRtp({ payloadType: 0, marker: false, sequenceNumber: 5, timestamp: 1, ssrc: 3, payload })),
    );
    await arrived(caller, 1);
    expect(bytesOf(caller.got)).toEqual(['01020304']);
  },
);

/** The caller says, and perhaps the person too, 20 ms at a time; all of it has gone its way after each. */
async function talk(frames: number, callers: (n: number) => Partial<RtpPacket>): Promise<void> {
  for (let n = 0; n < frames; n += 1) {
    const before = [caller, person].map(({ leg }) => leg.quality.packetsReceived);
    caller.send(callers(n));
    person.send({ sequenceNumber: personsNext, ssrc: 8 });
    personsNext += 1;
    await vi.waitFor(
      () =>
        expect([caller, person].map(({ leg }) => leg.quality.packetsReceived)).toEqual(
          before.map((count) => count + 1),
        ),
      { interval: 1 },
    );
    tick();
  }
}
let personsNext = 1;

/** The last packets that came are the caller's, byte for byte, from the given one on. */
const lastWere = (side: Side, from: number, count: number): Promise<void> =>
  vi.waitFor(() =>
    expect(bytesOf(side.got.slice(-count))).toEqual(
      Array.from({ length: count }, (_, n) => Buffer.from(encodeG711('PCMU', frame(400, from + n))).toString('hex')),
    ),
  );

/** To the other side it is one and the same stream, whoever speaks in it. */
function expectOneStream({ got }: Side): void {
  const numbers = got.map(({ sequenceNumber }) => sequenceNumber);
  expect(numbers.slice(1).every((one, n) => sequenceDistance(numbers[n] ?? 0, one) === 1)).toBe(true);
  expect(new Set(got.map(({ ssrc }) => ssrc)).size).toBe(1);
}

const levels = (packets: readonly RtpPacket[]): number[] =>
  packets.map(({ payload }) => levelOf(decodeG711('PCMU', payload)));

test('the caller’s codec changes in mid-call to Opus and back: the two hear each other all the time', async () => {
  join();
  await talk(10, (n) => ({ sequenceNumber: n }));
  await Promise.all([arrived(person, 10), arrived(caller, 10)]);

  caller.agree({ codec: 'opus', payloadType: 111 });
  const encoder = new OpusEncoder();
  const speech = toFrames(
    Int16Array.from({ length: 40 * 320 }, (_, n) => 8_000 * Math.sin((2 * Math.PI * 400 * n) / 16_000)),
  );
  await talk(30, (n) => ({
    payloadType: 111,
    sequenceNumber: 10 + n,
    timestamp: 1_600 + 960 * n,
    payload: encoder.encode(speech[n] ?? new Int16Array(320)),
  }));
  await vi.waitFor(() => expect(Math.min(person.got.length, caller.got.length)).toBeGreaterThanOrEqual(37));
  const [toPerson, toCaller] = [person.got.slice(10), caller.got.slice(10)];
  expect(Math.min(...levels(toPerson))).toBeGreaterThan(1_000);
  expect(new Set(toCaller.map(({ payloadType }) => payloadType))).toEqual(new Set([111]));
  const decoder = new OpusDecoder();
  const opusLevels = toCaller.map(({ payload }) => levelOf(decoder.decode(payload)));
  expect(Math.min(...opusLevels.slice(1))).toBeGreaterThan(1_000);
  // Where packets became samples the first of them waits for its clock: no longer than this.
  for (const [packets, ticksInMs] of [
    [person.got, 8],
    [toCaller, 48],
  ] as const) {
    const stepsMs = packets
      .slice(1)
      .map((one, n) => ((one.timestamp - (packets[n]?.timestamp ?? 0)) >>> 0) / ticksInMs);
    expect(Math.max(...stepsMs)).toBeLessThanOrEqual(80);
    expect(Math.min(...stepsMs)).toBeGreaterThanOrEqual(20);
  }

  caller.agree();
  await talk(10, (n) => ({ sequenceNumber: 40 + n, timestamp: 160 * (40 + n) }));
  await lastWere(person, 40, 10);
  const stepsMs = person.got.slice(1).map((one, n) => ((one.timestamp - (person.got[n]?.timestamp ?? 0)) >>> 0) / 8);
  expect(Math.min(...stepsMs)).toBeGreaterThan(0);
  for (const side of [caller, person]) expectOneStream(side);
});

test('on hold nothing is relayed, the person’s line is kept open with silence, and then they hear each other again', async () => {
  join();
  await talk(5, (n) => ({ sequenceNumber: n }));
  await arrived(person, 5);
  caller.agree({ direction: 'recvonly' });
  caller.got.length = 0;
  await talk(10, (n) => ({ sequenceNumber: 5 + n }));
  expect(caller.got).toHaveLength(0);
  await vi.waitFor(() => expect(person.got.length).toBeGreaterThanOrEqual(12));
  caller.agree();
  await talk(5, (n) => ({ sequenceNumber: 15 + n }));
  await lastWere(person, 15, 5);
  await arrived(caller, 5);
});

test('when the person has gone the caller is listened to again, and hears us in the same stream', async () => {
  join();
  await talk(10, (n) => ({ sequenceNumber: n }));
  part();
  // What others heard is not filled up; but from now on the listener's clock goes on without packets.
  tick();
  expect(caller.heardSamples).toBe(0);
  for (let n = 0; n < 9; n += 1) tick();
  const filled = caller.heardSamples;
  expect([filled > 5 * 320, filled <= 10 * 320]).toEqual([true, true]);
  await talk(10, (n) => ({ sequenceNumber: 10 + n }));
  expect(caller.heardSamples - filled).toBe(10 * 320);
  const ours = Int16Array.from({ length: 320 }, (_, n) => 8_000 * Math.sin(n / 6));
  for (let n = 0; n < 3; n += 1) caller.leg.play(ours);
  await vi.waitFor(() => expect(levels(caller.got.slice(-3)).every((level) => level > 1_000)).toBe(true));
  expectOneStream(caller);
});

test('reports go out and count what was relayed', async () => {
  const reports = createSocket('udp4');
  const port = person.phone.address().port;
  await new Promise<void>((resolve) => void reports.bind(port + 1, '127.0.0.1', resolve));
  join();
  await talk(4, (n) => ({ sequenceNumber: n }));
  const report = once(reports, 'message');
  for (let n = 0; n < 250; n += 1) tick();
  const [ours] = parseRtcp(Uint8Array.from((await report)[0] as Buffer));
  expect(ours).toMatchObject({ sender: { packets: 4, bytes: 640 }, blocks: [{ ssrc: 8, lostPackets: 0 }] });
  reports.close();
});

test('who floods us does not flood the other side', async () => {
  join();
  for (let sequenceNumber = 0; sequenceNumber < 200; sequenceNumber += 1) caller.send({ sequenceNumber });
  await vi.waitFor(() => expect(caller.leg.quality.packetsReceived).toBeGreaterThan(150));
  tick();
  caller.send({ sequenceNumber: 200 });
  await vi.waitFor(() => expect(person.got.length).toBeGreaterThan(50));
  expect(person.got.length).toBeLessThanOrEqual(50 + 4);
});

test('digital silence that is relayed is told of as any other', async () => {
  join();
  const still = encodeG711('PCMU', new Int16Array(160));
  await talk(2, (n) => ({ sequenceNumber: n }));
  nowMs += 12_000;
  await talk(2, (n) => ({ sequenceNumber: 2 + n, payload: still }));
  expect(caller.leg.quality.soundlessMs).toBeGreaterThanOrEqual(12_000);
});
