import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import * as v from 'valibot';
import { Problem } from '../../contract/problem.ts';
import { ProjectionReport } from '../../contract/projection-check.ts';
import { Appointment, BookingAnswer, MoveAnswer } from '../../contract/scheduling.ts';
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
import { callEnd, callStart, inOrder, leadFact, postEvents, reachableLead } from '../test/events.ts';
import { denverRules } from '../test/playbook.ts';
import type { Business } from './business.ts';

const at = (date: string, time: string): number => instantOf(date, time, 'America/Denver');
const monday9 = at('2035-03-12', '09:00');
const ann = { name: 'Ann Miller', phone: '+13035550123', email: 'ann@example.com' };
const wish = { service: 'roof-inspection', at: '2035-03-12T09:00', attendee: ann };

const ask = (business: string, below: string, body?: unknown): Promise<Response> =>
  request('POST', `/v1/businesses/${business}/appointments${below}`, {
    headers: asStaff,
    ...(body === undefined ? {} : { body }),
  });

async function made(response: Response): Promise<Appointment> {
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(`Refused: ${JSON.stringify(body)}`);
  return v.parse(Appointment, body);
}

async function refused(response: Response, status: number) {
  const { error } = v.parse(Problem, await response.json());
  expect([response.status, error.message]).toEqual([status, error.message]);
  return error;
}

const book = async (business: string, change: object = {}) => made(await ask(business, '', { ...wish, ...change }));
const refusal = async (business: string, change: object, status: number) =>
  refused(await ask(business, '', { ...wish, ...change }), status);
const move = (business: string, id: string, body: object) => ask(business, `/${id}/move`, body);
const cancel = (business: string, id: string) => ask(business, `/${id}/cancel`);

async function list(business: string): Promise<Appointment[]> {
  const response = await request('GET', `/v1/businesses/${business}/appointments`, { headers: asStaff });
  return v.parse(v.object({ appointments: v.array(Appointment) }), await response.json()).appointments;
}

async function callerBooks(business: string, change: object = {}): Promise<BookingAnswer> {
  const body = {
    business,
    callId: crypto.randomUUID(),
    requestId: 'one',
    service: 'roof-inspection',
    startMs: monday9,
    attendee: ann,
    ...change,
  };
  return v.parse(BookingAnswer, await (await request('POST', '/v1/node/bookings', { headers: asNode, body })).json());
}

const staffed = {
  ...denverRules,
  staff: [
    { id: 'ana', name: 'Ana' },
    { id: 'ben', name: 'Ben', services: ['gutter-check'] },
    { id: 'cleo', name: 'Cleo', openingHours: [{ days: [2 as const], from: '08:00', to: '12:00' }] },
  ],
};

