import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { levelOf, sampleRateHz } from '../../../audio/frame.ts';
import { decodeG711, encodeG711 } from '../../../audio/g711.ts';
import { OpusEncoder } from '../../../audio/opus.ts';
import { parseRtcp, serializeRtcp } from '../../../audio/rtcp.ts';
import { parseRtp, type RtpPacket, serializeRtp } from '../../../audio/rtp.ts';
import { KeyReceiver } from '../../../audio/telephone-event.ts';
import type { AgreedMedia, Encryption } from '../sdp/answer.ts';
import { type Suite, suites } from '../srtp/protection.ts';
import { SrtpReceiver } from '../srtp/srtp-receiver.ts';
import { SrtpSender } from '../srtp/srtp-sender.ts';
import { PortPool } from './port-range.ts';
import { RtpLeg } from './rtp-leg.ts';

const tone = (hertz: number, rateHz: number, count: number): Int16Array =>
  Int16Array.from({ length: count }, (_, n) => 8_000 * Math.sin((2 * Math.PI * hertz * n) / rateHz));
const payload = encodeG711('PCMU', tone(400, 8_000, 160));

/** Test runs beside each other, and beside a node that runs here, do not meet. */
const firstPort = 43_000 + 1_000 * (process.pid % 20);

let leg: RtpLeg;
let phone: Socket;
let nowMs: number;
const heard: Int16Array[] = [];
const keys: string[] = [];
const faults: unknown[] = [];
let progress = Promise.withResolvers<void>();

async function openPhone(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

const agreed = (remote: Partial<AgreedMedia> = {}): AgreedMedia => ({
  codec: 'PCMU',
  payloadType: 0,
  eventPayloadType: 101,
  remote: { address: '127.0.0.1', port: phone.address().port },
  direction: 'sendrecv',
  ...remote,
});

beforeEach(async () => {
  nowMs = 1_800_000_000_000;
  for (const list of [heard, keys, faults]) list.length = 0;
  const moved = (): void => {
    progress.resolve();
    progress = Promise.withResolvers();
  };
  const opened = await RtpLeg.open({
    host: '127.0.0.1',
    ports: new PortPool({ from: firstPort, to: firstPort + 999 }),
    now: () => nowMs,
    onFault: (error) => faults.push(error),
    listener: {
      audio: (samples) => {
        heard.push(samples);
        moved();
      },
      keyPressed: (key) => {
        keys.push(key);
        moved();
      },
    },
  });
  if (!opened) throw new Error('No RTP port is free.');
  leg = opened;
  phone = await openPhone();
});
afterEach(() => {
  leg.close();
  phone.close();
  if (faults.length > 0) throw new Error('The leg had a fault.', { cause: faults[0] });
});

function send(packet: Partial<RtpPacket>, from = phone): void {
  const whole = { payloadType: 0, marker: false, sequenceNumber: 1, timestamp: 160, ssrc: 7, payload, ...packet };
  from.send(serializeRtp(whole), leg.port, '127.0.0.1');
}

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await progress.promise;
}

test('the caller is heard at 16,000 Hz, about as loud as they speak', async () => {
  leg.agree(agreed());
  for (let n = 0; n < 10; n += 1) send({ sequenceNumber: n, timestamp: n * 160 });
  await until(() => heard.length === 10);
  const samples = heard.slice(3).flatMap((part) => [...part]);
  expect(samples).toHaveLength(7 * 320);
  const share = levelOf(Int16Array.from(samples)) / levelOf(tone(400, sampleRateHz, 16_000));
  expect([share > 0.7, share < 1.4]).toEqual([true, true]);
  expect(leg.quality).toMatchObject({ packetsReceived: 10, packetsLost: 0 });
});

test('the agent is sent as 160 bytes every frame, to where the caller’s packets come from', async () => {
  const natted = await openPhone();
  leg.agree(agreed());
  send({}, natted);
  await until(() => heard.length === 1);
  const got: RtpPacket[] = [];
  natted.on('message', (bytes) => {
    const packet = parseRtp(bytes);
    if (packet) got.push(packet);
  });
  const frames = tone(400, sampleRateHz, 3_200);
  for (let n = 0; n < 10; n += 1) leg.play(frames.subarray(320 * n, 320 * (n + 1)));
  await vi.waitFor(() => expect(got).toHaveLength(10));
  expect(got.map((packet) => packet.payload.length)).toEqual(Array(10).fill(160));
  expect(new Set(got.map(({ ssrc }) => ssrc)).size).toBe(1);
  const [first, second] = got;
  expect([((second?.sequenceNumber ?? 0) - (first?.sequenceNumber ?? 0)) & 0xffff, first?.marker]).toEqual([1, true]);
  expect(levelOf(decodeG711('PCMU', got[5]?.payload ?? new Uint8Array()))).toBeGreaterThan(5_000);
  natted.close();
});

