import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import { Appointment } from '../../../contract/scheduling.ts';
import { NoticeList } from '../../../contract/notice.ts';
import { WebhookEndpointList } from '../../../contract/webhook-endpoint.ts';
import { instantOf } from '../../../dialogue/calendar/local-time.ts';
import type { Business } from '../../business/business.ts';
import { asNode, asStaff, crm, mondayMs, request, setUpBusiness } from '../../test/control-plane.ts';
import {
  callEnd,
  callStart,
  emptyLead,
  inOrder,
  leadFact,
  postEvents,
  reachableLead,
  said,
} from '../../test/events.ts';
import { startHookReceiver } from '../../test/hook-receiver.ts';
import { endpointsOf } from '../../test/webhook-endpoints.ts';
import { trimLog } from './trim-log.ts';

const url = 'https://hooks.test/parley';
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

async function setUp(reply?: Parameters<typeof startHookReceiver>[0], config = {}) {
  const receiver = startHookReceiver(reply);
  const set = await setUpBusiness({}, config);
  const endpoints = endpointsOf(set.business);
  const add = async (address = url, events = ['*']) => {
    const made = await endpoints.add(address, events);
    receiver.trust(address, made.secret);
    return made.endpoint.id;
  };
  const callId = crypto.randomUUID();
  const send = (...facts: Parameters<typeof inOrder>[0]) => postEvents(set.business, callId, inOrder(facts));
  const passTime = async (ms: number) => {
    await set.setClock(mondayMs + ms);
    await runDurableObjectAlarm(set.stub);
  };
  return { ...set, receiver, endpoints, add, callId, send, passTime, start: callStart(set.bundle.hash) };
}

const settled = <T>(check: () => Promise<T> | T): Promise<T> => vi.waitFor(check, { timeout: 10_000, interval: 20 });