describe('POST /v1/businesses/:business/appointments', () => {
  it('books at a time of the business, or at one with an offset', async () => {
    const { business } = await setUpBusiness();
    const first = await book(business);
    expect(first).toMatchObject({ callId: null, startMs: monday9, timeZone: 'America/Denver', attendee: ann });
    const second = await book(business, { at: '2035-03-13T15:00Z', attendee: { name: ' Bob ' } });
    expect(second).toMatchObject({ startMs: at('2035-03-13', '09:00'), attendee: { name: 'Bob' } });
    expect(await list(business)).toEqual([first, second]);
  });

  it('names the times around the hour that clocks skip, and both that they show twice', async () => {
    const { business, setClock } = await setUpBusiness();
    const skipped = await refusal(business, { at: '2035-03-11T02:30', outsideHours: true }, 422);
    expect(skipped).toMatchObject({ field: 'at', choices: ['2035-03-11T03:00-06:00'] });
    expect(skipped.action).toContain('2035-03-11T03:00-06:00');
    await setClock(at('2035-11-01', '12:00'));
    const twice = await refusal(business, { at: '2035-11-04T01:30', outsideHours: true }, 422);
    expect(twice.choices).toEqual(['2035-11-04T01:30-06:00', '2035-11-04T01:30-07:00']);
    for (const choice of twice.choices ?? [])
      await book(business, { at: choice, outsideHours: true, service: 'gutter-check' });
    const starts = (await list(business)).map(({ startMs }) => startMs);
    expect(starts).toEqual([Date.UTC(2035, 10, 4, 7, 30), Date.UTC(2035, 10, 4, 8, 30)]);
  });

  it.each([
    ['the past', { at: '2035-03-05T09:30' }, 422, 'at', /already passed/],
    ['a year that is a slip', { at: '2062-03-12T09:00' }, 422, 'at', /730 days/],
    ['a day that no month has', { at: '2035-02-30T09:00' }, 422, 'at', /no 2035-02-30/],
    ['a closed day', { at: '2035-03-11T09:00' }, 422, 'at', /not open/],
    ['between the steps', { at: '2035-03-12T09:10' }, 422, 'at', /every 30 minutes/],
    ['an unknown service', { service: 'car-wash' }, 404, 'service', /roof-inspection, gutter-check/],
    ['staff where there are none', { staff: 'ana' }, 400, 'staff', /names no staff/],
    ['a time that is none', { at: 'tomorrow at nine' }, 400, 'at', /2026-11-30T14:30-07:00/],
    [
      'a number without its country',
      { attendee: { name: 'Ann', phone: '303-555-0123' } },
      400,
      'attendee.phone',
      /\+1303/,
    ],
    ['nobody', { attendee: { name: '  ' } }, 400, 'attendee.name', /whom/],
    ['a field that there is not', { outsidehours: true }, 400, 'outsidehours', /never/],
  ])('refuses %s and says what to change', async (_, change, status, field, message) => {
    const { business } = await setUpBusiness();
    const error = await refusal(business, change, status);
    expect(error).toMatchObject({ field, message: expect.stringMatching(message) });
    expect(error.action).not.toBe('');
    expect(await list(business)).toEqual([]);
  });

  it('is for staff of a business that there is, with a playbook', async () => {
    const { business } = await setUpBusiness();
    for (const path of ['', `/${crypto.randomUUID()}/move`, `/${crypto.randomUUID()}/cancel`]) {
      const answer = await request('POST', `/v1/businesses/${business}/appointments${path}`, {
        headers: asNode,
        body: wish,
      });
      expect(answer.status).toBe(401);
    }
    await refusal('no-such-business', {}, 404);
  });

  it('binds staff by capacity and by what is taken, not by what callers are asked to keep', async () => {
    const { business } = await setUpBusiness();
    // Within the lead time, and beyond the sixty days that callers may look ahead.
    await book(business, { at: '2035-03-05T11:00' });
    await book(business, { at: '2035-10-01T09:00' });
    const night = { at: '2035-03-11T22:10', outsideHours: true };
    await book(business, night);
    const taken = await refusal(business, night, 409);
    expect(taken).toMatchObject({ code: 'conflict', field: 'at' });
    expect(taken.choices).toHaveLength(3);
    for (const choice of taken.choices ?? []) await book(business, { at: choice });
  });

  it('leaves alone what a caller is just being offered', async () => {
    const { business } = await setUpBusiness();
    const body = { business, callId: crypto.randomUUID(), service: 'roof-inspection', startMs: monday9 };
    await request('POST', '/v1/node/holds', { headers: asNode, body });
    const { choices } = await refusal(business, {}, 409);
    expect(choices).toHaveLength(3);
  });

  it('gives it to whom it shall be with, to nobody else, and outside their hours only when told to', async () => {
    const { business } = await setUpBusiness({ scheduling: staffed });
    expect((await book(business, { at: '2035-03-13T09:00', staff: 'cleo' })).staff).toBe('cleo');
    // Two do it, but there is one place at a time.
    const away = await refusal(business, { at: '2035-03-14T09:00', staff: 'cleo' }, 409);
    expect(away.message).toContain('Cleo is not free');
    expect(away.choices).toContain('2035-03-20T08:00-06:00');
    const called = await book(business, { at: '2035-03-14T09:00', staff: 'cleo', outsideHours: true });
    expect(called.staff).toBe('cleo');
    expect((await book(business, { at: '2035-03-15T09:00', outsideHours: true })).staff).toBe('ana');
    const wrong = await refusal(business, { at: '2035-03-16T09:00', staff: 'ben' }, 400);
    expect(wrong).toMatchObject({ field: 'staff', message: "Ben does not do 'roof-inspection'." });
    const unknown = await refusal(business, { at: '2035-03-16T09:00', staff: 'dan' }, 400);
    expect(unknown.message).toContain('ana, ben, cleo');
    expect((await refusal(business, { service: 'car-wash', staff: 'ben' }, 404)).field).toBe('service');
  });

  it('makes one appointment of one requestId, and none of a requestId that was another', async () => {
    const { business } = await setUpBusiness();
    const once = { service: 'gutter-check', requestId: 'from the form, 7' };
    const answers = await Promise.all(Array.from({ length: 5 }, async () => book(business, once)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await list(business)).toHaveLength(1);
    const other = await refusal(business, { ...once, attendee: { name: 'Bob' } }, 409);
    expect(other.field).toBe('requestId');
    const [first] = answers;
    await move(business, first?.id ?? '', { at: '2035-03-13T09:00' });
    expect(await book(business, once)).toMatchObject({ id: first?.id, startMs: at('2035-03-13', '09:00') });
    expect(await list(business)).toHaveLength(1);
    expect((await book(business, { ...once, requestId: 'from the form, 8' })).id).not.toBe(first?.id);
  });

  it('gives one of forty, staff and callers, the time that all of them want', async () => {
    const { business } = await setUpBusiness();
    const [staff, callers] = await Promise.all([
      Promise.all(Array.from({ length: 20 }, async () => ask(business, '', wish))),
      Promise.all(Array.from({ length: 20 }, async () => callerBooks(business))),
    ]);
    const booked = [...staff.map(({ ok }) => ok), ...callers.map(({ status }) => status === 'booked')];
    expect(booked.filter(Boolean)).toHaveLength(1);
    expect(await list(business)).toHaveLength(1);
    expect(new Set(staff.map(({ status }) => status)).size).toBeLessThanOrEqual(2);
  });
});

describe('POST /v1/businesses/:business/appointments/:id/move and …/cancel', () => {
  it('change what a caller booked, and the caller’s invitation', async () => {
    const { business } = await setUpBusiness();
    const booking = await callerBooks(business);
    if (booking.status !== 'booked') throw new Error('Not booked.');
    const { id, icsUrl } = booking.appointment;
    const invitation = async () => (await request('GET', icsUrl.replace('https://parley.test', ''))).text();
    const tuesday = { at: '2035-03-13T09:00' };
    const moved = await made(await move(business, id, tuesday));
    expect(moved).toEqual({
      ...booking.appointment,
      startMs: at('2035-03-13', '09:00'),
      endMs: at('2035-03-13', '10:00'),
    });
    // Sent again, as by a form that had no answer.
    expect(await made(await move(business, id, tuesday))).toEqual(moved);
    expect(await invitation()).toMatch(/SEQUENCE:1\r\n[^]*STATUS:CONFIRMED/);
    await book(business);
    for (let times = 0; times < 2; times += 1)
      expect((await made(await cancel(business, id))).status).toBe('cancelled');
    expect(await invitation()).toMatch(/SEQUENCE:2\r\n[^]*STATUS:CANCELLED/);
  });

  it('leave it where it was when it cannot be', async () => {
    const { business, setClock } = await setUpBusiness();
    const { id } = await book(business);
    await book(business, { at: '2035-03-13T09:00' });
    const before = await list(business);
    const taken = await refused(await move(business, id, { at: '2035-03-13T09:30' }), 409);
    expect(taken.choices).toHaveLength(3);
    await refused(await move(business, id, { at: '2035-03-11T09:00' }), 422);
    await refused(await move(business, id, { at: '2035-03-11T02:30' }), 422);
    await refused(await move(business, id, { at: '2035-03-05T09:00' }), 422);
    await refused(await move(business, id, {}), 400);
    await refused(await move(business, crypto.randomUUID(), { at: '2035-03-14T09:00' }), 404);
    await refused(await cancel(business, crypto.randomUUID()), 404);
    await refused(await cancel(business, 'one'), 400);
    expect(await list(business)).toEqual(before);
    expect((await made(await move(business, id, { at: '2035-03-11T09:10', outsideHours: true }))).startMs).toBe(
      at('2035-03-11', '09:10'),
    );
    await setClock(at('2035-03-11', '09:10'));
    expect((await refused(await cancel(business, id), 409)).message).toContain('begun');
  });

  it('give one of staff and callers who move there the time that both want', async () => {
    const { business } = await setUpBusiness();
    const ours = await Promise.all(
      ['2035-03-12T09:00', '2035-03-14T09:00', '2035-03-16T09:00'].map(async (time) => book(business, { at: time })),
    );
    const theirs = await callerBooks(business, { startMs: at('2035-03-15', '09:00') });
    if (theirs.status !== 'booked') throw new Error('Not booked.');
    const body = {
      business,
      callId: crypto.randomUUID(),
      requestId: 'm',
      appointmentId: theirs.appointment.id,
      startMs: at('2035-03-13', '09:00'),
    };
    const [moves, callers] = await Promise.all([
      Promise.all(ours.map(async ({ id }) => move(business, id, { at: '2035-03-13T09:00' }))),
      request('POST', '/v1/node/appointments/move', { headers: asNode, body }),
    ]);
    const answer = v.parse(MoveAnswer, await callers.json());
    expect([...moves.map(({ ok }) => ok), answer.status === 'moved'].filter(Boolean)).toHaveLength(1);
    expect((await list(business)).filter(({ startMs }) => startMs === at('2035-03-13', '09:00'))).toHaveLength(1);
  });
});

describe('what staff do to a caller’s appointment', () => {
  it('reaches the CRM with the call that booked it, each change once', async () => {
    const { business, bundle } = await setUpBusiness({}, { crm });
    const receiver = startReceiver();
    const { callId } = await openSession(business);
    const events = inOrder([callStart(bundle.hash), leadFact(reachableLead), callEnd]);
    await postEvents(business, callId, events.slice(0, 2));
    const booking = await callerBooks(business, { callId });
    if (booking.status !== 'booked') throw new Error('Not booked.');
    const { id } = booking.appointment;
    await postEvents(business, callId, events);
    for (const time of ['2035-03-13T09:00', '2035-03-12T09:00', '2035-03-13T09:00', '2035-03-13T09:00'])
      await made(await move(business, id, { at: time }));
    for (let times = 0; times < 2; times += 1) await made(await cancel(business, id));
    await vi.waitFor(
      async () => {
        const { deliveries } = await callRecord(business, callId);
        expect(deliveries.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'delivered'));
      },
      { timeout: 20_000, interval: 20 },
    );
    // Delivered at least once; the id says which are the same.
    const messages = [...new Map(receiver.received.map(({ id: messageId, message }) => [messageId, message])).values()];
    const told = messages.slice(2).flatMap(({ data }) => data.appointments);
    const tuesday = at('2035-03-13', '09:00');
    expect(told.map(({ startMs }) => startMs)).toEqual([tuesday, monday9, tuesday, tuesday]);
    expect(told.map(({ status }) => status)).toEqual(['booked', 'booked', 'booked', 'cancelled']);
    expect(receiver.faults).toEqual([]);
  });
});