test('a lost packet is filled, a key press is told once, and a stranger is not heard', async () => {
  leg.agree(agreed());
  send({ sequenceNumber: 1, timestamp: 160 });
  await until(() => heard.length === 1);
  const stranger = await openPhone();
  send({ sequenceNumber: 500, ssrc: 99 }, stranger);
  send({ sequenceNumber: 3, timestamp: 480 });
  const press = (ended: boolean): Uint8Array => Uint8Array.of(5, ended ? 0x8a : 0x0a, 0, 160);
  send({ payloadType: 101, sequenceNumber: 4, timestamp: 640, payload: press(false) });
  for (const sequenceNumber of [5, 6, 7]) {
    send({ payloadType: 101, sequenceNumber, timestamp: 640, payload: press(true) });
  }
  await until(() => keys.length === 1);
  await vi.waitFor(() => expect(leg.quality.packetsReceived).toBe(6));
  expect(heard).toHaveLength(1);
  nowMs += 40;
  leg.play(new Int16Array(320));
  expect(keys).toEqual(['5']);
  // The lost one, the one after it, and four in which a key was down.
  expect(heard).toHaveLength(7);
  expect(leg.quality).toMatchObject({ packetsReceived: 6, packetsLost: 1 });
  stranger.close();
});

test('while the line sends nothing, the listener’s clock goes on', async () => {
  leg.agree(agreed());
  send({});
  await until(() => heard.length === 1);
  for (let n = 0; n < 25; n += 1) {
    nowMs += 20;
    leg.play(new Int16Array(320));
  }
  expect(heard.length).toBeGreaterThan(20);
  expect(Math.max(...heard.slice(4).map(levelOf))).toBeLessThan(24);
});

test('on hold nothing is sent, and silence is no loss', async () => {
  leg.agree(agreed({ direction: 'recvonly' }));
  const got = vi.fn<() => void>();
  phone.on('message', got);
  for (let n = 0; n < 5; n += 1) leg.play(new Int16Array(320));
  leg.agree(agreed());
  const arrived = once(phone, 'message');
  leg.play(new Int16Array(320));
  await arrived;
  expect(got).toHaveBeenCalledOnce();
  expect(leg.held).toBe(false);
});

test('after a hold the caller has as long to be heard again as at the beginning', () => {
  leg.agree(agreed());
  leg.agree(agreed({ direction: 'inactive' }));
  nowMs += 60_000;
  leg.agree(agreed({ direction: 'inactive' }));
  leg.agree(agreed());
  expect(leg.lastPacketMs).toBe(nowMs);
  const resumedMs = nowMs;
  nowMs += 5_000;
  leg.agree(agreed());
  expect(leg.lastPacketMs).toBe(resumedMs);
});

test('reports go out every five seconds, and the other side’s tell the round trip and our loss', async () => {
  const reports = createSocket('udp4');
  const even = phone.address().port;
  await new Promise<void>((resolve) => void reports.bind(even + 1, '127.0.0.1', resolve));
  leg.agree(agreed());
  send({});
  await until(() => heard.length === 1);
  const arrived = once(reports, 'message');
  for (let n = 0; n < 250; n += 1) leg.play(new Int16Array(320));
  const [ours] = parseRtcp(Uint8Array.from((await arrived)[0] as Buffer));
  expect(ours).toMatchObject({ sender: { packets: 250, bytes: 40_000 }, blocks: [{ ssrc: 7, lostPackets: 0 }] });
  const lastReport = (((ours?.sender?.ntpSeconds ?? 0) << 16) | ((ours?.sender?.ntpFraction ?? 0) >>> 16)) >>> 0;
  nowMs += 80;
  const block = { ssrc: ours?.ssrc ?? 0, lostShare: 0.25, lostPackets: 3, highestSequence: 9, jitterTicks: 0 };
  const answer = { ssrc: 7, sender: undefined, blocks: [{ ...block, lastReport, sinceLastReport: 0 }] };
  reports.send(serializeRtcp(answer, 'phone'), leg.port + 1, '127.0.0.1');
  await vi.waitFor(() => expect(leg.quality.theirLossPct).toBe(25));
  expect(leg.quality.roundTripMs).toBeCloseTo(80, 0);
  reports.close();
});

