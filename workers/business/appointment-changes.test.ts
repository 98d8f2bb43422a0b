import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import * as v from 'valibot';
import type { CallFact } from '../../contract/call-event.ts';
import type { CallRecord } from '../../contract/call-record.ts';
import { Problem } from '../../contract/problem.ts';
import {
  type Appointment,
  AppointmentsFound,
  BookingAnswer,
  CancelAnswer,
  ConfirmAnswer,
  MoveAnswer,
  SlotAnswer,
} from '../../contract/scheduling.ts';
import { instantOf } from '../../dialogue/calendar/local-time.ts';
import { asNode, callRecord, crm, mondayMs, openSession, request, setUpBusiness } from '../test/control-plane.ts';
import { startReceiver } from '../test/crm-receiver.ts';
import { callEnd, callStart, inOrder, leadFact, postEvents, reachableLead } from '../test/events.ts';
import { turnBack } from '../test/older-storage.ts';
import { testMasterKeys } from '../test/master-keys.ts';
import type { Business } from './business.ts';
import { migrate } from './migrate.ts';

const at = (date: string, time: string): number => instantOf(date, time, 'America/Denver');
const monday9 = at('2035-03-12', '09:00');
const tuesday9 = at('2035-03-13', '09:00');
const ann = { name: 'Ann Miller', phone: '+13035550123', email: 'Ann@example.com' };

async function post<T extends v.GenericSchema>(path: string, schema: T, body: object): Promise<v.InferOutput<T>> {
  const response = await request('POST', `/v1/node/${path}`, { headers: asNode, body });
  return v.parse(schema, await response.json());
}

async function booked(business: string, wish: object = {}): Promise<Appointment> {
  const answer = await post('bookings', BookingAnswer, {
    business,
    callId: crypto.randomUUID(),
    requestId: 'book-1',
    service: 'roof-inspection',
    startMs: monday9,
    attendee: ann,
    ...wish,
  });
  if (answer.status !== 'booked') throw new Error(`Not booked: ${answer.status}`);
  return answer.appointment;
}

const change = (business: string, appointmentId: string, more: object = {}) => ({
  business,
  callId: crypto.randomUUID(),
  requestId: 'change-1',
  appointmentId,
  ...more,
});
const move = async (business: string, appointmentId: string, more: object = {}) =>
  post('appointments/move', MoveAnswer, change(business, appointmentId, { startMs: tuesday9, ...more }));
const cancel = async (business: string, appointmentId: string, more: object = {}) =>
  post('appointments/cancel', CancelAnswer, change(business, appointmentId, more));
const confirm = async (business: string, appointmentId: string, more: object = {}) =>
  post('appointments/confirm', ConfirmAnswer, change(business, appointmentId, more));
const find = async (business: string, by: object) =>
  (await post('appointments/find', AppointmentsFound, { business, callId: crypto.randomUUID(), by })).appointments;
const invitation = async ({ icsUrl }: Appointment) => request('GET', icsUrl.replace('https://parley.test', ''));

describe('POST /v1/node/appointments/find', () => {
  it('finds what is booked under a number or an address, soonest first', async () => {
    const { business } = await setUpBusiness();
    const later = await booked(business, { startMs: tuesday9 });
    const sooner = await booked(business);
    await booked(business, { startMs: at('2035-03-14', '09:00'), attendee: { name: 'Bob', phone: '+13035550199' } });
    expect(await find(business, { phone: ann.phone })).toEqual([sooner, later]);
    expect(await find(business, { email: 'ann@EXAMPLE.com' })).toEqual([sooner, later]);
    expect(await find(business, { phone: '+13035550000' })).toEqual([]);
  });

  it('leaves out what is over or cancelled', async () => {
    const { business, setClock } = await setUpBusiness();
    const { id } = await booked(business);
    await booked(business, { startMs: tuesday9 });
    await cancel(business, id);
    expect(await find(business, { phone: ann.phone })).toHaveLength(1);
    await setClock(tuesday9);
    expect(await find(business, { phone: ann.phone })).toEqual([]);
  });

  it('tells the members of a family apart by name, and hides nothing for a name it does not know', async () => {
    const { business } = await setUpBusiness();
    await booked(business);
    const tom = await booked(business, { startMs: tuesday9, attendee: { ...ann, name: 'Tom Miller' } });
    expect(await find(business, { phone: ann.phone, name: 'tom miller' })).toEqual([tom]);
    expect(await find(business, { phone: ann.phone, name: 'Tim Muller' })).toHaveLength(2);
  });

  it('opens nothing for a name alone', async () => {
    const { business } = await setUpBusiness();
    const body = { business, callId: crypto.randomUUID(), by: { name: ann.name } };
    const response = await request('POST', '/v1/node/appointments/find', { headers: asNode, body });
    expect(response.status).toBe(400);
    expect(v.parse(Problem, await response.json()).error.message).toContain('phone number or the e-mail');
  });

  it('is for media nodes', async () => {
    const { business } = await setUpBusiness();
    const body = { business, callId: crypto.randomUUID(), by: { phone: ann.phone } };
    for (const path of ['find', 'move', 'cancel', 'confirm'])
      expect((await request('POST', `/v1/node/appointments/${path}`, { body })).status).toBe(401);
  });
});

