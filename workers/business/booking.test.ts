import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import type { CallFact } from '../../contract/call-event.ts';
import { CallList } from '../../contract/call-record.ts';
import { Appointment, BookingAnswer, HoldAnswer, SlotAnswer } from '../../contract/scheduling.ts';
import { Problem } from '../../contract/problem.ts';
import { addDays, instantOf, wallClock } from '../../dialogue/calendar/local-time.ts';
import { asNode, asStaff, callRecord, mondayMs, openSession, request, setUpBusiness } from '../test/control-plane.ts';
import { callEnd, callStart, inOrder, postEvents } from '../test/events.ts';
import { denverRules } from '../test/playbook.ts';

const at = (date: string, time: string): number => instantOf(date, time, 'America/Denver');
const monday9 = at('2035-03-12', '09:00');

interface Wish {
  readonly callId?: string;
  readonly requestId?: string;
  readonly service?: string;
  readonly startMs?: number;
}

async function book(business: string, wish: Wish = {}): Promise<BookingAnswer> {
  const body = {
    business,
    callId: crypto.randomUUID(),
    requestId: 'booking-1',
    service: 'roof-inspection',
    startMs: monday9,
    attendee: { name: 'Ann Miller', phone: '+13035550123' },
    ...wish,
  };
  return v.parse(BookingAnswer, await (await request('POST', '/v1/node/bookings', { headers: asNode, body })).json());
}

async function appointments(business: string, query = ''): Promise<Appointment[]> {
  const response = await request('GET', `/v1/businesses/${business}/appointments${query}`, { headers: asStaff });
  return v.parse(v.object({ appointments: v.array(Appointment) }), await response.json()).appointments;
}

async function findSlots(business: string, query: Record<string, unknown> = {}) {
  const body = {
    business,
    callId: crypto.randomUUID(),
    service: 'roof-inspection',
    preference: {},
    count: 3,
    ...query,
  };
  return request('POST', '/v1/node/slots', { headers: asNode, body });
}

describe('a call whose media node never had the answer', () => {
  const promised: CallFact[] = [
    { type: 'call-back-promised', reason: 'The time is to be confirmed' },
    { type: 'call-end', reason: 'agent-goodbye', outcome: 'call-back-promised' },
  ];

  it('went as its caller was told: the time is kept, and they are to be called back', async () => {
    const { business, bundle } = await setUpBusiness();
    const { callId } = await openSession(business);
    await book(business, { callId });
    await postEvents(business, callId, inOrder([callStart(bundle.hash), ...promised]));
    const { summary, appointments: kept } = await callRecord(business, callId);
    expect(summary.outcome).toBe('call-back-promised');
    expect(kept).toMatchObject([{ startMs: monday9, status: 'booked' }]);
    const listed = await request('GET', `/v1/businesses/${business}/calls?outcome=call-back-promised`, {
      headers: asStaff,
    });
    expect(v.parse(CallList, await listed.json()).calls).toMatchObject([{ callId, outcome: 'call-back-promised' }]);
  });

  it('booked, where it ended before anything was promised', async () => {
    const { business, bundle } = await setUpBusiness();
    const { callId } = await openSession(business);
    await book(business, { callId });
    await postEvents(business, callId, inOrder([callStart(bundle.hash), callEnd]));
    expect((await callRecord(business, callId)).summary.outcome).toBe('appointment-booked');
  });
});

describe('POST /v1/node/slots', () => {
  it('offers different days and halves of days', async () => {
    const { business } = await setUpBusiness();
    const { slots } = v.parse(SlotAnswer, await (await findSlots(business)).json());
    expect(
      slots.map(
        ({ startMs }) => `${wallClock(startMs, 'America/Denver').date} ${wallClock(startMs, 'America/Denver').time}`,
      ),
    ).toEqual(['2035-03-05 12:00', '2035-03-06 08:00', '2035-03-07 08:00']);
  });

  it('does not offer what is booked', async () => {
    const { business } = await setUpBusiness();
    const preference = { fromDate: '2035-03-12', toDate: '2035-03-12', notAfter: '10:00' };
    await book(business);
    const { slots } = v.parse(SlotAnswer, await (await findSlots(business, { preference, count: 20 })).json());
    expect(slots).toEqual([]);
  });

  it('knows its services', async () => {
    const { business } = await setUpBusiness();
    const response = await findSlots(business, { service: 'car-wash' });
    expect(response.status).toBe(404);
    expect(v.parse(Problem, await response.json()).error.field).toBe('service');
  });
});

async function hold(business: string, callId: string, startMs = monday9): Promise<HoldAnswer> {
  const body = { business, callId, service: 'roof-inspection', startMs };
  return v.parse(HoldAnswer, await (await request('POST', '/v1/node/holds', { headers: asNode, body })).json());
}

