import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import * as v from 'valibot';
import { BookingAnswer, SlotAnswer, type Slot } from '../../../contract/scheduling.ts';
import type { Bundle } from '../../../dialogue/playbook/bundle.ts';
import { contentHash } from '../../../dialogue/playbook/content-hash.ts';
import { compileFolder } from '../../../scripts/start/seed.ts';
import { type Product, startProduct } from '../../product/product.ts';
import { pinToCores } from '../affinity.ts';
import { percentile, type Spread, spread } from '../percentile.ts';
import { processTree, usageOf } from '../process-usage.ts';
import { ControlPlaneClient } from './control-plane-client.ts';
import { closedLoop } from './load.ts';
import { sampleCall } from './sample-call.ts';
import { measureWebhooks } from './webhooks.ts';

/** The control plane has this core to itself; the load shares the others. */
const serverCore = '0';
const businesses = 100;
/** Calls at the same time. */
const concurrentCalls = 24;
const eventsMs = 20_000;
const bookings = 200;
const service = 'roof-inspection';

export interface RecordsReport {
  readonly name: 'records';
  /** Into one business. */
  readonly eventsPerSecond: number;
  /** Into a hundred at once, together. */
  readonly eventsPerSecondOf100: number;
  readonly bookingMs: Spread;
  readonly webhookMs: Spread;
  readonly webhooksPerSecond: number;
  /** Resident memory of the control plane, before and after. */
  readonly residentMb: { readonly before: number; readonly after: number };
}

/** What the control plane takes, from the other side of its HTTP. It has one core; its storage is a real disk. */
export async function runRecords({
  progress,
}: {
  progress: (line: string) => void;
}): Promise<{ report: RecordsReport; table: string }> {
  if (cpus().length < 2)
    throw new Error('The records bench needs two cores: one for the control plane, one for those who ask it.');
  const product = await startProduct({ demo: true });
  try {
    const pids = pinControlPlane(product);
    const client = new ControlPlaneClient(product.stack);
    const bundle = await benchPlaybook();
    await client.setUp(bundle.business.id, bundle);
    const before = residentMb(pids);
    progress(`Events into one business, ${eventsMs / 1_000} s …`);
    const eventsPerSecond = await eventRate(client, bundle, () => bundle.business.id);
    progress(`Events into ${businesses} businesses, ${eventsMs / 1_000} s …`);
    for (let n = 0; n < businesses; n += 1) await client.setUp(`bench-${n}`);
    const eventsPerSecondOf100 = await eventRate(client, bundle, (nth) => `bench-${nth % businesses}`);
    progress(`${bookings} bookings …`);
    const bookingMs = await bookingTimes(client, bundle.business.id);
    progress('Webhooks …');
    const { webhookMs, webhooksPerSecond } = await measureWebhooks(client, bundle.business.id);
    const report: RecordsReport = {
      name: 'records',
      eventsPerSecond,
      eventsPerSecondOf100,
      bookingMs: spread(bookingMs),
      webhookMs: spread(webhookMs),
      webhooksPerSecond,
      residentMb: { before, after: residentMb(pids) },
    };
    return { report, table: recordsTable(report, percentile(bookingMs, 1)) };
  } finally {
    await product.stop();
  }
}

function pinControlPlane(product: Product): number[] {
  const { pid } = product.stack.controlPlane;
  if (pid === undefined) throw new Error('The control plane is down.');
  const server = processTree(pid);
  pinToCores(server, serverCore);
  const load = processTree(process.pid).filter((one) => !server.includes(one));
  pinToCores(load, `1-${cpus().length - 1}`);
  return server;
}

function residentMb(pids: readonly number[]): number {
  return Math.round(usageOf(pids).residentBytes / 1_000_000);
}

/** The sample business under another name, with room for every booking. */
async function benchPlaybook(): Promise<Bundle> {
  const demo = await compileFolder('demo/playbook');
  const services = demo.scheduling.services.map((one) => ({ ...one, capacity: 100, leadTimeMin: 0 }));
  const { staff: _, ...rules } = demo.scheduling;
  const bundle = { ...demo, business: { ...demo.business, id: 'bench' }, scheduling: { ...rules, services } };
  return { ...bundle, hash: await contentHash(bundle) };
}

/** Whole calls, so many at once, each with its batches one after the other as a media node sends them. */
async function eventRate(
  client: ControlPlaneClient,
  bundle: Bundle,
  businessOf: (nth: number) => string,
): Promise<number> {
  let events = 0;
  const startMs = performance.now();
  await closedLoop(concurrentCalls, eventsMs, async (nth) => {
    const callId = crypto.randomUUID();
    const phone = `+1303${String(1_000_000 + Math.floor(Math.random() * 8_999_999))}`;
    for (const batch of sampleCall(bundle.hash, phone, Date.now())) {
      await client.sendEvents(businessOf(nth), callId, batch);
      events += batch.length;
    }
  });
  return Math.round(events / ((performance.now() - startMs) / 1_000));
}

/** One after the other, as callers book: the times that are offered, then one of them. */
async function bookingTimes(client: ControlPlaneClient, business: string): Promise<number[]> {
  const tookMs: number[] = [];
  for (let nth = 0; nth < bookings; nth += 1) {
    const callId = crypto.randomUUID();
    const { slots } = v.parse(
      SlotAnswer,
      await client.ask('/v1/node/slots', { business, callId, service, preference: {}, count: 3 }),
    );
    const slot: Slot | undefined = slots[nth % slots.length];
    if (slot === undefined) throw new Error('No time is free any more: the bench books more than it made room for.');
    const startMs = performance.now();
    const answer = v.parse(
      BookingAnswer,
      await client.ask('/v1/node/bookings', {
        business,
        callId,
        requestId: 'book-1',
        service,
        startMs: slot.startMs,
        attendee: { name: 'Ann Miller', phone: '+13035550123' },
      }),
    );
    tookMs.push(performance.now() - startMs);
    if (answer.status !== 'booked') throw new Error(`A free time was not booked: ${answer.status}`);
  }
  return tookMs;
}

function recordsTable(report: RecordsReport, slowestBookingMs: number): string {
  const line = (label: string, value: string): string => `  ${label.padEnd(44)}${value}`;
  const ms = ({ p50, p95 }: Spread): string => `p50 ${p50} ms, p95 ${p95} ms`;
  return [
    'The control plane on one core',
    line('events a second into one business', String(report.eventsPerSecond)),
    line('events a second into 100 businesses', String(report.eventsPerSecondOf100)),
    line('a booking', `${ms(report.bookingMs)}, slowest ${slowestBookingMs.toFixed(1)} ms`),
    line('a webhook, at 200 a second', ms(report.webhookMs)),
    line('webhooks a second, at most', String(report.webhooksPerSecond)),
    line('resident memory', `${report.residentMb.before} MB, then ${report.residentMb.after} MB`),
  ].join('\n');
}
