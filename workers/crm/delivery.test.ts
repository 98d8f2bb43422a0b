import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import type { CallRecord, Delivery } from '../../contract/call-record.ts';
import type { CallFact } from '../../contract/call-event.ts';
import { Appointment } from '../../contract/scheduling.ts';
import type { Business } from '../business/business.ts';
import { queueGraceMs, sendGraceMs } from '../business/grace.ts';
import { instantOf } from '../../dialogue/calendar/local-time.ts';
import {
  asNode,
  asStaff,
  callRecord,
  crm,
  mondayMs,
  openSession,
  request,
  setUpBusiness,
} from '../test/control-plane.ts';
import { startReceiver } from '../test/crm-receiver.ts';
import {
  answered,
  callEnd,
  callStart,
  emptyLead,
  inOrder,
  leadFact,
  postEvents,
  reachableLead,
  said,
} from '../test/events.ts';
import type { CrmTask } from './task.ts';

const hangUp: CallFact = { type: 'call-end', reason: 'caller-hang-up', outcome: 'incomplete' };

async function call(facts: CallFact[]) {
  const set = await setUpBusiness({}, { crm });
  const { callId } = await openSession(set.business);
  const events = inOrder([callStart(set.bundle.hash), ...facts]);
  const send = async (): Promise<Response> => postEvents(set.business, callId, events);
  const book = async (): Promise<Appointment> => {
    const startMs = instantOf('2035-03-12', '09:00', 'America/Denver');
    const wish = { service: 'roof-inspection', startMs, attendee: { name: 'Ann Miller' } };
    const body = { business: set.business, callId, requestId: 'one', ...wish };
    const answer = await request('POST', '/v1/node/bookings', { headers: asNode, body });
    return v.parse(v.object({ appointment: Appointment }), await answer.json()).appointment;
  };
  return { ...set, callId, events, book, send };
}

/** Waits until the queue has done its work: every delivery of the call is in one of these states. */
async function settled(
  business: string,
  callId: string,
  count: number,
  ...states: Delivery['status'][]
): Promise<CallRecord> {
  const wanted = states.length === 0 ? ['delivered', 'dead'] : states;
  return vi.waitFor(
    async () => {
      const record = await callRecord(business, callId);
      expect(record.deliveries.map(({ status }) => wanted.includes(status))).toEqual(
        Array.from({ length: count }, () => true),
      );
      return record;
    },
    { timeout: 20_000, interval: 20 },
  );
}

const replay = async (business: string, id: string): Promise<Response> =>
  request('POST', `/v1/businesses/${business}/deliveries/${id}/replay`, { headers: asStaff });

