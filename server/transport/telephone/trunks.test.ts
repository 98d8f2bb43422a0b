import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Trunk } from './auth/trunk.ts';
import { headerOf, type SipRequest } from './message/sip-message.ts';
import { TestTrunk } from './testing/test-trunk.ts';
import { TransactionLayer } from './transaction/transaction-layer.ts';
import type { Flow } from './transport/flow.ts';
import { Trunks, type TrunkHealth } from './trunks.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const carrier: Trunk = {
  name: 'carrier',
  addresses: [],
  address: { host: 'carrier.example', port: undefined, transport: undefined },
  account: { username: 'parley', password: 'secret of the trunk' },
  register: true,
};

/** What watches one trunk, which is reached by one or more ways. */
function watching(trunk: Partial<Trunk>, peers: readonly TestTrunk[] = [new TestTrunk()]) {
  const nothing = (): void => undefined;
  const after = (delayMs: number, work: () => void): (() => void) => {
    const timer = setTimeout(work, delayMs);
    return () => clearTimeout(timer);
  };
  const transactions = new TransactionLayer(after, { invite: nothing, request: nothing, ack: nothing });
  for (const peer of peers) peer.stack = transactions;
  const changes: [TrunkHealth, number | undefined][] = [];
  let ids = 0;
  let gone = false;
  const flowOf = ({ flow }: TestTrunk): Flow => ({ ...flow, gone: () => gone });
  const trunks = new Trunks({
    trunks: [{ ...carrier, ...trunk }],
    network: { waysTo: () => Promise.resolve(peers.map((peer) => () => Promise.resolve(flowOf(peer)))) },
    transactions,
    local: () => ({ address: '192.0.2.1', port: 5_060 }),
    after,
    random: () => 1,
    newId: () => `id${(ids += 1)}`,
    onHealth: (health, status) => changes.push([health, status]),
  });
  const [peer = new TestTrunk()] = peers;
  const step = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
  return { peer, trunks, changes, step, transactions, close: () => (gone = true) };
}

const registerOnly = { keepAlive: false } as const;
const keepAliveOnly = { register: false } as const;
const registers = (peer: TestTrunk): SipRequest[] => peer.requests.filter(({ method }) => method === 'REGISTER');

describe('a registration', () => {
  test('answers the challenge, holds, and is renewed before it ends', async () => {
    const { peer, trunks, step, changes } = watching(registerOnly);
    await step();
    const first = peer.got('REGISTER');
    expect([first.uri, headerOf(first, 'to'), headerOf(first, 'contact'), headerOf(first, 'expires')]).toEqual([
      'sip:carrier.example',
      '<sip:parley@carrier.example>',
      '<sip:parley@192.0.2.1:5060>',
      '600',
    ]);
    peer.answer(401, { headers: ['WWW-Authenticate: Digest realm="carrier", nonce="n", qop="auth"'] }, first);
    await step();
    expect(headerOf(peer.got('REGISTER'), 'authorization')).toContain('username="parley"');
    expect(trunks.health).toEqual([{ name: 'carrier', state: 'unknown', registered: false }]);
    const granted = ['Contact: <sip:other@192.0.2.9>;expires=50, <sip:parley@192.0.2.1:5060>;expires=300'];
    peer.answer(200, { headers: granted }, peer.got('REGISTER'));
    await step();
    expect(changes).toEqual([[{ name: 'carrier', state: 'unknown', registered: true }, undefined]]);
    await step(239_999);
    expect(registers(peer)).toHaveLength(2);
    await step(1);
    expect(registers(peer)).toHaveLength(3);
    const ids = new Set(registers(peer).map((one) => headerOf(one, 'call-id')));
    expect([ids.size, headerOf(peer.got('REGISTER'), 'cseq')]).toEqual([1, '3 REGISTER']);
  });

  test('an interval too brief for the registrar is raised', async () => {
    const { peer, step } = watching(registerOnly);
    await step();
    peer.answer(423, { headers: ['Min-Expires: 1800'] }, peer.got('REGISTER'));
    await step();
    expect(headerOf(peer.got('REGISTER'), 'expires')).toBe('1800');
  });

  test('a refusal is told once, and tried again later and later', async () => {
    const { peer, step, changes } = watching(registerOnly);
    await step();
    peer.answer(403, {}, peer.got('REGISTER'));
    await step(30_000);
    peer.answer(403, {}, peer.got('REGISTER'));
    await step(59_000);
    expect(registers(peer)).toHaveLength(2);
    await step(1_000);
    peer.answer(503, { headers: ['Retry-After: 300'] }, peer.got('REGISTER'));
    await step(300_000);
    expect(registers(peer)).toHaveLength(4);
    expect(changes).toEqual([[{ name: 'carrier', state: 'unknown', registered: false }, 403]]);
  });

  test('another server is asked when the first is out of service', async () => {
    const second = new TestTrunk('198.51.100.8');
    const { peer, trunks, step } = watching(registerOnly, [new TestTrunk(), second]);
    await step();
    peer.answer(503, {}, peer.got('REGISTER'));
    await step();
    second.answer(200, { headers: [] }, second.got('REGISTER'));
    await step();
    expect(trunks.health).toMatchObject([{ registered: true }]);
  });

  test('a connection that is gone is registered anew by another', async () => {
    const { peer, step, close } = watching({});
    await step();
    peer.answer(200, {}, peer.got('REGISTER'));
    await step();
    close();
    peer.answer(200, {}, peer.got('OPTIONS'));
    await step();
    expect(registers(peer)).toHaveLength(2);
  });

  test('is taken back when the telephone closes, and nothing is left', async () => {
    const { peer, trunks, step, transactions } = watching({});
    await step();
    peer.answer(200, {}, peer.got('OPTIONS'));
    peer.answer(200, {}, peer.got('REGISTER'));
    await step();
    const closed = trunks.close();
    await step();
    expect(headerOf(peer.got('REGISTER'), 'expires')).toBe('0');
    peer.answer(200, {}, peer.got('REGISTER'));
    await closed;
    await step(32_000);
    expect([transactions.size, vi.getTimerCount()]).toEqual([0, 0]);
  });
});

describe('the keep-alive', () => {
  test.each([200, 404, 405])('a trunk that answers %i is up; one that falls silent is down', async (status) => {
    const { peer, trunks, step, changes } = watching(keepAliveOnly);
    await step();
    expect([peer.got('OPTIONS').uri, trunks.health]).toEqual([
      'sip:carrier.example',
      [{ name: 'carrier', state: 'unknown' }],
    ]);
    peer.answer(status, {}, peer.got('OPTIONS'));
    await step();
    expect(trunks.health).toEqual([{ name: 'carrier', state: 'up' }]);
    await step(29_000 + 32_000);
    expect(changes.map(([{ state }]) => state)).toEqual(['up', 'down']);
  });

  test('503 from every server is down', async () => {
    const { peer, trunks, step } = watching(keepAliveOnly);
    await step();
    peer.answer(503, {}, peer.got('OPTIONS'));
    await step();
    expect(trunks.health).toEqual([{ name: 'carrier', state: 'down' }]);
  });
});
