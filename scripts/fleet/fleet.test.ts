import { expect, test } from 'vitest';
import type { FleetNode } from '../../contract/fleet.ts';
import type { Layout } from '../call/layout.ts';
import { dispatcherList, formatFleet } from './fleet.ts';

const node: FleetNode = {
  name: 'north',
  version: '0.1.0',
  signalingUrl: 'wss://north.test/v1/signaling',
  sipUri: 'sip:192.0.2.7:5060',
  region: 'eu',
  capacity: 50,
  activeCalls: 12,
  state: 'up',
  heardAtMs: 10_000,
  warmPlaybooks: 1,
};
const layout: Layout = { paint: (tone, text) => `<${tone}>${text}`, width: 100, timeZone: 'UTC' };

test('a line says how a node is, how busy, and where', () => {
  expect(formatFleet({ nodes: [node] }, layout, 12_000)).toBe(
    'north             <green>up        12 of 50 calls    heard 2 s ago  0.1.0  eu wss://north.test/v1/signaling sip:192.0.2.7:5060\n',
  );
  expect(formatFleet({ nodes: [{ ...node, state: 'dead' }] }, layout, 12_000)).toContain('<red>dead');
  expect(formatFleet({ nodes: [] }, layout, 0)).toBe('No media node has reported yet.\n');
});

test('the dispatcher list has the nodes that take SIP calls, and no others', () => {
  const { sipUri: _, ...deaf } = node;
  const nodes: FleetNode[] = [node, { ...deaf, name: 'deaf' }, { ...node, name: 'old', state: 'draining' }];
  expect(dispatcherList({ nodes })).toBe('1 sip:192.0.2.7:5060 0 0 duid=north\n');
});