describe('what staff book', () => {
  it('is found, confirmed and moved by its customer on a call', async () => {
    const { business } = await setUpBusiness();
    const mine = await book(business);
    const callId = crypto.randomUUID();
    const onCall = async (path: string, body: object): Promise<unknown> =>
      (
        await request('POST', `/v1/node/appointments/${path}`, { headers: asNode, body: { business, callId, ...body } })
      ).json();
    expect(await onCall('find', { by: { phone: ann.phone } })).toEqual({ appointments: [mine] });
    const change = { requestId: 'one', appointmentId: mine.id };
    expect(await onCall('confirm', change)).toMatchObject({ status: 'confirmed' });
    const startMs = at('2035-03-13', '09:00');
    expect(await onCall('move', { ...change, startMs })).toMatchObject({ status: 'moved' });
    expect(await list(business)).toMatchObject([{ id: mine.id, callId: null, startMs }]);
  });

  it('has all that a caller’s booking has: events, reminders, a call to confirm, a log that makes it again', async () => {
    const { business, stub, setClock } = await setUpBusiness({
      scheduling: { ...denverRules, remindersMin: [1_440], confirmationCallMin: 1_440 },
    });
    const endpoint = { url: 'https://hooks.test/parley', events: ['*'] };
    await request('POST', `/v1/businesses/${business}/webhook-endpoints`, { headers: asStaff, body: endpoint });
    const mail = { provider: 'resend', apiKey: 're_test', from: { email: 'office@summit.example' } };
    await request('PUT', `/v1/businesses/${business}/mail`, { headers: asStaff, body: mail });
    const written = async () =>
      runInDurableObject(stub, (_: Business, { storage: { sql } }) => ({
        events: sql
          .exec<{ type: string }>('SELECT type FROM webhook_events ORDER BY at_ms')
          .toArray()
          .map(({ type }) => type),
        log: sql.exec('SELECT kind, call_id FROM appointment_log ORDER BY position').toArray(),
        jobs: sql
          .exec<{ kind: string; due_ms: number }>('SELECT kind, due_ms FROM jobs WHERE sequence = 0 ORDER BY kind')
          .toArray()
          .map(({ kind, due_ms: dueMs }) => [kind, dueMs]),
        text: sql
          .exec<{ t: string }>('SELECT CAST(attendee AS TEXT) || CAST(notes AS TEXT) AS t FROM appointments')
          .one().t,
      }));
    // What is due stays here: nothing is sent anywhere.
    await runInDurableObject(stub, (instance: Business) => {
      instance.enqueueScheduling = async () => Promise.resolve();
      instance.enqueueHook = async () => Promise.resolve();
    });
    const { id } = await book(business, { notes: 'The dog bites' });
    const { text, jobs } = await written();
    expect(jobs.map(([kind]) => kind)).toEqual(['confirmation-call', 'invite', 'remind']);
    const dayBeforeMs = monday9 - 86_400_000;
    expect(Object.fromEntries(jobs)).toMatchObject({ 'confirmation-call': dayBeforeMs, remind: dayBeforeMs });
    expect(text).not.toMatch(/Ann|dog/);
    await setClock(mondayMs + 60_000);
    await move(business, id, { at: '2035-03-13T09:00' });
    await setClock(mondayMs + 120_000);
    await cancel(business, id);
    const { events, log } = await written();
    expect(events).toEqual(['appointment.booked', 'appointment.moved', 'appointment.cancelled']);
    expect(log).toEqual(['booked', 'moved', 'cancelled'].map((kind) => ({ kind, call_id: null })));
    const before = await list(business);
    const rebuilt = await request('POST', `/v1/businesses/${business}/projections`, {
      headers: asStaff,
      body: { mode: 'rebuild' },
    });
    expect(v.parse(ProjectionReport, await rebuilt.json()).differences).toEqual([]);
    expect(await list(business)).toEqual(before);
  });
});
