import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { levelOf, sampleRateHz } from '../../../audio/frame.ts';
import { decodeG711, encodeG711 } from '../../../audio/g711.ts';
import { parseRtcp, serializeRtcp } from '../../../audio/rtcp.ts';
import { parseRtp, type RtpPacket, serializeRtp } from '../../../audio/rtp.ts';
import type { AgreedMedia } from '../sdp/answer.ts';
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
