import { afterEach, expect, test, vi } from 'vitest';
import { Pacer } from '../../server/agent/speak/pacer.ts';
import { PortPool } from '../../server/transport/telephone/rtp/port-range.ts';
import { RtpLeg } from '../../server/transport/telephone/rtp/rtp-leg.ts';
import { badNetwork, goodNetwork, Impairment, type NetworkQuality } from './impairment.ts';
import { Relay } from './relay.ts';

const ports = new PortPool({ from: 46_000, to: 47_999 });
const keys = '0123456789*#ABCD';
const sound = Int16Array.from({ length: 320 }, (_, n) => 6_000 * Math.sin(n / 5));
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).toReversed()) close();
});

interface End {
  readonly leg: RtpLeg;
  readonly keys: string[];
  heard: number;
}

async function openEnd(): Promise<End> {
  const end = { keys: [] as string[], heard: 0 };
  const leg = await RtpLeg.open({
    host: '127.0.0.1',
    ports,
    now: Date.now,
    onFault: (error) => expect.unreachable(String(error)),
    listener: { audio: () => void (end.heard += 1), keyPressed: (key) => end.keys.push(key) },
  });
  if (!leg) throw new Error('No RTP port is free.');
  closers.push(() => leg.close());
  return Object.assign(end, { leg });
}

/** A telephone and a node, a network between them, and packets both ways. */
async function openLine(quality: NetworkQuality, seed: number) {
  const [phone, node] = [await openEnd(), await openEnd()];
  const relay = await Relay.open({ quality, seed, phonePort: phone.leg.port, nodePort: node.leg.port });
  closers.push(() => relay.close());
  const agree = (leg: RtpLeg, port: number): void =>
    leg.agree({
      codec: 'PCMU',
      payloadType: 0,
      eventPayloadType: 101,
      remote: { address: '127.0.0.1', port },
      direction: 'sendrecv',
    });
  agree(phone.leg, relay.portForPhone);
  agree(node.leg, relay.portForNode);
  const pacer = new Pacer(20, () => performance.now());
  for (const { leg } of [phone, node]) closers.push(pacer.add(() => leg.play(sound), String));
  return { phone, node, relay };
}

test('the bad network loses and delays as it says', () => {
  const network = new Impairment(badNetwork, 1);
  const delays = Array.from({ length: 20_000 }, () => network.next());
  const came = delays.filter((delay) => delay !== undefined);
  expect(came.length / delays.length).toBeCloseTo(0.95, 2);
  expect([Math.min(...came), Math.max(...came)].map(Math.round)).toEqual([30, 90]);
});

test('with 5 % loss and 30 ms of jitter every key comes once, in order', async () => {
  const lines = await Promise.all([1, 2, 3, 4, 5].map((seed) => openLine(badNetwork, 10 * seed)));
  for (const { phone } of lines) expect(phone.leg.sendKeys(keys)).toBe(true);
  await vi.waitFor(() => expect(lines.map(({ node }) => node.keys.join(''))).toEqual(Array(5).fill(keys)), {
    timeout: 20_000,
    interval: 100,
  });
  const quality = lines.map(({ node }) => node.leg.quality);
  const lost = quality.reduce((sum, { packetsLost }) => sum + packetsLost, 0);
  const received = quality.reduce((sum, { packetsReceived }) => sum + packetsReceived, 0);
  expect(lost / (lost + received)).toBeGreaterThan(0.02);
  // A key that came twice would still be on its way.
  await vi.waitFor(() => expect(lines.every(({ node, phone }) => node.heard > 180 && phone.heard > 180)).toBe(true), {
    timeout: 20_000,
  });
  expect(lines.map(({ node }) => node.keys.join(''))).toEqual(Array(5).fill(keys));
});

test('a telephone whose address changes in mid-call is heard and spoken to again', async () => {
  const { phone, node, relay } = await openLine(goodNetwork, 3);
  await vi.waitFor(() => expect(Math.min(phone.heard, node.heard)).toBeGreaterThan(20), { timeout: 10_000 });
  await relay.move('127.0.0.2');
  const before = { phone: phone.leg.quality.packetsReceived, node: node.leg.quality.packetsReceived };
  await vi.waitFor(
    () => {
      expect(node.leg.quality.packetsReceived).toBeGreaterThan(before.node + 20);
      expect(phone.leg.quality.packetsReceived).toBeGreaterThan(before.phone + 20);
    },
    { timeout: 10_000 },
  );
});
