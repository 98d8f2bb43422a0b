import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { NodeReport } from '../../contract/fleet.ts';
import type { Business } from '../business/business.ts';
import { asNode, asStaff, callRecord, mondayMs, openSession, request, setUpBusiness } from '../test/control-plane.ts';
import { callStart, inOrder, postEvents, said } from '../test/events.ts';
import type { Fleet } from './fleet.ts';

const playbook = 'a'.repeat(64);

const report = (name: string, change: Partial<NodeReport> = {}): NodeReport => ({
  name,
  run: '0193a5c1-6f0e-7a31-9c55-0a1b2c3d4e5f',
  version: '0.1.0',
  signalingUrl: `wss://${name}.test/v1/signaling`,
  capacity: 10,
  activeCalls: 0,
  state: 'up',
  playbooks: [],
  businesses: [],
  ...change,
});

/** A fleet of its own for a test, whose clock stands still. */
async function setUpFleet() {
  const fleet = env.FLEET.getByName(crypto.randomUUID());
  const lost: string[] = [];
  let refusing = false;
  const setClock = (nowMs: number): Promise<void> =>
    runInDurableObject(fleet, (instance: Fleet) => {
      instance.now = () => nowMs;
      instance.tellLoss = async (business, node) => {
        if (refusing) throw new Error('away');
        lost.push(`${node} ${business}`);
      };
    });
  await setClock(mondayMs);
  const alarmAt = async (nowMs: number): Promise<boolean> => {
    await setClock(nowMs);
    return runDurableObjectAlarm(fleet);
  };
  const states = async (): Promise<string[]> => (await fleet.list()).nodes.map(({ name, state }) => `${name} ${state}`);
  return { fleet, lost, setClock, alarmAt, states, refuse: (refuses: boolean) => void (refusing = refuses) };
}

describe('the fleet', () => {
  it('places nothing before a node has reported, then on the one with the least to do', async () => {
    const { fleet } = await setUpFleet();
    const wanted = { business: 'summit', playbook };
    expect(await fleet.place(wanted)).toBeNull();
    expect(await fleet.report(report('a', { activeCalls: 2, sipUri: 'sip:192.0.2.7:5060' }))).toEqual({
      nextInMs: 3_000,
      drain: false,
    });
    expect(await fleet.place(wanted)).toEqual({
      name: 'a',
      signalingUrl: 'wss://a.test/v1/signaling',
      sipUri: 'sip:192.0.2.7:5060',
      full: false,
    });
    await fleet.report(report('b'));
    const names: (string | undefined)[] = [];
    for (let n = 0; n < 6; n += 1) names.push((await fleet.place(wanted))?.name);
    // One is on its way to "a" already; "b" catches up, then they take turns.
    expect(names).toEqual(['b', 'b', 'b', 'a', 'b', 'a']);
  });

  it('does not give a call to the node that has just failed it', async () => {
    const { fleet } = await setUpFleet();
    await fleet.report(report('a'));
    expect(await fleet.place({ business: 'summit', playbook, avoid: 'a' })).toBeNull();
    await fleet.report(report('b', { activeCalls: 9 }));
    expect((await fleet.place({ business: 'summit', playbook, avoid: 'a' }))?.name).toBe('b');
  });

  it('says so when every node is full', async () => {
    const { fleet } = await setUpFleet();
    await fleet.report(report('a', { activeCalls: 10 }));
    expect(await fleet.place({ business: 'summit', playbook })).toMatchObject({ name: 'a', full: true });
  });

  it('knows a node silent for 10 s as dead, and has its calls closed', async () => {
    const { fleet, lost, setClock, alarmAt, states } = await setUpFleet();
    await fleet.report(report('a', { businesses: ['summit'] }));
    await fleet.report(report('b', { businesses: ['ridge'] }));
    await fleet.place({ business: 'valley', playbook });
    await setClock(mondayMs + 3_000);
    await fleet.report(report('b', { businesses: ['ridge'] }));
    expect(await alarmAt(mondayMs + 9_999)).toBe(true);
    expect(await states()).toEqual(['a up', 'b up']);
    expect(await alarmAt(mondayMs + 10_000)).toBe(true);
    expect(await states()).toEqual(['a dead', 'b up']);
    expect(lost.toSorted()).toEqual(['a summit', 'a valley']);
    expect((await fleet.place({ business: 'summit', playbook }))?.name).toBe('b');
    await setClock(mondayMs + 11_000);
    await fleet.report(report('a'));
    expect(await states()).toEqual(['a up', 'b up']);
  });

  it('tells a business again that could not be told', async () => {
    const { fleet, lost, alarmAt, refuse } = await setUpFleet();
    await fleet.report(report('a', { businesses: ['summit'] }));
    refuse(true);
    await alarmAt(mondayMs + 10_000);
    expect(lost).toEqual([]);
    refuse(false);
    expect(await alarmAt(mondayMs + 15_000)).toBe(true);
    expect(lost).toEqual(['a summit']);
    expect(await alarmAt(mondayMs + 20_000)).toBe(false);
  });

  it('does not take its own absence for the silence of nodes, once', async () => {
    const { fleet, lost, alarmAt, states } = await setUpFleet();
    await fleet.report(report('a', { businesses: ['summit'] }));
    await alarmAt(mondayMs + 600_000);
    expect(await states()).toEqual(['a up']);
    await alarmAt(mondayMs + 610_000);
    expect(await states()).toEqual(['a dead']);
    expect(lost).toEqual(['a summit']);
  });

  it('gives a draining node no calls; an order to drain lasts until it has started again', async () => {
    const { fleet, states } = await setUpFleet();
    await fleet.report(report('a'));
    expect(await fleet.drain('a')).toBe(true);
    expect(await fleet.drain('nobody')).toBe(false);
    expect(await states()).toEqual(['a draining']);
    expect(await fleet.place({ business: 'summit', playbook })).toBeNull();
    expect((await fleet.report(report('a'))).drain).toBe(true);
    expect((await fleet.report(report('a', { run: '0193a5c1-6f0e-7a31-9c55-0a1b2c3d4e60' }))).drain).toBe(false);
    await fleet.report(report('a', { state: 'draining' }));
    expect(await states()).toEqual(['a draining']);
    await fleet.report(report('a', { state: 'gone' }));
    expect(await states()).toEqual([]);
  });
});

