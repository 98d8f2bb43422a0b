import { beforeEach, expect, test } from 'vitest';
import type { WebhookDelivery, WebhookEndpoint } from '../../contract/webhook-endpoint.ts';
import type { Layout } from '../call/layout.ts';
import { standIn, type Reply } from '../command/stand-in.ts';
import { fetchInboxWebhook, formatInboxWebhook, replayInbox } from './inbox.ts';
import {
  addEndpoint,
  changeEndpoint,
  fetchLog,
  formatEndpoints,
  formatLog,
  formatSecret,
  replay,
  rotateSecret,
  testEndpoint,
} from './webhooks.ts';

const id = '0193a5c1-6f0e-7a31-9c55-0a1b2c3d4e5f';
const atMs = Date.UTC(2026, 10, 24, 17);
const layout: Layout = { paint: (tone, text_) => `<${tone}>${text_}`, width: 100, timeZone: 'UTC' };
const endpoint: WebhookEndpoint = {
  id,
  url: 'https://example.com/hooks',
  description: 'ERP',
  events: ['call.ended', 'lead.updated'],
  status: 'enabled',
  reason: null,
  createdAtMs: atMs,
  changedAtMs: atMs,
  failingSinceMs: null,
  waitUntilMs: null,
  formerSecretUntilMs: null,
  waiting: 0,
  failed: 0,
};
const delivery: WebhookDelivery = {
  id,
  eventId: id,
  type: 'call.ended',
  occurredAtMs: atMs,
  status: 'retrying',
  nextAttemptMs: atMs + 60_000,
  attempts: [
    { atMs, status: null, tookMs: 10_000, error: 'No answer: \u001b[31mTimeoutError' },
    { atMs: atMs + 5_000, status: 503, tookMs: 12, error: 'The receiver answered 503.' },
  ],
};

let answers: Reply[] = [];

const { asked, source } = standIn(() => answers.shift() ?? { status: 500 });
const askedInWords = (): string[] =>
  asked.map(({ path: asks, body }) => (body === null ? asks : `${asks} ${JSON.stringify(body)}`));

beforeEach(() => {
  answers = [];
});

const path = 'webhook-endpoints';

test('an endpoint is made, changed and given another secret', async () => {
  const made = { endpoint, secret: 'whsec_x' };
  answers = [
    { status: 201, body: made },
    { status: 200, body: endpoint },
    { status: 200, body: made },
  ];
  expect(await addEndpoint(source(), { url: endpoint.url })).toEqual(made);
  await changeEndpoint(source(), id, { enabled: false });
  await rotateSecret(source(), id, '2');
  expect(askedInWords()).toEqual([
    `POST ${path} {"url":"https://example.com/hooks"}`,
    `PATCH ${path}/${id} {"enabled":false}`,
    `POST ${path}/${id}/rotate {"overlapHours":2}`,
  ]);
});

test('a test is waited for until it was tried', async () => {
  const waiting = { ...delivery, attempts: [] };
  answers = [
    { status: 202, body: waiting },
    { status: 200, body: { deliveries: [waiting] } },
    { status: 200, body: { deliveries: [delivery] } },
  ];
  expect(await testEndpoint(source(), id, () => Promise.resolve())).toEqual(delivery);
});

test('one is replayed by its id, many by a time', async () => {
  answers = [
    { status: 202, body: delivery },
    { status: 202, body: { replayed: 3 } },
  ];
  expect(await replay(source(), id, { delivery: id, all: false })).toBe(1);
  expect(await replay(source(), id, { since: '2026-11-24T17:00:00Z', all: true })).toBe(3);
  expect(askedInWords()).toEqual([
    `POST ${path}/${id}/deliveries/${id}/replay`,
    `POST ${path}/${id}/replay {"sinceMs":${atMs},"delivered":true}`,
  ]);
});

test('what is typed wrong is said, and asks nobody', async () => {
  await expect(fetchLog(source(), 'x', {})).rejects.toThrow('"x" is no id');
  await expect(replay(source(), id, { all: false })).rejects.toThrow('--delivery or --since');
  await expect(replay(source(), id, { since: 'yesterday', all: false })).rejects.toThrow('2026-11-23T14:00');
  await expect(rotateSecret(source(), id, 'two')).rejects.toThrow('whole number');
  expect(asked).toEqual([]);
});

test('what the control plane refuses is said in its words', async () => {
  answers = [
    {
      status: 400,
      body: { error: { code: 'bad-request', message: '10.0.0.1 is no public address.', action: 'Correct it.' } },
    },
  ];
  await expect(addEndpoint(source(), { url: 'https://10.0.0.1' })).rejects.toThrow(
    '10.0.0.1 is no public address. Correct it.',
  );
});

test('endpoints and logs say how they are doing', () => {
  const failing = {
    ...endpoint,
    status: 'failed' as const,
    reason: 'It answered 410.',
    failed: 2,
    failingSinceMs: atMs,
  };
  expect(formatEndpoints([failing], layout, atMs + 65_000).split('\n')).toEqual([
    `${id}  <bold>https://example.com/hooks  ERP`,
    '  <red>failed  0 waiting, <red>2 failed  call.ended, lead.updated',
    '  <yellow>It answered 410.',
    '  <yellow>Failing for 1 min 05 s.',
    '',
  ]);
  expect(formatLog([delivery], layout).split('\n')).toEqual([
    `${id}  2026-11-24 17:00:00  call.ended  <yellow>retrying, next at 2026-11-24 17:01:00`,
    '  2026-11-24 17:00:00  no answer  10000 ms  <dim>No answer: [31mTimeoutError',
    '  2026-11-24 17:00:05  503  12 ms  <dim>The receiver answered 503.',
    '',
  ]);
  const rotated = { endpoint: { ...endpoint, formerSecretUntilMs: atMs + 60_000 }, secret: 'whsec_x' };
  expect(formatSecret(rotated, layout, atMs)).toContain(
    'whsec_x\n\nKeep this secret: it is not shown again. The former one',
  );
});

const inboxWebhook = {
  id,
  source: 'hubspot',
  receivedAtMs: atMs,
  status: 'failed',
  error: 'The body is no JSON.',
  body: 'no\u001b[31m json',
} as const;

test('what came in and could not be applied is shown and tried again, the oldest first', async () => {
  const older = '0193a5c1-6f0e-7a31-9c55-0a1b2c3d4e50';
  const inbox = 'webhook-inbox';
  answers = [
    { status: 200, body: { webhooks: [inboxWebhook, { ...inboxWebhook, id: older }] } },
    { status: 200, body: { ...inboxWebhook, id: older, status: 'done', error: null, body: '' } },
    { status: 200, body: inboxWebhook },
    { status: 200, body: inboxWebhook },
  ];
  expect((await replayInbox(source(), '', true)).map(({ status }) => status)).toEqual(['done', 'failed']);
  expect(formatInboxWebhook(await fetchInboxWebhook(source(), id), layout).split('\n')).toEqual([
    `${id}  2026-11-24 17:00:00  hubspot  <red>failed`,
    '  <dim>The body is no JSON.',
    'no[31m json',
    '',
  ]);
  await expect(replayInbox(source(), '', false)).rejects.toThrow('Name one webhook, or say --all');
  await expect(replayInbox(source(), id, true)).rejects.toThrow('Name one webhook, or say --all');
  expect(askedInWords()).toEqual([
    `GET ${inbox}`,
    `POST ${inbox}/${older}/replay`,
    `POST ${inbox}/${id}/replay`,
    `GET ${inbox}/${id}`,
  ]);
});
