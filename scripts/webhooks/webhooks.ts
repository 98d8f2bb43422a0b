import { DateTime } from 'luxon';
import * as v from 'valibot';
import { Uuid } from '../../contract/primitives.ts';
import {
  WebhookDelivery,
  WebhookDeliveryList,
  WebhookEndpoint,
  WebhookEndpointList,
  WebhookEndpointSecret,
} from '../../contract/webhook-endpoint.ts';
import { askBusiness } from '../call/ask-business.ts';
import { formatDuration, type Layout, printable } from '../call/layout.ts';
import type { RecordSource } from '../call/records.ts';
import { SetUpError } from '../setup/set-up-error.mjs';

const path = 'webhook-endpoints';

/** What can be said of an endpoint. The control plane checks it. */
export interface EndpointDraft {
  readonly url?: string | undefined;
  readonly events?: readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly enabled?: boolean;
}

export async function fetchEndpoints(source: RecordSource): Promise<WebhookEndpoint[]> {
  return v.parse(WebhookEndpointList, await askBusiness(source, 'GET', path)).endpoints;
}

export async function addEndpoint(source: RecordSource, endpoint: EndpointDraft): Promise<WebhookEndpointSecret> {
  return v.parse(WebhookEndpointSecret, await askBusiness(source, 'POST', path, endpoint));
}

export async function changeEndpoint(
  source: RecordSource,
  id: string,
  change: EndpointDraft,
): Promise<WebhookEndpoint> {
  return v.parse(WebhookEndpoint, await askBusiness(source, 'PATCH', below(id), change));
}

export async function removeEndpoint(source: RecordSource, id: string): Promise<void> {
  await askBusiness(source, 'DELETE', below(id));
}

/** Another secret; the former signs too for so long. */
export async function rotateSecret(
  source: RecordSource,
  id: string,
  overlapHours: string | undefined,
): Promise<WebhookEndpointSecret> {
  const hours = overlapHours === undefined ? {} : { overlapHours: wholeNumber('--overlap', overlapHours) };
  return v.parse(WebhookEndpointSecret, await askBusiness(source, 'POST', `${below(id)}/rotate`, hours));
}

/** Sends a test event and waits until it was tried. */
export async function testEndpoint(
  source: RecordSource,
  id: string,
  wait: () => Promise<unknown>,
): Promise<WebhookDelivery> {
  const { id: deliveryId } = v.parse(WebhookDelivery, await askBusiness(source, 'POST', `${below(id)}/test`));
  for (let tries = 0; tries < maxLooks; tries += 1) {
    const found = (await fetchLog(source, id, {})).find((delivery) => delivery.id === deliveryId);
    if (found !== undefined && found.attempts.length > 0) return found;
    await wait();
  }
  throw new SetUpError(`It has not been tried yet. npm run webhooks -- log ${id} shows when it is.`);
}

/** Longer than an attempt may take, at one look each quarter of a second. */
const maxLooks = 60;

export async function fetchLog(
  source: RecordSource,
  id: string,
  { status, limit }: { status?: string | undefined; limit?: string | undefined },
): Promise<WebhookDelivery[]> {
  const query = new URLSearchParams({ limit: limit ?? '50' });
  if (status !== undefined) query.set('status', status);
  const list = await askBusiness(source, 'GET', `${below(id)}/deliveries?${query.toString()}`);
  return v.parse(WebhookDeliveryList, list).deliveries;
}

/** Sends one again, or everything since a time. How many are under way. */
export async function replay(
  source: RecordSource,
  id: string,
  { delivery, since, all }: { delivery?: string | undefined; since?: string | undefined; all: boolean },
): Promise<number> {
  if ((delivery === undefined) === (since === undefined)) throw new SetUpError('Say --delivery or --since.');
  if (delivery !== undefined) {
    await askBusiness(source, 'POST', `${below(id)}/deliveries/${known(delivery)}/replay`);
    return 1;
  }
  const sinceMs = timeMs(since ?? '');
  const answer = await askBusiness(source, 'POST', `${below(id)}/replay`, { sinceMs, delivered: all });
  return v.parse(v.object({ replayed: v.number() }), answer).replayed;
}

const below = (id: string): string => `${path}/${known(id)}`;

function known(id: string): string {
  if (!v.safeParse(Uuid, id).success) {
    throw new SetUpError(
      `"${id}" is no id. npm run webhooks lists the endpoints, npm run webhooks -- log <id> what was sent.`,
    );
  }
  return id;
}

function timeMs(text: string): number {
  const time = DateTime.fromISO(text);
  if (time.isValid) return time.toMillis();
  throw new SetUpError(`"${text}" is no time. Write it as 2026-11-23T14:00.`);
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new SetUpError(`${option} takes a whole number, not "${text}".`);
}

/** One endpoint a line, with why it is not well below. */
export function formatEndpoints(endpoints: readonly WebhookEndpoint[], layout: Layout, nowMs: number): string {
  return endpoints.map((endpoint) => endpointLines(endpoint, layout, nowMs)).join('');
}

function endpointLines(endpoint: WebhookEndpoint, { paint }: Layout, nowMs: number): string {
  const { id, url, description, events, status, reason, waiting, failed, waitUntilMs, failingSinceMs } = endpoint;
  const state = paint(status === 'enabled' ? 'green' : 'red', status);
  const counts = `${waiting} waiting, ${failed > 0 ? paint('red', `${failed} failed`) : '0 failed'}`;
  const named = description === '' ? '' : `  ${printable(description)}`;
  const troubles = [
    reason,
    failingSinceMs === null ? null : `Failing for ${formatDuration(nowMs - failingSinceMs)}.`,
    waitUntilMs === null ? null : `Left alone for ${formatDuration(waitUntilMs - nowMs)}.`,
  ].filter((trouble) => trouble !== null);
  return [
    `${id}  ${paint('bold', printable(url))}${named}`,
    `  ${state}  ${counts}  ${events.includes('*') ? 'all events' : events.join(', ')}`,
    ...troubles.map((trouble) => `  ${paint('yellow', printable(trouble))}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

const tones = { waiting: 'cyan', retrying: 'yellow', delivered: 'green', failed: 'red', skipped: 'dim' } as const;

/** One delivery a line, with each attempt below. */
export function formatLog(deliveries: readonly WebhookDelivery[], { paint, timeZone }: Layout): string {
  const at = (ms: number): string => DateTime.fromMillis(ms, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm:ss');
  return deliveries
    .flatMap(({ id, type, occurredAtMs, status, nextAttemptMs, attempts }) => [
      `${id}  ${at(occurredAtMs)}  ${type}  ${paint(tones[status], status)}${
        nextAttemptMs === null || status === 'waiting' ? '' : `, next at ${at(nextAttemptMs)}`
      }`,
      ...attempts.map(
        (attempt) =>
          `  ${at(attempt.atMs)}  ${attempt.status ?? 'no answer'}  ${attempt.tookMs} ms${
            attempt.error === null ? '' : `  ${paint('dim', printable(attempt.error))}`
          }`,
      ),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

/** A secret that is never shown again. */
export function formatSecret({ endpoint, secret }: WebhookEndpointSecret, layout: Layout, nowMs: number): string {
  const { formerSecretUntilMs: until } = endpoint;
  const former = until === null ? '' : ` The former one signs too for ${formatDuration(until - nowMs)}.`;
  return `${endpointLines(endpoint, layout, nowMs)}\n  ${secret}\n\nKeep this secret: it is not shown again.${former}\n`;
}