describe('POST /v1/node/holds', () => {
  it('keeps a time from others for 90 seconds, and not from the call that holds it', async () => {
    const { business, setClock } = await setUpBusiness();
    const callId = crypto.randomUUID();
    expect(await hold(business, callId)).toEqual({ status: 'held', untilMs: mondayMs + 90_000 });
    const preference = { fromDate: '2035-03-12', toDate: '2035-03-12', notAfter: '09:00' };
    const times = async (asker: string) =>
      v
        .parse(SlotAnswer, await (await findSlots(business, { preference, count: 20, callId: asker })).json())
        .slots.map(({ startMs }) => startMs);
    expect(await times(callId)).toContain(monday9);
    expect(await times(crypto.randomUUID())).not.toContain(monday9);
    expect((await book(business)).status).toBe('taken');
    expect((await hold(business, crypto.randomUUID())).status).toBe('taken');
    await setClock(mondayMs + 90_000);
    expect((await book(business)).status).toBe('booked');
    expect((await book(business, { callId })).status).toBe('taken');
  });

  it('ends with the booking, and with another hold of the same call', async () => {
    const { business } = await setUpBusiness();
    const callId = crypto.randomUUID();
    await hold(business, callId);
    const other = at('2035-03-13', '09:00');
    expect((await hold(business, callId, other)).status).toBe('held');
    expect((await book(business)).status).toBe('booked');
    expect((await book(business, { callId, startMs: other })).status).toBe('booked');
    expect((await hold(business, callId, at('2035-03-14', '09:00'))).status).toBe('held');
    expect((await book(business, { startMs: at('2035-03-14', '09:00') })).status).toBe('taken');
  });

  it('refuses what cannot be booked', async () => {
    const { business } = await setUpBusiness();
    const callId = crypto.randomUUID();
    expect(await hold(business, callId, mondayMs - 1)).toMatchObject({ status: 'refused', reason: 'in-the-past' });
    expect(await hold(business, callId, monday9 + 1)).toMatchObject({ status: 'refused', reason: 'not-on-step' });
  });
});