const encryption = (suite: Suite): Encryption => ({
  suite,
  ours: { key: new Uint8Array(16).fill(1), salt: new Uint8Array(14).fill(2) },
  theirs: { key: new Uint8Array(16).fill(3), salt: new Uint8Array(14).fill(4) },
});

function sendBytes(bytes: Uint8Array, from = phone): void {
  from.send(bytes, leg.port, '127.0.0.1');
}

const voicePacket = (sequenceNumber: number, payloadType = 0, body: Uint8Array = payload): Buffer =>
  serializeRtp({ payloadType, marker: false, sequenceNumber, timestamp: 160 * sequenceNumber, ssrc: 7, payload: body });

test.each(suites)(
  '%s: both ways encrypted; what is in the clear, forged or played again is not heard',
  async (suite) => {
    const keys = encryption(suite);
    leg.agree(agreed({ encryption: keys }));
    const sender = new SrtpSender(suite, keys.theirs);
    const first = sender.rtp(voicePacket(1));
    const forged = new SrtpSender(suite, keys.ours).rtp(voicePacket(2));
    for (const bytes of [voicePacket(1), forged, first, first, sender.rtp(voicePacket(2))]) sendBytes(bytes);
    await until(() => heard.length === 2);
    expect(leg.quality).toMatchObject({ packetsReceived: 2, packetsLost: 0, encrypted: true });

    const arrived = once(phone, 'message');
    leg.play(tone(400, sampleRateHz, 320));
    const [bytes] = (await arrived) as [Buffer];
    const receiver = new SrtpReceiver(suite, keys.ours);
    expect(parseRtp(receiver.rtp(bytes) ?? Buffer.alloc(0))?.payload).toHaveLength(160);
  },
);

test('a new agreement with the same keys goes on counting; with new ones it begins anew', async () => {
  const suite = suites[0];
  const keys = encryption(suite);
  leg.agree(agreed({ encryption: keys }));
  const receiver = new SrtpReceiver(suite, keys.ours);
  const packets: (RtpPacket | undefined)[] = [];
  const next = async (): Promise<void> => {
    const arrived = once(phone, 'message');
    leg.play(new Int16Array(320));
    const [bytes] = (await arrived) as [Buffer];
    packets.push(parseRtp(receiver.rtp(bytes) ?? Buffer.alloc(0)));
  };
  await next();
  leg.agree(agreed({ encryption: { ...keys, theirs: { ...keys.theirs, key: new Uint8Array(16).fill(9) } } }));
  await next();
  const [before, after] = packets;
  expect(((after?.sequenceNumber ?? 0) - (before?.sequenceNumber ?? 0)) & 0xffff).toBe(1);
  leg.agree(agreed({ encryption: { ...keys, ours: { ...keys.ours, key: new Uint8Array(16).fill(9) } } }));
  await next();
  expect(packets[2]).toBeUndefined();
});

test('Opus both ways, at its own clock; then the same call in G.711', async () => {
  leg.agree(agreed({ codec: 'opus', payloadType: 111 }));
  const encoder = new OpusEncoder();
  const speech = tone(400, sampleRateHz, 3_200);
  for (let n = 0; n < 10; n += 1) {
    const body = encoder.encode(speech.slice(320 * n, 320 * (n + 1)));
    sendBytes(
      serializeRtp({ payloadType: 111, marker: false, sequenceNumber: n, timestamp: 960 * n, ssrc: 7, payload: body }),
    );
  }
  await until(() => heard.length === 10);
  expect(new Set(heard.map((samples) => samples.length))).toEqual(new Set([320]));
  expect(levelOf(heard[8] ?? new Int16Array())).toBeGreaterThan(3_000);

  const got: RtpPacket[] = [];
  phone.on('message', (bytes) => got.push(...[parseRtp(bytes)].filter((one) => one !== undefined)));
  for (let n = 0; n < 3; n += 1) leg.play(speech.subarray(320 * n, 320 * (n + 1)));
  await vi.waitFor(() => expect(got).toHaveLength(3));
  expect(got.map(({ payloadType }) => payloadType)).toEqual([111, 111, 111]);
  expect(((got[2]?.timestamp ?? 0) - (got[1]?.timestamp ?? 0)) >>> 0).toBe(960);

  leg.agree(agreed());
  // The old codec's last packets may still come.
  sendBytes(voicePacket(10, 111, Uint8Array.of(1, 2, 3)));
  for (let n = 10; n < 13; n += 1) sendBytes(voicePacket(n));
  await until(() => heard.length === 13);
  leg.play(new Int16Array(320));
  await vi.waitFor(() => expect(got.at(-1)).toMatchObject({ payloadType: 0 }));
  expect(leg.quality).toMatchObject({ codec: 'PCMU', encrypted: false });
});

