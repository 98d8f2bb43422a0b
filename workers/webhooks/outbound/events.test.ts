import { runInDurableObject } from 'cloudflare:test';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { Appointment } from '../../../contract/scheduling.ts';
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
import { dayMs, hourMs, setUpHooks, settled, url } from '../../test/hooked-business.ts';

describe('what an owner’s system is told', () => {
  it('is each event it asked for, signed, as its schema says', async () => {
    const { business, receiver, add, callId, send, start } = await setUpHooks();
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
    const { business, receiver, add, callId, send, start } = await setUpHooks();
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
    const { receiver, add, send, start, passTime } = await setUpHooks();
    await add(url, ['call.ended']);
    await send(start);
    await passTime(60_000);
    await settled(() =>
      expect(receiver.received).toMatchObject([{ event: { data: { call: { endReason: 'interrupted' } } } }]),
    );
  });

  it('is a delivery to the CRM that was given up', async () => {
    const refuse = (_: number, to: string) => new Response(null, { status: to === crm.url ? 410 : 204 });
    const { receiver, add, send, start } = await setUpHooks(refuse, { crm });
    await add(url, ['delivery.failed']);
    await send(start, callEnd);
    await settled(() =>
      expect(receiver.received).toMatchObject([
        { event: { data: { destination: 'webhook', endpointId: null, type: 'call.completed', attempts: 1 } } },
      ]),
    );
  });

  it('is nothing twice, nothing it did not ask for, and nothing of another business', async () => {
    const { receiver, add, send, start } = await setUpHooks();
    await add(url, ['call.ended']);
    const other = await setUpBusiness();
    await postEvents(other.business, crypto.randomUUID(), inOrder([callStart(other.bundle.hash), callEnd]));
    await Promise.all([send(start, callEnd), send(start, callEnd)]);
    await send(start, callEnd);
    await settled(() => expect(receiver.received).toHaveLength(1));
    expect(receiver.received[0]?.event.type).toBe('call.ended');
  });

  it('is left out of what is stored: who it is about is read when it is sent', async () => {
    const { stub, receiver, add, send, start } = await setUpHooks(() => new Response(null, { status: 500 }));
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

  it('is not sent when what it is about was erased meanwhile', async () => {
    const { stub, receiver, endpoints, add, send, start, passTime } = await setUpHooks(
      () => new Response(null, { status: 500 }),
    );
    const id = await add(url, ['call.ended']);
    await send(start, leadFact(reachableLead), callEnd);
    await settled(async () => expect((await endpoints.log(id))[0]?.attempts).toHaveLength(1));
    await runInDurableObject(stub, (_: Business, { storage: { sql } }) => {
      sql.exec('DELETE FROM events');
    });
    await passTime(5_000);
    await settled(async () =>
      expect((await endpoints.log(id))[0]).toMatchObject({
        status: 'delivered',
        attempts: [{ status: 500 }, { status: null, error: 'What it is about was erased.' }],
      }),
    );
    expect(receiver.received).toHaveLength(1);
  });

  it('that cannot be read is tried again, and not for ever', async () => {
    const { stub, receiver, endpoints, add, send, start, passTime } = await setUpHooks();
    const id = await add(url, ['call.ended']);
    await runInDurableObject(stub, (instance: Business) => {
      instance.enqueueHook = () => Promise.resolve();
    });
    await send(start, callEnd);
    await runInDurableObject(stub, (instance: Business, { storage: { sql } }) => {
      sql.exec("UPDATE events SET body = x'00'");
      instance.enqueueHook = async (task) => {
        await instance.outboundWebhooks().claim(task);
      };
    });
    await passTime(30_000);
    await settled(async () => expect((await endpoints.log(id))[0]).toMatchObject({ status: 'retrying' }));
    await passTime(dayMs);
    await settled(async () => expect((await endpoints.log(id))[0]).toMatchObject({ status: 'failed' }));
    expect((await endpoints.log(id))[0]?.attempts[0]?.error).toContain('SealError');
    expect(receiver.received).toEqual([]);
  });
});