describe('what an owner’s system is told', () => {
  it('is each event it asked for, signed, as its schema says', async () => {
    const { business, receiver, add, callId, send, start } = await setUp();
    await add();
    const promised = { type: 'call-back-promised', reason: 'nobody free', promisedForMs: mondayMs + hourMs } as const;
    await send(start, leadFact(emptyLead), leadFact(reachableLead), said('Call me.'), promised, callEnd);
    await request('POST', `/v1/businesses/${business}/call-backs/${callId}/done`, {
      headers: asStaff,
      body: { by: 'Dana' },
    });
    await settled(() => expect(receiver.received).toHaveLength(5));
    expect(receiver.faults).toEqual([]);
    const byType = new Map(receiver.received.map((hook) => [hook.event.type, hook]));
    expect([...byType.keys()].toSorted()).toEqual([
      'call-back.created',
      'call-back.done',
      'call.ended',
      'call.started',
      'lead.updated',
    ]);
    for (const { webhookId, event } of receiver.received) expect(event).toMatchObject({ id: webhookId, business });
    expect(byType.get('call.started')?.event).toMatchObject({
      occurredAt: new Date(mondayMs).toISOString(),
      data: { callId, call: { door: 'browser', direction: 'inbound', startMs: mondayMs } },
    });
    expect(byType.get('call.ended')?.event.data).toMatchObject({
      lead: { name: 'Ann Miller' },
      call: { outcome: 'information-given', transcript: [{ who: 'caller', text: 'Call me.' }] },
    });
    expect(byType.get('call-back.done')?.event.data).toMatchObject({ callBack: { callId, done: { by: 'Dana' } } });
  });

  it('is what becomes of appointments', async () => {
    const { business, receiver, add, callId, send, start } = await setUp();
    await add(url, ['appointment.booked', 'appointment.moved', 'appointment.confirmed', 'appointment.cancelled']);
    await send(start);
    const at = (time: string) => instantOf('2035-03-12', time, 'America/Denver');
    const ask = async (path: string, body: object) => {
      const answer = await request('POST', `/v1/node/${path}`, {
        headers: asNode,
        body: { business, callId, ...body },
      });
      return v.parse(v.object({ appointment: Appointment }), await answer.json()).appointment;
    };
    const wish = { service: 'roof-inspection', startMs: at('09:00'), attendee: { name: 'Ann Miller' } };
    const { id: appointmentId } = await ask('bookings', { ...wish, requestId: 'a' });
    await ask('appointments/move', { appointmentId, requestId: 'b', startMs: at('11:00') });
    await ask('appointments/confirm', { appointmentId, requestId: 'c' });
    // The same request again is the same change.
    await ask('appointments/confirm', { appointmentId, requestId: 'c' });
    await ask('appointments/cancel', { appointmentId, requestId: 'd' });
    await settled(() => expect(receiver.received).toHaveLength(4));
    expect(receiver.faults).toEqual([]);
    const data = Object.fromEntries(receiver.received.map(({ event }) => [event.type, event.data]));
    expect(data).toMatchObject({
      'appointment.booked': { appointment: { id: appointmentId } },
      'appointment.moved': { fromMs: at('09:00'), startMs: at('11:00') },
      'appointment.confirmed': { appointment: { id: appointmentId } },
      'appointment.cancelled': { appointment: { id: appointmentId, status: 'cancelled' } },
    });
  });

  it('is the end of a call whose media node fell silent', async () => {
    const { receiver, add, send, start, passTime } = await setUp();
    await add(url, ['call.ended']);
    await send(start);
    await passTime(60_000);
    await settled(() =>
      expect(receiver.received).toMatchObject([{ event: { data: { call: { endReason: 'interrupted' } } } }]),
    );
  });

  it('is a delivery to the CRM that was given up', async () => {
    const refuse = (_: number, to: string) => new Response(null, { status: to === crm.url ? 410 : 204 });
    const { receiver, add, send, start } = await setUp(refuse, { crm });
    await add(url, ['delivery.failed']);
    await send(start, callEnd);
    await settled(() =>
      expect(receiver.received).toMatchObject([
        { event: { data: { destination: 'webhook', endpointId: null, type: 'call.completed', attempts: 1 } } },
      ]),
    );
  });

  it('is nothing twice, nothing it did not ask for, and nothing of another business', async () => {
    const { receiver, add, send, start } = await setUp();
    await add(url, ['call.ended']);
    const other = await setUpBusiness();
    await postEvents(other.business, crypto.randomUUID(), inOrder([callStart(other.bundle.hash), callEnd]));
    await Promise.all([send(start, callEnd), send(start, callEnd)]);
    await send(start, callEnd);
    await settled(() => expect(receiver.received).toHaveLength(1));
    expect(receiver.received[0]?.event.type).toBe('call.ended');
  });

  it('is left out of what is stored: who it is about is read when it is sent', async () => {
    const { stub, receiver, add, send, start } = await setUp(() => new Response(null, { status: 500 }));
    await add();
    await send(start, leadFact(reachableLead), callEnd);
    await settled(() => expect(receiver.received.length).toBeGreaterThan(2));
    const stored = await runInDurableObject(stub, (_: Business, { storage: { sql } }) =>
      ['webhook_events', 'webhook_deliveries', 'webhook_attempts', 'webhook_endpoints'].map((table) =>
        JSON.stringify(sql.exec(`SELECT * FROM ${table}`).toArray()),
      ),
    );
    expect(stored.join('')).not.toMatch(/Ann|3035550123|whsec_|hooks\.test/);
    expect(stored.join('')).toContain('lead.updated');
  });
});