describe('POST /v1/node/appointments/move', () => {
  it('moves, keeps the appointment, and raises the sequence of its invitation', async () => {
    const { business } = await setUpBusiness();
    const before = await booked(business);
    const answer = await move(business, before.id);
    const after = { ...before, startMs: tuesday9, endMs: tuesday9 + 3_600_000 };
    expect(answer).toEqual({ status: 'moved', appointment: after, fromMs: monday9 });
    expect(await (await invitation(before)).text()).toMatch(/SEQUENCE:1\r\n[^]*STATUS:CONFIRMED/);
    expect((await booked(business)).startMs).toBe(monday9);
  });

  it('gives one of twenty who move to the same time that time, and leaves the others where they were', async () => {
    const { business } = await setUpBusiness();
    const appointments: Appointment[] = [];
    for (const date of ['2035-03-14', '2035-03-15', '2035-03-16', '2035-03-19'])
      for (const time of ['08:00', '09:30', '11:00', '12:30', '14:00'])
        appointments.push(await booked(business, { startMs: at(date, time) }));
    const answers = await Promise.all(appointments.map(async ({ id }) => move(business, id)));
    expect(answers.filter(({ status }) => status === 'moved')).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 'taken')).toHaveLength(19);
    expect((await move(business, appointments[0]?.id ?? '', { startMs: at('2035-03-16', '09:30') })).status).toBe(
      'taken',
    );
  });

  it('offers others for a taken time, and lets a move overlap the appointment itself', async () => {
    const { business } = await setUpBusiness();
    const mine = await booked(business);
    await booked(business, { startMs: tuesday9 });
    const taken = await move(business, mine.id);
    expect(taken).toMatchObject({ status: 'taken' });
    if (taken.status === 'taken') expect(taken.alternatives).toHaveLength(3);
    const near = await move(business, mine.id, { requestId: 'change-2', startMs: monday9 + 1_800_000 });
    expect(near).toMatchObject({ status: 'moved', appointment: { startMs: monday9 + 1_800_000 } });
  });

  it('offers the time beside an appointment that is to be moved', async () => {
    const { business } = await setUpBusiness();
    const mine = await booked(business);
    const preference = { fromDate: '2035-03-12', toDate: '2035-03-12', notBefore: '09:00', notAfter: '09:30' };
    const query = { business, callId: crypto.randomUUID(), service: 'roof-inspection', preference, count: 5 };
    expect((await post('slots', SlotAnswer, query)).slots).toEqual([]);
    const own = await post('slots', SlotAnswer, { ...query, movingAppointmentId: mine.id });
    expect(own.slots.map(({ startMs }) => startMs)).toEqual([monday9, monday9 + 1_800_000]);
  });

  it('answers the same request as it did the first time', async () => {
    const { business } = await setUpBusiness();
    const { id } = await booked(business);
    const callId = crypto.randomUUID();
    const first = await move(business, id, { callId });
    const again = await Promise.all(
      Array.from({ length: 5 }, async () => move(business, id, { callId, startMs: at('2035-03-14', '09:00') })),
    );
    for (const answer of again) expect(answer).toEqual(first);
  });

  it.each([
    ['too-soon', { startMs: mondayMs + 3_600_000 }],
    ['in-the-past', { startMs: mondayMs - 1 }],
    ['outside-hours', { startMs: at('2035-03-11', '10:00') }],
    ['not-on-step', { startMs: at('2035-03-12', '09:10') }],
    ['unknown-appointment', { appointmentId: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff' }],
  ])('refuses %s, and changes nothing', async (reason, wish) => {
    const { business } = await setUpBusiness();
    const before = await booked(business);
    expect(await move(business, before.id, wish)).toMatchObject({ status: 'refused', reason });
    expect(await find(business, { phone: ann.phone })).toEqual([before]);
  });

  it("does not reach another business's appointments", async () => {
    const { business } = await setUpBusiness();
    const { business: other } = await setUpBusiness();
    const { id } = await booked(business);
    expect(await move(other, id)).toMatchObject({ status: 'refused', reason: 'unknown-appointment' });
    expect(await find(other, { phone: ann.phone })).toEqual([]);
  });
});

