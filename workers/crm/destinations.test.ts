import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import { DeliveryDetail, DeliveryList } from '../../contract/delivery.ts';
import type { Business } from '../business/business.ts';
import { failuresToOpen } from '../business/breaker.ts';
import { asStaff, crm, mondayMs, openSession, request, setUpBusiness } from '../test/control-plane.ts';
import { settledAs } from '../test/crm-call.ts';
import { startReceiver } from '../test/crm-receiver.ts';
import { callEnd, callStart, inOrder, leadFact, postEvents, reachableLead } from '../test/events.ts';

async function business() {
  const set = await setUpBusiness({}, { crm });
  const call = async (): Promise<string> => {
    const { callId } = await openSession(set.business);
    const events = inOrder([callStart(set.bundle.hash), leadFact(reachableLead), callEnd]);
    await postEvents(set.business, callId, events);
    return callId;
  };
  const list = async (query = ''): Promise<DeliveryList> => {
    const path = `/v1/businesses/${set.business}/deliveries${query}`;
    return v.parse(DeliveryList, await (await request('GET', path, { headers: asStaff })).json());
  };
  return { ...set, call, list };
}

describe('a destination that keeps failing', () => {
  it('is left alone, then tried with one delivery, and gets all the others once that one went through', async () => {
    const receiver = startReceiver(() => new Response(null, { status: 500 }));
    const { call, list, stub, setClock, business: id } = await business();
    // Deliveries of other tests' businesses, in the same worker, may still be on their way.
    const received = () => receiver.received.filter(({ message }) => message.data.business === id);
    await runInDurableObject(stub, (instance: Business) => {
      instance.breakerOpenMs = 60_000;
    });
    const calls = [await call()];
    await vi.waitFor(async () => expect((await list()).destinations[0]?.waitUntilMs).not.toBeNull(), 20_000);
    calls.push(await call(), await call());
    const [health] = (await list()).destinations;
    expect(health).toMatchObject({ destination: 'webhook', failures: failuresToOpen, queued: 5, retrying: 1, dead: 0 });
    expect(received()).toHaveLength(failuresToOpen);

    const untilMs = health?.waitUntilMs ?? 0;
    expect(untilMs).toBeGreaterThanOrEqual(mondayMs + 30_000);
    await setClock(untilMs);
    await runDurableObjectAlarm(stub);
    await vi.waitFor(() => expect(received()).toHaveLength(failuresToOpen + 1), 20_000);
    await vi.waitFor(async () => expect((await list()).destinations[0]?.failures).toBe(failuresToOpen + 1), 20_000);
    expect(received()).toHaveLength(failuresToOpen + 1);

    receiver.answerWith(() => new Response());
    await setClock((await list()).destinations[0]?.waitUntilMs ?? 0);
    await runDurableObjectAlarm(stub);
    for (const callId of calls) await settledAs(id, callId, 'delivered');
    expect((await list()).destinations[0]).toMatchObject({ failures: 0, waitUntilMs: null, queued: 0, retrying: 0 });
  });
});

describe('GET …/deliveries', () => {
  it('lists the newest first, by state, with the lag from event to writing', async () => {
    const receiver = startReceiver();
    const { call, list, setClock, business: id } = await business();
    await setClock(mondayMs + 5_000);
    const callId = await call();
    await settledAs(id, callId, 'delivered');
    const { deliveries, destinations } = await list();
    expect(deliveries.map(({ type }) => type)).toEqual(['call.completed', 'lead.updated']);
    expect(destinations).toMatchObject([{ lag: { count: 2, p50Ms: 3_000, p95Ms: 4_000, maxMs: 4_000 } }]);
    receiver.answerWith(() => new Response(null, { status: 410 }));
    const refused = await call();
    await settledAs(id, refused, 'dead');
    expect((await list('?status=dead')).deliveries.map((delivery) => delivery.callId)).toEqual([refused, refused]);
    expect((await list('?destination=hubspot')).deliveries).toEqual([]);
    expect((await list('?limit=1')).deliveries).toHaveLength(1);
  });

  it('shows what one of them says', async () => {
    startReceiver();
    const { call, list, business: id } = await business();
    const callId = await call();
    const [last] = (await list()).deliveries;
    const path = `/v1/businesses/${id}/deliveries/${last?.id}`;
    const detail = v.parse(DeliveryDetail, await (await request('GET', path, { headers: asStaff })).json());
    expect(detail).toMatchObject({ callId, message: { type: 'call.completed', data: { callId } } });
    expect((await request('GET', `${path.slice(0, -4)}0000`, { headers: asStaff })).status).toBe(404);
    expect((await request('GET', path)).status).toBe(401);
  });
});