describe('POST /v1/node/bookings', () => {
  it('gives each of the staff one of the customers who want the same time', async () => {
    const services = denverRules.services.map((service) => ({ ...service, capacity: 50 }));
    const staff = [
      { id: 'ana', name: 'Ana' },
      { id: 'ben', name: 'Ben' },
      { id: 'cleo', name: 'Cleo', services: ['gutter-check'] },
    ];
    const { business } = await setUpBusiness({ scheduling: { ...denverRules, services, staff } });
    const answers = await Promise.all(Array.from({ length: 10 }, async () => book(business)));
    expect(answers.filter(({ status }) => status === 'booked')).toHaveLength(2);
    expect((await appointments(business)).map((one) => one.staff ?? '').toSorted((a, b) => a.localeCompare(b))).toEqual(
      ['ana', 'ben'],
    );
    // Cleo is the only one left who has time at nine.
    const gutter = await book(business, { service: 'gutter-check' });
    expect(gutter).toMatchObject({ status: 'booked', appointment: { staff: 'cleo' } });
  });

  it('books, and the appointment is in the calendar and in the call', async () => {
    const { business } = await setUpBusiness();
    const { callId } = await openSession(business);
    const answer = await book(business, { callId });
    expect(answer).toMatchObject({
      status: 'booked',
      appointment: {
        callId,
        startMs: monday9,
        endMs: monday9 + 3_600_000,
        timeZone: 'America/Denver',
        status: 'booked',
        attendee: { name: 'Ann Miller' },
      },
    });
    expect(await appointments(business)).toHaveLength(1);
    expect((await callRecord(business, callId)).appointments).toEqual(await appointments(business));
  });

  it('gives one of fifty who want the same time that time, and the others a choice', async () => {
    const { business } = await setUpBusiness();
    const answers = await Promise.all(Array.from({ length: 50 }, async () => book(business)));
    expect(answers.filter(({ status }) => status === 'booked')).toHaveLength(1);
    const taken = answers.flatMap((answer) => (answer.status === 'taken' ? [answer] : []));
    expect(taken).toHaveLength(49);
    for (const { alternatives } of taken) {
      expect(alternatives).toHaveLength(3);
      expect(alternatives.map(({ startMs }) => startMs)).not.toContain(monday9);
    }
    expect(await appointments(business)).toHaveLength(1);
  });

  it('books as many at once as the service has places', async () => {
    const { business } = await setUpBusiness();
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => book(business, { service: 'gutter-check' })),
    );
    expect(answers.filter(({ status }) => status === 'booked')).toHaveLength(2);
  });

  it('answers the same request as it did the first time', async () => {
    const { business } = await setUpBusiness();
    const callId = crypto.randomUUID();
    const first = await book(business, { callId });
    const again = await Promise.all(
      Array.from({ length: 5 }, async () => book(business, { callId, startMs: at('2035-03-13', '09:00') })),
    );
    for (const answer of again) expect(answer).toEqual(first);
    expect(await appointments(business)).toHaveLength(1);
  });

  it('moves the appointment of a call that books another time, even to one that overlaps it', async () => {
    const { business } = await setUpBusiness();
    const callId = crypto.randomUUID();
    await book(business, { callId });
    const moved = await book(business, { callId, requestId: 'booking-2', startMs: monday9 + 1_800_000 });
    expect(moved.status).toBe('booked');
    const all = await appointments(business);
    expect(all.map(({ startMs, status }) => [startMs, status])).toEqual([
      [monday9, 'cancelled'],
      [monday9 + 1_800_000, 'booked'],
    ]);
    const old = await request('GET', (all[0]?.icsUrl ?? '').replace('https://parley.test', ''));
    expect(await old.text()).toMatch(/SEQUENCE:1\r\n[^]*STATUS:CANCELLED/);
    expect((await book(business)).status).toBe('taken');
  });

  it('keeps the appointment of a call that wants a time it cannot have', async () => {
    const { business } = await setUpBusiness();
    const callId = crypto.randomUUID();
    const other = at('2035-03-13', '09:00');
    await book(business, { callId });
    await book(business, { startMs: other });
    expect((await book(business, { callId, requestId: 'booking-2', startMs: other })).status).toBe('taken');
    expect((await book(business, { callId, requestId: 'booking-3', startMs: at('2035-03-13', '23:00') })).status).toBe(
      'refused',
    );
    expect((await appointments(business)).map(({ status }) => status)).toEqual(['booked', 'booked']);
  });

  it('has nothing to move when a call books the time it has', async () => {
    const { business } = await setUpBusiness();
    const callId = crypto.randomUUID();
    const first = await book(business, { callId });
    expect(await book(business, { callId, requestId: 'booking-2' })).toEqual(first);
    expect(await appointments(business)).toHaveLength(1);
  });

  it.each([
    ['in-the-past', { startMs: mondayMs - 1 }],
    ['too-soon', { startMs: mondayMs + 3_600_000 }],
    ['outside-hours', { startMs: at('2035-03-12', '16:30') }],
    ['outside-hours', { startMs: at('2035-03-11', '10:00') }],
    ['outside-hours', { startMs: at('2036-03-12', '10:00') }],
    ['outside-hours', { startMs: Number.MAX_SAFE_INTEGER }],
    ['not-on-step', { startMs: at('2035-03-12', '09:10') }],
    ['not-on-step', { startMs: monday9 + 1 }],
    ['unknown-service', { service: 'car-wash' }],
  ])('refuses %s', async (reason, wish) => {
    const { business } = await setUpBusiness();
    expect(await book(business, wish)).toMatchObject({ status: 'refused', reason });
    expect(await appointments(business)).toEqual([]);
  });

  it('refuses a closed day', async () => {
    const { business, setClock } = await setUpBusiness();
    await setClock(at('2035-12-20', '09:00'));
    expect(await book(business, { startMs: at('2035-12-25', '10:00') })).toMatchObject({
      status: 'refused',
      reason: 'outside-hours',
    });
  });

  it.each([
    ['2035-03-09', '2035-03-12', '16:00'],
    ['2035-11-02', '2035-11-05', '17:00'],
  ])('books 10:00 on the clock across the change between %s and %s', async (before, after, expectedUtc) => {
    const { business, setClock } = await setUpBusiness();
    await setClock(at(addDays(before, -1), '09:00'));
    for (const date of [before, after])
      expect((await book(business, { startMs: at(date, '10:00') })).status).toBe('booked');
    const [, second] = await appointments(business);
    expect(new Date(second?.startMs ?? 0).toISOString().slice(11, 16)).toBe(expectedUtc);
  });

  it('works through the skipped and the repeated hour of a business that never closes', async () => {
    const scheduling = {
      ...denverRules,
      openingHours: [{ days: [1, 2, 3, 4, 5, 6, 7] as (1 | 2 | 3 | 4 | 5 | 6 | 7)[], from: '00:00', to: '00:00' }],
      services: [
        { id: 'visit', name: 'Visit', durationMin: 60, bufferMin: 0, leadTimeMin: 0, capacity: 1, stepMin: 60 },
      ],
    };
    const { business, setClock } = await setUpBusiness({ scheduling });
    await setClock(at('2035-03-10', '12:00'));
    const one = at('2035-03-11', '01:00');
    expect((await book(business, { service: 'visit', startMs: one })).status).toBe('booked');
    // 03:00 on the clock, one hour later.
    expect((await book(business, { service: 'visit', startMs: one + 3_600_000 })).status).toBe('booked');
    await setClock(at('2035-11-03', '12:00'));
    const first = at('2035-11-04', '01:00');
    // 01:00 both times.
    expect((await book(business, { service: 'visit', startMs: first })).status).toBe('booked');
    expect((await book(business, { service: 'visit', startMs: first + 3_600_000 })).status).toBe('booked');
    expect((await book(business, { service: 'visit', startMs: first + 3_600_000 })).status).toBe('taken');
  });

  it('lists appointments from a time on', async () => {
    const { business } = await setUpBusiness();
    await book(business);
    expect(await appointments(business, `?fromMs=${monday9 + 3_599_999}`)).toHaveLength(1);
    expect(await appointments(business, `?fromMs=${monday9 + 3_600_000}`)).toEqual([]);
  });
});