describe('POST /v1/node/appointments/cancel and confirm', () => {
  it('cancels: the time is free again, and the invitation takes the appointment out', async () => {
    const { business } = await setUpBusiness();
    const before = await booked(business);
    const callId = crypto.randomUUID();
    const answer = await cancel(business, before.id, { callId });
    expect(answer).toEqual({ status: 'cancelled', appointment: { ...before, status: 'cancelled' } });
    expect(await cancel(business, before.id, { callId })).toEqual(answer);
    expect(await cancel(business, before.id)).toMatchObject({ status: 'refused', reason: 'cancelled' });
    const ics = await invitation(before);
    expect(ics.headers.get('content-type')).toContain('method=CANCEL');
    expect(await ics.text()).toMatch(/METHOD:CANCEL\r\n[^]*SEQUENCE:1\r\n[^]*STATUS:CANCELLED/);
    expect((await booked(business)).startMs).toBe(monday9);
  });

  it('confirms; a move takes the confirmation back', async () => {
    const { business } = await setUpBusiness();
    const { id } = await booked(business);
    expect(await confirm(business, id)).toMatchObject({
      status: 'confirmed',
      appointment: { confirmedAtMs: mondayMs, startMs: monday9 },
    });
    const moved = await move(business, id);
    expect(moved.status === 'moved' && moved.appointment.confirmedAtMs).toBeUndefined();
  });

  it('refuses what has begun', async () => {
    const { business, setClock } = await setUpBusiness();
    const { id } = await booked(business);
    await setClock(monday9 + 1);
    expect(await cancel(business, id)).toMatchObject({ status: 'refused', reason: 'in-the-past' });
    expect(await confirm(business, id)).toMatchObject({ status: 'refused', reason: 'in-the-past' });
    expect(await move(business, id)).toMatchObject({ status: 'refused', reason: 'in-the-past' });
  });
});

/** The call's record, once its CRM deliveries are through. */
const delivered = async (business: string, callId: string): Promise<CallRecord> =>
  vi.waitFor(
    async () => {
      const record = await callRecord(business, callId);
      expect(record.deliveries.every(({ status }) => status === 'delivered')).toBe(true);
      return record;
    },
    { timeout: 20_000, interval: 20 },
  );

describe('what is known of a change afterwards', () => {
  it('stands in the record of the call that made it, and the CRM hears of it once', async () => {
    const { business, bundle } = await setUpBusiness({}, { crm });
    const receiver = startReceiver();
    const { id } = await booked(business);
    const { callId } = await openSession(business);
    await move(business, id, { callId });
    const moved: CallFact = {
      type: 'appointment-moved',
      appointmentId: id,
      service: 'roof-inspection',
      fromMs: monday9,
      startMs: tuesday9,
    };
    const facts = [callStart(bundle.hash), leadFact(reachableLead), moved, callEnd];
    await postEvents(business, callId, inOrder(facts));
    const record = await delivered(business, callId);
    expect(record.appointments).toMatchObject([{ id, startMs: tuesday9 }]);
    expect(record.summary.outcome).toBe('appointment-moved');
    expect(record.deliveries.map(({ type }) => type)).toEqual(['lead.updated', 'lead.updated', 'call.completed']);
    expect(receiver.faults).toEqual([]);
  });

  it('reaches the CRM though the caller had hung up before the answer', async () => {
    const { business, bundle } = await setUpBusiness({}, { crm });
    startReceiver();
    const { id } = await booked(business);
    const { callId } = await openSession(business);
    await postEvents(business, callId, inOrder([callStart(bundle.hash), leadFact(reachableLead), callEnd]));
    const before = (await delivered(business, callId)).deliveries.length;
    await cancel(business, id, { callId });
    const record = await delivered(business, callId);
    expect(record.deliveries).toHaveLength(before + 1);
    expect(record.summary.outcome).toBe('appointment-cancelled');
    expect(record.appointments).toMatchObject([{ id, status: 'cancelled' }]);
  });
});

describe('the migration', () => {
  it('finds and changes appointments that were booked before it', async () => {
    const { business, stub } = await setUpBusiness();
    const { id } = await booked(business);
    await runInDurableObject(stub, (_: Business, { storage }) => {
      turnBack(storage, 3);
      migrate(storage, testMasterKeys, mondayMs);
    });
    expect(await find(business, { phone: ann.phone })).toMatchObject([{ id }]);
    expect((await confirm(business, id)).status).toBe('confirmed');
  });
});
