import { expect, test } from 'vitest';
import type { DeliveryList } from '../../contract/delivery.ts';
import type { Layout } from '../call/layout.ts';
import { fetchDeliveries, formatDeliveries } from './deliveries.ts';

const id = '0193a5c1-6f0e-7a31-9c55-0a1b2c3d4e5f';
const atMs = Date.UTC(2026, 10, 24, 17);
const layout: Layout = { paint: (tone, text) => `<${tone}>${text}`, width: 100, timeZone: 'UTC' };
const list: DeliveryList = {
  deliveries: [
    {
      id,
      callId: id,
      destination: 'hubspot',
      type: 'call.completed',
      status: 'dead',
      attempts: 1,
      eventAtMs: atMs,
      createdAtMs: atMs,
      deliveredAtMs: null,
      lastStatus: 400,
      lastError: 'Property "foo"\u001b[31m does not exist',
    },
  ],
  destinations: [
    {
      destination: 'hubspot',
      failures: 5,
      waitUntilMs: atMs + 60_000,
      queued: 2,
      retrying: 0,
      dead: 1,
      lag: { count: 10, p50Ms: 900, p95Ms: 65_000, maxMs: 70_000 },
    },
  ],
};

test('destinations say how they are doing, failures say why', () => {
  expect(formatDeliveries(list, layout, atMs).split('\n')).toEqual([
    '<bold>hubspot  <yellow>left alone for 1 min 00 s, after 5 failures  2 queued, 0 retrying, <red>1 dead  lag p50 1 s, p95 1 min 05 s of 10',
    '',
    `${id}  2026-11-24 17:00:00  hubspot  call.completed  <red>dead  1 attempt  call ${id}`,
    '  <dim>Property "foo"[31m does not exist',
    '',
  ]);
});

test('one of an appointment that no call booked names the appointment', () => {
  const [delivery] = list.deliveries;
  if (delivery === undefined) throw new Error('There is no delivery.');
  const deliveries = [{ ...delivery, callId: null, appointmentId: id, lastError: null }];
  expect(formatDeliveries({ deliveries, destinations: [] }, layout, atMs)).toMatch(`1 attempt  appointment ${id}\n`);
});

test('a state that there is not is named', async () => {
  const source = { controlUrl: 'http://127.0.0.1:1', staffKey: 'unused', business: 'ridgeline-roofing' };
  await expect(fetchDeliveries(source, { status: 'lost' })).rejects.toThrow('queued, delivered, retrying, dead');
});
