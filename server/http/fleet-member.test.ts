import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { NodeOrders, NodeReport } from '../../contract/fleet.ts';
import { createLog } from '../observe/log.ts';
import { FleetMember } from './fleet-member.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const reports: NodeReport[] = [];
  const lines: string[] = [];
  let orders: NodeOrders | undefined = { nextInMs: 2_000, drain: false };
  let drains = 0;
  const member = new FleetMember({
    controlPlane: {
      report: (report) => {
        reports.push(report);
        return orders ? Promise.resolve(orders) : Promise.reject(new Error('away'));
      },
    },
    describe: () => ({
      name: 'north',
      run: '0193a5c1-6f0e-7a31-9c55-0a1b2c3d4e5f',
      version: '0.1.0',
      signalingUrl: 'ws://north.test/v1/signaling',
      capacity: 50,
      activeCalls: reports.length,
      playbooks: [],
      businesses: [],
    }),
    onDrain: () => void (drains += 1),
    log: createLog({ write: (line) => void lines.push(line), now: () => 0 }),
  });
  const order = (next: NodeOrders | undefined): void => void (orders = next);
  return { member, reports, lines, order, drains: () => drains };
}

test('it reports at once and then as often as it is told, with what is new', async () => {
  const { member, reports } = setUp();
  member.start();
  await vi.advanceTimersByTimeAsync(4_100);
  expect(reports.map(({ state, activeCalls }) => `${state} ${activeCalls}`)).toEqual(['up 0', 'up 1', 'up 2']);
});

test('a control plane that is away is asked again, soon at first, and logged once', async () => {
  const { member, reports, lines, order } = setUp();
  order(undefined);
  member.start();
  await vi.advanceTimersByTimeAsync(800);
  expect(reports).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(9_200);
  expect(reports).toHaveLength(7);
  expect(lines).toHaveLength(1);
  expect(member.heard).toBe(false);
  order({ nextInMs: 2_000, drain: false });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(lines.at(-1)).toContain('hears this node again');
  expect(member.heard).toBe(true);
});

test('an order to drain is carried out once; then it says that it drains, and that it is gone', async () => {
  const { member, reports, order, drains } = setUp();
  order({ nextInMs: 2_000, drain: true });
  member.start();
  await vi.advanceTimersByTimeAsync(4_100);
  expect(drains()).toBe(1);
  await member.drain();
  await member.leave();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(reports.slice(-2).map(({ state }) => state)).toEqual(['draining', 'gone']);
});