describe('a webhook that fails', () => {
  it('is tried again for a day under the same id, and its log says how', async () => {
    const { receiver, endpoints, add, send, start, passTime } = await setUp(() => new Response(null, { status: 503 }));
    const id = await add(url, ['call.started']);
    await send(start);
    const attempts = async (count: number) =>
      settled(async () => {
        const [delivery] = await endpoints.log(id);
        expect(delivery?.attempts).toHaveLength(count);
        return delivery;
      });
    const first = await attempts(1);
    expect(first).toMatchObject({
      status: 'retrying',
      attempts: [{ status: 503, error: 'The receiver answered 503.' }],
    });
    const waitMs = (first?.nextAttemptMs ?? 0) - mondayMs;
    expect(waitMs).toBeGreaterThanOrEqual(2_000);
    expect(waitMs).toBeLessThanOrEqual(5_000);
    await passTime(dayMs - 1);
    expect(await attempts(2)).toMatchObject({ status: 'retrying', nextAttemptMs: mondayMs + dayMs });
    await passTime(dayMs);
    expect(await attempts(3)).toMatchObject({ status: 'failed', nextAttemptMs: null });
    expect(new Set(receiver.received.map(({ webhookId }) => webhookId)).size).toBe(1);
    expect(await endpoints.get(id)).toMatchObject({ status: 'enabled', failingSinceMs: mondayMs, failed: 1 });
  });

  it('is sent again by a replay, alone or with all since a time', async () => {
    const { receiver, endpoints, add, send, start, passTime } = await setUp(() => new Response(null, { status: 500 }));
    const id = await add(url, ['call.started', 'call.ended']);
    await send(start, callEnd);
    await settled(() => expect(receiver.received).toHaveLength(2));
    await settled(async () => expect((await endpoints.get(id)).failingSinceMs).toBe(mondayMs));
    await passTime(dayMs);
    await settled(async () => expect((await endpoints.get(id)).failed).toBe(2));
    receiver.answerWith(() => new Response());
    const [newest, oldest] = await endpoints.log(id);
    expect((await endpoints.ask('POST', `/${id}/deliveries/${oldest?.id}/replay`)).status).toBe(202);
    await settled(async () => expect((await endpoints.log(id))[1]?.status).toBe('delivered'));
    expect(receiver.received.at(-1)?.webhookId).toBe(oldest?.eventId);
    const replay = async (body: object) => (await endpoints.ask('POST', `/${id}/replay`, body)).json();
    expect(await replay({ sinceMs: mondayMs + 1_001 })).toEqual({ replayed: 0 });
    expect(await replay({ sinceMs: mondayMs })).toEqual({ replayed: 1 });
    await settled(async () => expect((await endpoints.log(id))[0]?.status).toBe('delivered'));
    expect(receiver.received.at(-1)?.webhookId).toBe(newest?.eventId);
    expect(await replay({ sinceMs: mondayMs, delivered: true })).toEqual({ replayed: 2 });
    expect((await endpoints.ask('POST', `/${id}/deliveries/${crypto.randomUUID()}/replay`)).status).toBe(404);
  });

  it('leaves an endpoint alone after five in a row, and goes on when it answers', async () => {
    const { receiver, endpoints, add, stub, business, setClock } = await setUp(
      () => new Response(null, { status: 500 }),
    );
    const id = await add(url, ['call.started']);
    const begin = () => postEvents(business, crypto.randomUUID(), inOrder([callStart('0'.repeat(64))]));
    for (let count = 1; count <= 5; count += 1) {
      await begin();
      await settled(async () => expect((await endpoints.log(id))[0]?.attempts).toHaveLength(1));
    }
    const { waitUntilMs } = await endpoints.get(id);
    expect(waitUntilMs).toBeGreaterThanOrEqual(mondayMs + 30_000);
    await begin();
    expect((await endpoints.log(id))[0]).toMatchObject({ status: 'waiting', nextAttemptMs: waitUntilMs });
    expect(receiver.received).toHaveLength(5);
    receiver.answerWith(() => new Response());
    await setClock(mondayMs + 60_000);
    await runDurableObjectAlarm(stub);
    await settled(async () =>
      expect(new Set((await endpoints.log(id)).map(({ status }) => status))).toEqual(new Set(['delivered'])),
    );
  });

  it('does not make others wait', async () => {
    const { receiver, endpoints, add, send, start } = await setUp(
      (_, to) => new Response(null, { status: to === url ? 500 : 200 }),
    );
    const [broken, fine] = [await add(url), await add('https://other.test/hook')];
    await send(start, callEnd);
    await settled(async () =>
      expect((await endpoints.log(fine)).map(({ status }) => status)).toEqual(['delivered', 'delivered']),
    );
    await settled(async () => expect((await endpoints.get(broken)).waiting).toBe(2));
    expect(receiver.faults).toEqual([]);
  });

  it.each([301, 302, 307])('is not sent on where the answer is %i', async (status) => {
    const { receiver, endpoints, add, send, start } = await setUp(
      () => new Response(null, { status, headers: { location: 'http://169.254.169.254/' } }),
    );
    const id = await add(url, ['call.started']);
    await send(start);
    await settled(async () => expect((await endpoints.log(id))[0]?.attempts[0]).toMatchObject({ status }));
    expect(receiver.received).toHaveLength(1);
    expect((await endpoints.log(id))[0]?.attempts[0]?.error).toContain('Configure its final address');
  });
});

describe('an endpoint that is gone', () => {
  it('is disabled by a 410, the owner is told, here and by the other endpoint', async () => {
    const { business, receiver, endpoints, add, send, start } = await setUp(
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
    const { business, receiver, endpoints, add, send, start, callId, passTime } = await setUp(
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
    const { receiver, endpoints, add, send, start, stub } = await setUp();
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
    const { receiver, endpoints, setClock } = await setUp();
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
    const { receiver, endpoints, add, send, start } = await setUp();
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

  it('are told what is wrong with what they ask', async () => {
    const { business, endpoints } = await setUp();
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
  const { stub, endpoints, receiver, add, send, start } = await setUp();
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