describe('what the CRM is told', () => {
  it('is the lead when it can be reached, each appointment, and the whole call at its end', async () => {
    const receiver = startReceiver();
    const { business, bundle, callId, book } = await call([]);
    const { id: appointmentId, service, startMs } = await book();
    const events = inOrder([
      callStart(bundle.hash),
      said('I am Ann'),
      leadFact({ ...emptyLead, name: 'Ann Miller' }),
      leadFact(reachableLead),
      leadFact({ ...reachableLead, score: 60 }),
      answered('You are booked for Monday.', 'You are booked'),
      { type: 'appointment-booked', appointmentId, service, startMs },
      { type: 'call-end', reason: 'agent-goodbye', outcome: 'appointment-booked' },
    ]);
    for (const event of events) await postEvents(business, callId, [event]);
    const record = await settled(business, callId, 3, 'delivered');
    expect(receiver.faults).toEqual([]);
    expect(receiver.received.map(({ message }) => message.type)).toEqual([
      'lead.updated',
      'lead.updated',
      'call.completed',
    ]);
    expect(receiver.received.map(({ id }) => id)).toEqual(record.deliveries.map(({ id }) => id));
    expect(receiver.received[0]?.message.data.lead.score).toBe(40);
    expect(receiver.received[2]?.message).toEqual({
      type: 'call.completed',
      timestamp: new Date(mondayMs).toISOString(),
      data: {
        business,
        callId,
        lead: { ...reachableLead, score: 60, stage: 'booked' },
        appointments: record.appointments,
        note: record.note,
        call: {
          door: 'browser',
          direction: 'inbound',
          startMs: mondayMs,
          endMs: events.at(-1)?.atMs,
          endReason: 'agent-goodbye',
          outcome: 'appointment-booked',
          transcript: [
            { who: 'caller', atMs: mondayMs, text: 'I am Ann' },
            { who: 'agent', atMs: mondayMs + 1_000, text: 'You are booked' },
          ],
        },
      },
    });
  });

  it('is each stage that a lead comes to while the call runs', async () => {
    const receiver = startReceiver();
    const { business, callId, send } = await call([
      leadFact(reachableLead),
      leadFact({ ...reachableLead, score: 50 }),
      leadFact({ ...reachableLead, stage: 'qualified' }),
      leadFact({ ...reachableLead, stage: 'booked' }),
    ]);
    await send();
    await settled(business, callId, 2, 'delivered');
    expect(receiver.received.map(({ message }) => message.type)).toEqual(['lead.updated', 'lead.updated']);
  });

  it('is nothing twice, however often the events are sent', async () => {
    const receiver = startReceiver();
    const { business, callId, send } = await call([
      leadFact(reachableLead),
      leadFact(emptyLead),
      leadFact(reachableLead),
      callEnd,
    ]);
    await Promise.all([send(), send(), send()]);
    await send();
    await settled(business, callId, 2, 'delivered');
    expect(receiver.received.map(({ message }) => message.type)).toEqual(['lead.updated', 'call.completed']);
  });

  it('is the end of a call that was interrupted, once, and how it was when the call comes back and ends', async () => {
    const receiver = startReceiver();
    const { business, callId, events, stub, setClock, send } = await call([said('hello')]);
    await send();
    await setClock(mondayMs + 60_000);
    await runDurableObjectAlarm(stub);
    await settled(business, callId, 1, 'delivered');
    expect(receiver.received[0]?.message).toMatchObject({
      type: 'call.completed',
      data: { call: { endReason: 'interrupted', outcome: 'incomplete' }, lead: emptyLead },
    });
    await postEvents(business, callId, inOrder([callEnd], events.length));
    await settled(business, callId, 2, 'delivered');
    expect(receiver.received[1]?.message).toMatchObject({
      type: 'lead.updated',
      data: { call: { endReason: 'agent-goodbye' } },
    });
  });

  it('is at the end the appointment that stands, whatever the media node heard of it', async () => {
    const receiver = startReceiver();
    const { business, callId, book, send } = await call([leadFact(reachableLead), hangUp]);
    const appointment = await book();
    await send();
    const record = await settled(business, callId, 2, 'delivered');
    expect(record.summary.outcome).toBe('appointment-booked');
    expect(record.lead).toEqual({ ...reachableLead, stage: 'booked' });
    expect(receiver.received.at(-1)?.message).toMatchObject({
      type: 'call.completed',
      data: {
        lead: { stage: 'booked' },
        appointments: [appointment],
        call: { endReason: 'caller-hang-up', outcome: 'appointment-booked' },
      },
    });
  });

  it('is an appointment that was booked as the caller hung up, once', async () => {
    const receiver = startReceiver();
    const { business, callId, book, send } = await call([hangUp]);
    await send();
    await settled(business, callId, 1, 'delivered');
    expect(receiver.received[0]?.message.data.call.outcome).toBe('incomplete');
    const appointment = await book();
    await book();
    await settled(business, callId, 2, 'delivered');
    expect(receiver.received[1]?.message).toMatchObject({
      type: 'lead.updated',
      data: { lead: { stage: 'booked' }, appointments: [appointment], call: { outcome: 'appointment-booked' } },
    });
  });

  it('is nothing without a CRM', async () => {
    const receiver = startReceiver();
    const { business, bundle } = await setUpBusiness();
    const { callId } = await openSession(business);
    await postEvents(business, callId, inOrder([callStart(bundle.hash), leadFact(reachableLead), callEnd]));
    expect((await callRecord(business, callId)).deliveries).toEqual([]);
    expect(receiver.received).toEqual([]);
  });
});