test('bytes that are no Opus, and lost packets, leave no hole', async () => {
  leg.agree(agreed({ codec: 'opus', payloadType: 111 }));
  const packet = (sequenceNumber: number, body: Uint8Array): void =>
    sendBytes(
      serializeRtp({
        payloadType: 111,
        marker: false,
        sequenceNumber,
        timestamp: 960 * sequenceNumber,
        ssrc: 7,
        payload: body,
      }),
    );
  const whole = new OpusEncoder().encode(tone(400, sampleRateHz, 320));
  const broken = [new Uint8Array(0), Uint8Array.of(255, 255, 255), Uint8Array.of(0)];
  packet(0, whole);
  broken.forEach((body, n) => packet(n + 1, body));
  packet(5, whole);
  await vi.waitFor(() => expect(leg.quality.packetsReceived).toBe(5));
  nowMs += 200;
  leg.play(new Int16Array(320));
  expect(heard.length).toBeGreaterThanOrEqual(6);
});

test('keys are pressed for the other side, and it understands each once', async () => {
  expect(leg.sendKeys('1')).toBe(false);
  leg.agree(agreed());
  expect([leg.sendKeys('12x'), leg.sendKeys('123#')]).toEqual([false, true]);
  const understood: string[] = [];
  const receiver = new KeyReceiver();
  const types: number[] = [];
  phone.on('message', (bytes) => {
    const packet = parseRtp(bytes);
    if (!packet) return;
    types.push(packet.payloadType);
    if (packet.payloadType === 101) understood.push(receiver.push(packet, 0) ?? '');
  });
  for (let n = 0; n < 45; n += 1) leg.play(new Int16Array(320));
  await vi.waitFor(() => expect(types).toHaveLength(45));
  expect(understood.join('')).toBe('123#');
  expect(types.filter((type) => type === 101)).toHaveLength(28);
  leg.agree(agreed({ eventPayloadType: undefined }));
  expect(leg.sendKeys('1')).toBe(false);
});

test('what comes before the answer, is too short, too long, or of another type, is passed over', async () => {
  send({});
  await once(phone, 'listening', { signal: AbortSignal.timeout(50) }).catch(() => undefined);
  leg.agree(agreed());
  for (const length of [0, 1, 2, 11, 2_000]) sendBytes(new Uint8Array(length).fill(0x80));
  send({ payloadType: 96 });
  send({ payloadType: 111 });
  sendBytes(Uint8Array.of(0xbf, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 7));
  send({ sequenceNumber: 40, payload: new Uint8Array(0) });
  send({ sequenceNumber: 41 });
  await until(() => heard.length === 2);
  expect(leg.quality).toMatchObject({ packetsReceived: 2, packetsLost: 0 });
});

test('digital silence is not sound, and how long it lasted is told; on hold it is excused', async () => {
  leg.agree(agreed());
  const still = encodeG711('PCMU', new Int16Array(160));
  for (let n = 0; n < 3; n += 1) {
    nowMs += 5_000;
    send({ sequenceNumber: n, timestamp: 160 * n, payload: still });
    await until(() => leg.quality.packetsReceived === n + 1 || heard.length > n);
  }
  expect(leg.quality.soundlessMs).toBe(15_000);
  send({ sequenceNumber: 3, timestamp: 480 });
  await until(() => heard.length === 4);
  leg.agree(agreed({ direction: 'recvonly' }));
  nowMs += 60_000;
  leg.play(new Int16Array(320));
  leg.agree(agreed());
  nowMs += 1_000;
  expect(leg.quality.soundlessMs).toBe(15_000);
});

test('whatever bytes come, on either port, the leg goes on', async () => {
  for (const keys of [undefined, encryption(suites[0])]) {
    leg.agree(agreed(keys ? { encryption: keys } : {}));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 0, max: 1 }), async (bytes, offset) => {
        const version = bytes.length > 0 ? Uint8Array.of(0x80 | ((bytes[0] ?? 0) & 0x3f), ...bytes.subarray(1)) : bytes;
        await new Promise((resolve) => {
          phone.send(version, leg.port + offset, '127.0.0.1', resolve);
        });
      }),
      { numRuns: 100 },
    );
  }
  leg.agree(agreed({ remote: { address: '127.0.0.2', port: 9 } }));
  heard.length = 0;
  // A description of another address opens the lock, for the phone too.
  leg.agree(agreed());
  for (let n = 0; n < 12; n += 1) send({ sequenceNumber: 100 + n, timestamp: 160 * n, ssrc: 12 });
  await until(() => heard.length > 0);
});
