import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Business } from '../../business/business.ts';
import { queueGraceMs, sendGraceMs } from '../../business/grace.ts';
import { mondayMs } from '../../test/control-plane.ts';
import { callEnd, callStart, inOrder, postEvents } from '../../test/events.ts';
import { dayMs, hourMs, setUpHooks, settled, url } from '../../test/hooked-business.ts';
import type { HookTask } from './task.ts';

describe('a webhook that fails', () => {
  it('is tried again for a day under the same id, and its log says how', async () => {
    const { receiver, endpoints, add, send, start, passTime } = await setUpHooks(
      () => new Response(null, { status: 503 }),
    );
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
    const { receiver, endpoints, add, send, start, passTime } = await setUpHooks(
      () => new Response(null, { status: 500 }),
    );
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
    const { receiver, endpoints, add, stub, business, setClock } = await setUpHooks(
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

  it('may ask for an hour, not for a year: its day ends as any other, and a new address is tried at once', async () => {
    const { receiver, endpoints, send, start, passTime } = await setUpHooks(
      (_, to) => new Response(null, to === url ? { status: 503, headers: { 'retry-after': '31536000' } } : {}),
    );
    const moved = 'https://moved.test/hook';
    const { endpoint, secret } = await endpoints.add(url, ['call.started', 'call.ended']);
    const { id } = endpoint;
    for (const address of [url, moved]) receiver.trust(address, secret);
    await send(start);
    await settled(async () => expect((await endpoints.log(id))[0]?.attempts).toHaveLength(1));
    expect((await endpoints.get(id)).waitUntilMs).toBe(mondayMs + hourMs);
    await passTime(dayMs);
    await settled(async () => expect((await endpoints.log(id))[0]?.status).toBe('failed'));
    await send(start, callEnd);
    expect((await endpoints.log(id))[0]).toMatchObject({
      status: 'waiting',
      nextAttemptMs: mondayMs + dayMs + hourMs,
    });
    expect((await endpoints.ask('PATCH', `/${id}`, { url: moved })).status).toBe(200);
    await settled(async () => expect((await endpoints.log(id))[0]?.status).toBe('delivered'));
    expect(receiver.received).toHaveLength(3);
  });

  it('does not make others wait', async () => {
    const { receiver, endpoints, add, send, start } = await setUpHooks(
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
    const { receiver, endpoints, add, send, start } = await setUpHooks(
      () => new Response(null, { status, headers: { location: 'http://169.254.169.254/' } }),
    );
    const id = await add(url, ['call.started']);
    await send(start);
    await settled(async () => expect((await endpoints.log(id))[0]?.attempts[0]).toMatchObject({ status }));
    expect(receiver.received).toHaveLength(1);
    expect((await endpoints.log(id))[0]?.attempts[0]?.error).toContain('Configure its final address');
  });
});

describe('a webhook on its way through the queue', () => {
  async function onQueue(enqueue: (task: HookTask) => Promise<void>) {
    const set = await setUpHooks();
    await runInDurableObject(set.stub, (instance: Business) => {
      instance.enqueueHook = enqueue;
    });
    const id = await set.add(url, ['call.started']);
    await set.send(set.start);
    return { ...set, id };
  }

  it('is sent by one of two consumers that get it, and an old ticket is void', async () => {
    const tasks: HookTask[] = [];
    const { stub, endpoints, id, passTime } = await onQueue(async (task) => {
      tasks.push(task);
      return Promise.resolve();
    });
    using desk = await stub.outboundWebhooks();
    const [first] = tasks;
    if (first === undefined) throw new Error('Nothing was queued.');
    expect([await desk.claim(first), await desk.claim(first)]).toEqual([expect.objectContaining({ url }), null]);
    // Its consumer died.
    await passTime(queueGraceMs);
    expect(tasks).toHaveLength(2);
    const late = { ok: false, status: 500, tookMs: 1, error: 'late', retryAfterS: null };
    await desk.record(first, late);
    expect((await endpoints.log(id))[0]).toMatchObject({ status: 'waiting', attempts: [] });
    await desk.record({ ...first, ticket: 2 }, { ...late, ok: true, status: 200, error: null });
    await desk.record({ ...first, ticket: 2 }, late);
    expect((await endpoints.log(id))[0]).toMatchObject({ status: 'delivered', attempts: [{ status: 200 }] });
  });

  it('is queued again by the alarm when the queue would not have it', async () => {
    const { stub, receiver, endpoints, id, passTime } = await onQueue(() => Promise.reject(new Error('away')));
    expect((await endpoints.log(id))[0]).toMatchObject({ status: 'waiting', attempts: [] });
    await runInDurableObject(stub, (instance: Business) => {
      instance.enqueueHook = async (task) => {
        await env.HOOK_QUEUE.send(task);
      };
    });
    await passTime(sendGraceMs);
    await settled(() => expect(receiver.received).toHaveLength(1));
  });
});