describe('a delivery that fails', () => {
  it('is tried again under the same id until it is delivered', async () => {
    const receiver = startReceiver((attempt) => new Response(null, { status: attempt < 4 ? 503 : 204 }));
    const { business, callId, send } = await call([callEnd]);
    await send();
    const record = await settled(business, callId, 1, 'delivered');
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
    expect(record.deliveries[0]).toMatchObject({
      attempts: 4,
      lastStatus: 204,
      lastError: null,
      deliveredAtMs: mondayMs,
    });
  });

  it('is tried again when there is no answer at all', async () => {
    startReceiver((attempt) => {
      if (attempt === 1) throw new TypeError('connection refused');
      return new Response();
    });
    const { business, callId, send } = await call([callEnd]);
    await send();
    expect((await settled(business, callId, 1, 'delivered')).deliveries[0]?.attempts).toBe(2);
  });

  it('is not overtaken by a later one of the same call', async () => {
    const receiver = startReceiver((attempt) => new Response(null, { status: attempt < 5 ? 500 : 200 }));
    const { business, callId, send } = await call([leadFact(reachableLead), callEnd]);
    await send();
    await settled(business, callId, 2, 'delivered');
    expect(receiver.received.map(({ message }) => message.type)).toEqual([
      ...Array.from({ length: 5 }, () => 'lead.updated'),
      'call.completed',
    ]);
  });

  it.each([400, 401, 403, 404, 410, 422, 301])(
    'is dead at once after %i, and the next one goes out',
    async (status) => {
      const receiver = startReceiver((attempt) => new Response(null, { status: attempt === 1 ? status : 200 }));
      const { business, callId, send } = await call([leadFact(reachableLead), callEnd]);
      await send();
      const { deliveries } = await settled(business, callId, 2);
      expect(deliveries).toMatchObject([
        { status: 'dead', attempts: 1, lastStatus: status },
        { status: 'delivered', attempts: 1 },
      ]);
      expect(deliveries[0]?.lastError).toContain(String(status));
      expect(receiver.received).toHaveLength(2);
    },
  );

  it('waits as long as the receiver asks', async () => {
    startReceiver(() => new Response(null, { status: 429, headers: { 'retry-after': '3600' } }));
    const { business, callId, stub, send } = await call([callEnd]);
    await send();
    await settled(business, callId, 1, 'retrying');
    const watchMs = await runInDurableObject(
      stub,
      (_: Business, state) =>
        state.storage.sql.exec<{ watch_ms: number }>('SELECT watch_ms FROM deliveries').one().watch_ms,
    );
    expect(watchMs).toBe(mondayMs + 3_600_000 + queueGraceMs);
  });

  it('is a dead letter when the queue gives up, with the reason, and is delivered by a replay', async () => {
    const receiver = startReceiver(() => new Response(null, { status: 500 }));
    const { business, callId, send } = await call([callEnd]);
    await send();
    const [dead] = (await settled(business, callId, 1, 'dead')).deliveries;
    expect(dead).toMatchObject({ attempts: 21, lastStatus: 500 });
    expect(dead?.lastError).toBe('Gave up after 21 attempts. Last: The receiver answered 500.');
    receiver.answerWith(() => new Response());
    const response = await replay(business, dead?.id ?? '');
    expect(response.status).toBe(202);
    const [delivered] = (await settled(business, callId, 1, 'delivered')).deliveries;
    expect(delivered).toMatchObject({ id: dead?.id, attempts: 1, lastStatus: 200, lastError: null });
    expect(receiver.received.at(-1)?.id).toBe(dead?.id);
  });

  it('cannot be replayed when it does not exist', async () => {
    const { business } = await setUpBusiness();
    expect((await replay(business, crypto.randomUUID())).status).toBe(404);
  });

  it('is dead when the CRM was taken out of the settings meanwhile', async () => {
    const receiver = startReceiver();
    const { business, callId, stub, setClock, send } = await call([callEnd]);
    await breakQueue(stub);
    await send();
    await request('PUT', `/v1/businesses/${business}`, { headers: asStaff, body: { origins: [], crm: null } });
    await mendQueue(stub);
    await setClock(mondayMs + sendGraceMs);
    await runDurableObjectAlarm(stub);
    const [dead] = (await settled(business, callId, 1, 'dead')).deliveries;
    expect(dead?.lastError).toBe('The CRM was removed from the settings.');
    expect(receiver.received).toEqual([]);
  });
});

describe('a delivery that never reached the queue, or was lost by it', () => {
  it('is queued again by the alarm', async () => {
    const receiver = startReceiver();
    const { business, callId, stub, setClock, send } = await call([leadFact(reachableLead), callEnd]);
    await breakQueue(stub);
    expect((await send()).status).toBe(200);
    expect((await settled(business, callId, 2, 'queued')).deliveries).toHaveLength(2);
    await mendQueue(stub);
    await setClock(mondayMs + sendGraceMs - 1);
    await runDurableObjectAlarm(stub);
    expect((await settled(business, callId, 2, 'queued')).deliveries).toHaveLength(2);
    await setClock(mondayMs + sendGraceMs);
    await runDurableObjectAlarm(stub);
    await settled(business, callId, 2, 'delivered');
    expect(receiver.received.map(({ message }) => message.type)).toEqual(['lead.updated', 'call.completed']);
  });

  it('makes the lost message void, should it turn up after all', async () => {
    const receiver = startReceiver();
    const { business, callId, stub, setClock, send } = await call([callEnd]);
    const lost: CrmTask[] = [];
    await runInDurableObject(stub, (instance: Business) => {
      instance.enqueue = async (task) => {
        lost.push(task);
      };
    });
    await send();
    await mendQueue(stub);
    await setClock(mondayMs + queueGraceMs);
    await runDurableObjectAlarm(stub);
    await settled(business, callId, 1, 'delivered');
    expect(lost).toHaveLength(1);
    const [task] = lost;
    if (task === undefined) throw new Error('Nothing was queued.');
    using desk = await stub.deliveryDesk();
    expect(await desk.claim(task)).toBeNull();
    await desk.record(task, { outcome: 'dead', status: 500, error: 'late' });
    expect((await callRecord(business, callId)).deliveries[0]?.status).toBe('delivered');
    expect(receiver.received).toHaveLength(1);
  });
});

async function breakQueue(stub: DurableObjectStub<Business>): Promise<void> {
  await runInDurableObject(stub, (instance: Business) => {
    instance.enqueue = async () => Promise.reject(new Error('queue unavailable'));
  });
}

/** As a restart would: the real queue again. */
async function mendQueue(stub: DurableObjectStub<Business>): Promise<void> {
  await runInDurableObject(stub, (instance: Business) => {
    instance.enqueue = async (task) => {
      await env.CRM_QUEUE.send(task);
    };
  });
}
