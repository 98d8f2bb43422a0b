import { runInDurableObject } from 'cloudflare:test';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { NoticeList } from '../../../contract/notice.ts';
import { WebhookEndpointList } from '../../../contract/webhook-endpoint.ts';
import type { Business } from '../../business/business.ts';
import { asStaff, mondayMs, request } from '../../test/control-plane.ts';
import { callEnd, inOrder, postEvents } from '../../test/events.ts';
import { dayMs, hourMs, setUpHooks, settled, url } from '../../test/hooked-business.ts';
import { endpointsOf } from '../../test/webhook-endpoints.ts';
import { trimLog } from './trim-log.ts';

describe('an endpoint that is gone', () => {
  it('is disabled by a 410, the owner is told, here and by the other endpoint', async () => {
    const { business, receiver, endpoints, add, send, start } = await setUpHooks(
      (_, to) => new Response(null, { status: to === url ? 410 : 200 }),
    );
    const gone = await add(url, ['call.started']);
    await add('https://other.test/hook', ['webhook.disabled']);
    await send(start);
    await settled(() =>
      expect(receiver.received.at(-1)?.event).toMatchObject({ type: 'webhook.disabled', data: { endpointId: gone } }),
    );
    expect(await endpoints.get(gone)).toMatchObject({ status: 'failed', reason: expect.stringContaining('410') });
    const notices = await request('GET', `/v1/businesses/${business}/notices`, { headers: asStaff });
    expect(v.parse(NoticeList, await notices.json()).notices).toMatchObject([{ kind: 'webhook-disabled' }]);
  });

  it('is disabled after five days without success, and what it missed can be replayed', async () => {
    const { business, receiver, endpoints, add, send, start, callId, passTime } = await setUpHooks(
      () => new Response(null, { status: 500 }),
    );
    const id = await add(url, ['call.started', 'call.ended']);
    await send(start);
    await settled(async () => expect((await endpoints.get(id)).failingSinceMs).toBe(mondayMs));
    await passTime(dayMs);
    await settled(async () => expect((await endpoints.get(id)).failed).toBe(1));
    await passTime(5 * dayMs);
    await postEvents(business, callId, inOrder([callEnd], 1));
    await settled(async () => expect((await endpoints.get(id)).status).toBe('failed'));
    await postEvents(business, crypto.randomUUID(), inOrder([start]));
    expect((await endpoints.log(id))[0]?.status).toBe('skipped');
    expect((await endpoints.ask('POST', `/${id}/replay`, { sinceMs: mondayMs })).status).toBe(409);
    expect((await endpoints.ask('POST', `/${id}/test`)).status).toBe(409);
    receiver.answerWith(() => new Response());
    const before = receiver.received.length;
    expect((await endpoints.ask('PATCH', `/${id}`, { enabled: true })).status).toBe(200);
    await endpoints.ask('POST', `/${id}/replay`, { sinceMs: mondayMs });
    await settled(async () =>
      expect(await endpoints.get(id)).toMatchObject({ status: 'enabled', waiting: 0, failed: 0 }),
    );
    expect(receiver.received.length - before).toBe(3);
  });

  it('gets nothing more once it is removed', async () => {
    const { receiver, endpoints, add, send, start, stub } = await setUpHooks();
    const id = await add();
    await send(start);
    await settled(() => expect(receiver.received).toHaveLength(1));
    expect((await endpoints.ask('DELETE', `/${id}`)).status).toBe(204);
    expect((await endpoints.ask('GET', `/${id}`)).status).toBe(404);
    await send(start, callEnd);
    const rows = await runInDurableObject(stub, (_: Business, { storage: { sql } }) =>
      ['webhook_events', 'webhook_deliveries', 'webhook_attempts'].map(
        (table) => sql.exec<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`).one().n,
      ),
    );
    expect(rows).toEqual([0, 0, 0]);
  });
});

describe('staff', () => {
  it('see the secret once, and may test the endpoint and change its secret without a gap', async () => {
    const { receiver, endpoints, setClock } = await setUpHooks();
    const { endpoint, secret } = await endpoints.add(url);
    receiver.trust(url, secret);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(JSON.stringify(await endpoints.get(endpoint.id))).not.toContain(secret.slice(6));
    const test = () => endpoints.ask('POST', `/${endpoint.id}/test`);
    const heard = (count: number) => settled(() => expect(receiver.received).toHaveLength(count));
    expect((await test()).status).toBe(202);
    await heard(1);
    expect(receiver.received[0]?.signatures).toHaveLength(1);
    const renewed = await endpoints.rotate(endpoint.id, 2);
    expect(renewed.endpoint.formerSecretUntilMs).toBe(mondayMs + 2 * hourMs);
    await test();
    await heard(2);
    expect(receiver.received[1]?.signatures).toHaveLength(2);
    receiver.trust(url, renewed.secret);
    await test();
    await heard(3);
    await setClock(mondayMs + 2 * hourMs);
    await test();
    await heard(4);
    expect(receiver.received[3]?.signatures).toHaveLength(1);
    expect(receiver.faults).toEqual([]);
    expect((await endpoints.get(endpoint.id)).formerSecretUntilMs).toBeNull();
  });

  it('change what is sent where, and may stop it', async () => {
    const { receiver, endpoints, add, send, start } = await setUpHooks();
    const id = await add();
    const changed = await endpoints.ask('PATCH', `/${id}`, {
      events: ['call.ended'],
      description: 'ERP',
      enabled: false,
    });
    expect(await changed.json()).toMatchObject({ events: ['call.ended'], description: 'ERP', status: 'disabled', url });
    await send(start, callEnd);
    expect((await endpoints.log(id)).map(({ type, status }) => [type, status])).toEqual([['call.ended', 'skipped']]);
    const list = await endpoints.ask('GET', '');
    expect(v.parse(WebhookEndpointList, await list.json()).endpoints).toHaveLength(1);
    expect(receiver.received).toEqual([]);
  });

  it('begin anew with another address', async () => {
    const { receiver, endpoints, add, send, start } = await setUpHooks(
      (_, to) => new Response(null, { status: to === url ? 500 : 204 }),
    );
    const id = await add(url, ['call.started', 'call.ended']);
    await send(start, callEnd);
    await settled(async () => expect((await endpoints.get(id)).failingSinceMs).toBe(mondayMs));
    const moved = await endpoints.ask('PATCH', `/${id}`, { url: 'https://new.test/hook' });
    expect(await moved.json()).toMatchObject({ url: 'https://new.test/hook', failingSinceMs: null, waitUntilMs: null });
    expect(receiver.faults).toEqual([]);
  });

  it('are told what is wrong with what they ask', async () => {
    const { business, endpoints } = await setUpHooks();
    const refused = async (body: unknown) => {
      const response = await endpoints.ask('POST', '', body);
      return [response.status, JSON.stringify(await response.json())] as const;
    };
    expect(await refused({ url: 'https://10.0.0.1/' })).toEqual([400, expect.stringContaining('no public address')]);
    expect(await refused({ url: 'http://hooks.test/' })).toEqual([400, expect.stringContaining('https: only')]);
    expect(await refused({ url, events: ['call.begun'] })).toEqual([400, expect.stringContaining('docs/webhooks.md')]);
    expect(await refused({ url, evnts: [] })).toEqual([400, expect.stringContaining('evnts')]);
    expect(await refused('{')).toEqual([400, expect.stringContaining('not JSON')]);
    expect((await refused({ url, description: 'x'.repeat(10_000) }))[0]).toBe(413);
    const hostile = "'); DROP TABLE webhook_endpoints; --<script>";
    expect((await endpoints.ask('POST', '', { url, description: hostile })).status).toBe(201);
    for (let count = 2; count <= 20; count += 1) await endpoints.add(url);
    expect(await refused({ url })).toEqual([409, expect.stringContaining('at most 20')]);
    const path = `/v1/businesses/${business}/webhook-endpoints`;
    expect((await request('GET', path)).status).toBe(401);
    expect((await request('POST', path, { body: { url } })).status).toBe(401);
    expect((await endpointsOf('no-such-business').ask('GET', '')).status).toBe(404);
  });
});

it('forgets what was settled a month ago, and the oldest where there is too much', async () => {
  const { stub, endpoints, receiver, add, send, start } = await setUpHooks();
  const id = await add();
  await send(start, callEnd);
  await settled(async () =>
    expect((await endpoints.log(id)).map(({ status }) => status)).toEqual(['delivered', 'delivered']),
  );
  expect(receiver.received).toHaveLength(2);
  const trimmedAt = async (nowMs: number, position?: number) =>
    runInDurableObject(stub, (_: Business, { storage }) => {
      if (position !== undefined)
        storage.sql.exec('UPDATE webhook_deliveries SET position = ? WHERE position = 2', position);
      trimLog(storage.sql, nowMs);
      return storage.sql.exec<{ n: number }>('SELECT COUNT(*) AS n FROM webhook_events').one().n;
    });
  expect(await trimmedAt(mondayMs + 30 * dayMs)).toBe(2);
  expect(await trimmedAt(mondayMs + 30 * dayMs, 20_001)).toBe(1);
  expect(await trimmedAt(mondayMs + 30 * dayMs + 1)).toBe(0);
});