describe('the fleet’s routes', () => {
  // Draining, so that no other test's call is placed on it.
  const mine = report('of-the-route-test', { state: 'draining' });

  it('take reports from media nodes and show them to the operator', async () => {
    const body = mine;
    expect((await request('POST', '/v1/node/fleet', { body })).status).toBe(401);
    expect((await request('GET', '/v1/fleet', { headers: asNode })).status).toBe(401);
    expect(await (await request('POST', '/v1/node/fleet', { headers: asNode, body })).json()).toMatchObject({
      drain: false,
    });
    const list = await (await request('GET', '/v1/fleet', { headers: asStaff })).json();
    expect(list).toMatchObject({ nodes: [{ name: mine.name, state: 'draining', capacity: 10, warmPlaybooks: 0 }] });
    const drain = (name: string) => request('POST', `/v1/fleet/nodes/${name}/drain`, { headers: asStaff });
    expect((await drain(mine.name)).status).toBe(202);
    expect((await drain('nobody')).status).toBe(404);
    await request('POST', '/v1/node/fleet', { headers: asNode, body: { ...mine, state: 'gone' } });
  });

  it.each([
    ['a name with a slash', { name: 'a/b' }],
    ['no WebSocket address', { signalingUrl: 'https://a.test' }],
    ['a negative number of calls', { activeCalls: -1 }],
    ['a run that is no id', { run: 'yesterday' }],
  ])('refuse a report with %s', async (_, change) => {
    const response = await request('POST', '/v1/node/fleet', { headers: asNode, body: { ...mine, ...change } });
    expect(response.status).toBe(400);
  });
});

describe('a business', () => {
  it('places its sessions where the fleet says, and on the configured nodes without one', async () => {
    const { business, stub, bundle } = await setUpBusiness();
    const asked: unknown[] = [];
    await runInDurableObject(stub, (instance: Business) => {
      instance.place = (wanted) => {
        asked.push(wanted);
        return Promise.resolve({
          name: 'west',
          signalingUrl: 'wss://west.test/v1/signaling',
          sipUri: null,
          full: true,
        });
      };
    });
    expect((await openSession(business)).signalingUrl).toBe('wss://west.test/v1/signaling');
    expect(asked).toEqual([{ business, playbook: bundle.hash, region: undefined }]);
    await runInDurableObject(stub, (instance: Business) => void (instance.place = () => Promise.resolve(null)));
    expect((await openSession(business)).signalingUrl).toBe('ws://north.test/v1/signaling');
  });

  it('closes the calls of a dead node as interrupted, and no others', async () => {
    const { business, stub, bundle } = await setUpBusiness();
    const call = async (node: string): Promise<string> => {
      const callId = crypto.randomUUID();
      await postEvents(business, callId, inOrder([{ ...callStart(bundle.hash), node }, said('hello')]));
      return callId;
    };
    const [lost, other] = [await call('north'), await call('south')];
    const { callId: unused } = await openSession(business);
    await stub.nodeLost('north');
    expect((await callRecord(business, unused)).summary.endReason).toBe('connection-lost');
    expect((await callRecord(business, lost)).summary).toMatchObject({ endReason: 'interrupted', endMs: mondayMs });
    expect((await callRecord(business, other)).summary.endReason).toBeNull();
    await postEvents(business, lost, inOrder([said('still here')], 2));
    expect((await callRecord(business, lost)).summary.endReason).toBeNull();
  });
});
