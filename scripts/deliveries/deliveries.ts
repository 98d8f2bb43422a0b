import { DateTime } from 'luxon';
import * as v from 'valibot';
import { Delivery } from '../../contract/call-record.ts';
import { DeliveryDetail, DeliveryList, type DestinationHealth, type ListedDelivery } from '../../contract/delivery.ts';
import { Uuid } from '../../contract/primitives.ts';
import { formatDuration, type Layout, printable } from '../call/layout.ts';
import { askStaff, type RecordSource } from '../call/records.ts';
import { SetUpError } from '../setup/set-up-error.mjs';

export interface DeliveryQuery {
  readonly status?: string | undefined;
  readonly destination?: string | undefined;
}

/** The newest deliveries, and how their destinations are doing. */
export async function fetchDeliveries(
  source: RecordSource,
  { status, destination }: DeliveryQuery,
): Promise<DeliveryList> {
  const states = Delivery.entries.status.options;
  if (status !== undefined && !states.some((known) => known === status))
    throw new SetUpError(`There is no state "${status}". A delivery is ${states.join(', ')}.`);
  const query = new URLSearchParams({ limit: '500' });
  if (status !== undefined) query.set('status', status);
  if (destination !== undefined) query.set('destination', destination);
  const body = await askStaff(source, `deliveries?${query.toString()}`);
  if (body === undefined)
    throw new SetUpError(`There is no business ${source.business}. Name another with --business.`);
  return v.parse(DeliveryList, body);
}

export async function fetchDelivery(source: RecordSource, id: string): Promise<DeliveryDetail> {
  return v.parse(DeliveryDetail, await known(source, id, async () => askStaff(source, `deliveries/${id}`)));
}

/** Sends it again. It is under way when this resolves, not there yet. */
export async function replayDelivery(source: RecordSource, id: string): Promise<Delivery> {
  return v.parse(Delivery, await known(source, id, async () => askStaff(source, `deliveries/${id}/replay`, {})));
}

async function known(source: RecordSource, id: string, ask: () => Promise<unknown>): Promise<unknown> {
  const body = v.is(Uuid, id) ? await ask() : undefined;
  if (body === undefined)
    throw new SetUpError(`${source.business} has no delivery "${id}". npm run deliveries -- list shows them.`);
  return body;
}

/** Destinations first, then one delivery a line, with the reason of those that failed below. */
export function formatDeliveries({ deliveries, destinations }: DeliveryList, layout: Layout, nowMs: number): string {
  const lines = [
    ...destinations.map((destination) => destinationLine(destination, layout, nowMs)),
    ...(deliveries.length === 0 ? [] : ['']),
    ...deliveries.flatMap((delivery) => deliveryLines(delivery, layout)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function destinationLine(
  { destination, failures, waitUntilMs, queued, retrying, dead, lag }: DestinationHealth,
  { paint }: Layout,
  nowMs: number,
): string {
  const state =
    waitUntilMs === null
      ? paint('green', 'open')
      : paint('yellow', `left alone for ${formatDuration(waitUntilMs - nowMs)}, after ${failures} failures`);
  const written =
    lag === null
      ? 'nothing written yet'
      : `lag p50 ${formatDuration(lag.p50Ms)}, p95 ${formatDuration(lag.p95Ms)} of ${lag.count}`;
  const counts = `${queued} queued, ${retrying} retrying, ${dead > 0 ? paint('red', `${dead} dead`) : '0 dead'}`;
  return `${paint('bold', destination)}  ${state}  ${counts}  ${written}`;
}

const tones = { queued: 'cyan', retrying: 'yellow', delivered: 'green', dead: 'red' } as const;

function deliveryLines(delivery: ListedDelivery, { paint, timeZone }: Layout): string[] {
  const { id, callId, appointmentId, destination, type, status, attempts, createdAtMs, lastError } = delivery;
  const at = DateTime.fromMillis(createdAtMs, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm:ss');
  const tried = attempts === 1 ? '1 attempt' : `${attempts} attempts`;
  const of = callId === null ? `appointment ${appointmentId}` : `call ${callId}`;
  const line = `${id}  ${at}  ${destination}  ${type}  ${paint(tones[status], status)}  ${tried}  ${of}`;
  return lastError === null ? [line] : [line, `  ${paint('dim', printable(lastError))}`];
}

/** Everything of one delivery. */
export function formatDelivery(delivery: DeliveryDetail, layout: Layout): string {
  return `${deliveryLines(delivery, layout).join('\n')}\n${JSON.stringify(delivery.message, null, 2)}\n`;
}
