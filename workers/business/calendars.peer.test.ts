import { runDurableObjectAlarm } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import * as v from 'valibot';
import { DeliveryList } from '../../contract/delivery.ts';
import { NoticeList } from '../../contract/notice.ts';
import { Appointment, BookingAnswer, SlotAnswer } from '../../contract/scheduling.ts';
import { instantOf } from '../../dialogue/calendar/local-time.ts';
import { makeCalendar } from '../test/caldav-calendar.ts';
import { asNode, asStaff, crm, mondayMs, request, setUpBusiness } from '../test/control-plane.ts';
import { callStart, inOrder, postEvents } from '../test/events.ts';
import { denverRules } from '../test/playbook.ts';

const at = (date: string, time: string): number => instantOf(date, time, 'America/Denver');
const monday9 = at('2035-03-12', '09:00');
const utc = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');

type Calendar = Awaited<ReturnType<typeof makeCalendar>>;

async function connect(business: string, calendar: Calendar, more: Record<string, unknown> = {}, id = 'office') {
  const body = { ...calendar.settings, ...more };
  return request('PUT', `/v1/businesses/${business}/calendars/${id}`, { headers: asStaff, body });
}

async function setUp(config: Parameters<typeof setUpBusiness>[1] = {}) {
  const set = await setUpBusiness({}, config);
  const calendar = await makeCalendar();
  expect((await connect(set.business, calendar)).status).toBe(200);
  let nowMs = mondayMs;
  /** Lets a minute and a half pass, so that what calendars told is old. */
  const pass = async (): Promise<void> => {
    nowMs += 90_000;
    await set.setClock(nowMs);
  };
  return { ...set, calendar, pass };
}

async function book(business: string, startMs = monday9, callId: string = crypto.randomUUID()): Promise<BookingAnswer> {
  const body = {
    business,
    callId,
    requestId: 'one',
    service: 'roof-inspection',
    startMs,
    attendee: { name: 'Ann Miller', phone: '+13035550123' },
  };
  return v.parse(BookingAnswer, await (await request('POST', '/v1/node/bookings', { headers: asNode, body })).json());
}

async function bookedId(business: string): Promise<string> {
  const answer = await book(business);
  if (answer.status !== 'booked') throw new Error(`Expected a booking, got ${answer.status}.`);
  return answer.appointment.id;
}

async function slotsOn(business: string, date: string): Promise<SlotAnswer> {
  const preference = { fromDate: date, toDate: date };
  const body = { business, callId: crypto.randomUUID(), service: 'roof-inspection', preference, count: 20 };
  return v.parse(SlotAnswer, await (await request('POST', '/v1/node/slots', { headers: asNode, body })).json());
}

async function appointments(business: string): Promise<Appointment[]> {
  const response = await request('GET', `/v1/businesses/${business}/appointments`, { headers: asStaff });
  return v.parse(v.object({ appointments: v.array(Appointment) }), await response.json()).appointments;
}

async function notices(business: string) {
  const response = await request('GET', `/v1/businesses/${business}/notices`, { headers: asStaff });
  return v.parse(NoticeList, await response.json()).notices;
}

const eventually = async <T>(look: () => Promise<T>): Promise<T> => vi.waitFor(look, { timeout: 10_000, interval: 50 });

/** The one event of a calendar, once it stands at this time. */
async function standing(calendar: Calendar, startMs: number): Promise<{ file: string; ics: string }> {
  return eventually(async () => {
    const [file = '', ...more] = await calendar.files();
    expect(more).toEqual([]);
    const ics = await calendar.read(file);
    expect(ics).toContain(`DTSTART:${utc(startMs)}`);
    return { file, ics };
  });
}

/** As a person drags it to another time. */
async function drag(calendar: Calendar, { file, ics }: { file: string; ics: string }, startMs: number): Promise<void> {
  const moved = ics
    .replace(/DTSTART:.*/, `DTSTART:${utc(startMs)}`)
    .replace(/DTEND:.*/, `DTEND:${utc(startMs + 3_600_000)}`);
  await calendar.write(file, moved);
}

const syncNow = async (business: string): Promise<Response> =>
  request('POST', `/v1/businesses/${business}/calendars/office/sync`, { headers: asStaff });

describe('a calendar elsewhere', () => {
  it('keeps its times from being offered and from being booked', async () => {
    const { business, calendar, pass } = await setUp();
    await calendar.addEvent([`DTSTART:${utc(monday9)}`, 'DURATION:PT2H']);
    await pass();
    const { slots, degraded } = await slotsOn(business, '2035-03-12');
    expect(degraded).toBeUndefined();
    // Half an hour of buffer after eleven.
    expect(slots[0]?.startMs).toBe(at('2035-03-12', '11:30'));
    expect((await book(business)).status).toBe('taken');
    // Ten minutes later it is full as well, and nobody has asked for times since.
    await calendar.addEvent([`DTSTART:${utc(at('2035-03-13', '08:00'))}`, 'DURATION:PT9H']);
    await pass();
    expect((await book(business, at('2035-03-13', '10:00'))).status).toBe('taken');
  });

  it('counts an entry that cannot be read as taken, and names it to the owner, once', async () => {
    const { business, calendar, pass } = await setUp();
    await calendar.addEvent([`DTSTART:${utc(monday9)}`, 'DURATION:PT2H']);
    const fetched = globalThis.fetch;
    const spoiled = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const reply = await fetched(input, init);
      const text = (await reply.text()).replace('DURATION:PT2H', 'DURATION:soon');
      return new Response(text === '' ? null : text, reply);
    });
    try {
      await pass();
      expect((await book(business)).status).toBe('taken');
      await pass();
      expect((await slotsOn(business, '2035-03-12')).slots[0]?.startMs).toBe(at('2035-03-12', '10:30'));
    } finally {
      spoiled.mockRestore();
    }
    expect(await notices(business)).toMatchObject([
      {
        kind: 'entry-unread',
        text: expect.stringContaining('In the calendar "office" an entry cannot be read. Mine: '),
      },
    ]);
  });

  it('has what is booked, moved and cancelled', async () => {
    const { business, calendar } = await setUp();
    const id = await bookedId(business);
    const { ics } = await standing(calendar, monday9);
    expect(ics).toContain(`UID:${id}@${business}.parley`);
    expect(ics).toContain('Ann Miller');
    const body = { business, appointmentId: id, callId: crypto.randomUUID(), requestId: 'two' };
    const later = at('2035-03-13', '10:00');
    await request('POST', '/v1/node/appointments/move', { headers: asNode, body: { ...body, startMs: later } });
    await standing(calendar, later);
    await request('POST', '/v1/node/appointments/cancel', { headers: asNode, body });
    await eventually(async () => expect(await calendar.files()).toEqual([]));
    expect(await notices(business)).toEqual([]);
  });

  it('is rid of an appointment that was cancelled before anyone knew whether it had been written', async () => {
    const { business, calendar, stub, setClock } = await setUp();
    const { fetch } = globalThis;
    const lossy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const answer = await fetch(input, init);
      if (init?.method === 'PUT') throw new TypeError('Network connection lost.');
      return answer;
    });
    const appointmentId = await bookedId(business);
    await standing(calendar, monday9);
    const body = { business, appointmentId, callId: crypto.randomUUID(), requestId: 'two' };
    await request('POST', '/v1/node/appointments/cancel', { headers: asNode, body });
    lossy.mockRestore();
    let nowMs = mondayMs;
    await eventually(async () => {
      await setClock((nowMs += 60_000));
      await runDurableObjectAlarm(stub);
      expect(await calendar.files()).toEqual([]);
    });
  });

  it('moves an appointment when it is moved there, and the owner is told', async () => {
    const { business, calendar } = await setUp();
    const id = await bookedId(business);
    const tuesday = at('2035-03-13', '14:00');
    await drag(calendar, await standing(calendar, monday9), tuesday);
    await syncNow(business);
    await eventually(async () => expect(await appointments(business)).toMatchObject([{ id, startMs: tuesday }]));
    const [notice] = await notices(business);
    expect(notice).toMatchObject({ kind: 'changed-elsewhere', appointmentId: id });
    expect(notice?.text).toMatch(/Ann Miller[^]*March 12[^]*March 13[^]*Call \+13035550123/);
    await syncNow(business);
    expect((await book(business)).status).toBe('booked');
  });

  it('cancels an appointment when it is taken out there', async () => {
    const { business, calendar } = await setUp();
    const id = await bookedId(business);
    const { file } = await standing(calendar, monday9);
    await syncNow(business);
    await calendar.remove(file);
    await eventually(async () => {
      await syncNow(business);
      expect(await appointments(business)).toMatchObject([{ id, status: 'cancelled' }]);
    });
    expect(await notices(business)).toMatchObject([{ kind: 'changed-elsewhere' }]);
  });

  it.each(['a call', 'staff'] as const)('tells the CRM that what %s booked was changed there', async (by) => {
    const { business, bundle, calendar } = await setUp({ crm });
    const callId = crypto.randomUUID();
    if (by === 'a call') {
      await postEvents(business, callId, inOrder([callStart(bundle.hash)]));
      await book(business, monday9, callId);
    } else {
      const body = {
        service: 'roof-inspection',
        at: '2035-03-12T09:00',
        attendee: { name: 'Bob', phone: '+13035550124' },
      };
      await request('POST', `/v1/businesses/${business}/appointments`, { headers: asStaff, body });
    }
    const told = async () => {
      const answer = await request('GET', `/v1/businesses/${business}/deliveries`, { headers: asStaff });
      return v.parse(DeliveryList, await answer.json()).deliveries.map(({ type }) => type);
    };
    const before = await told();
    await drag(calendar, await standing(calendar, monday9), at('2035-03-13', '14:00'));
    await syncNow(business);
    const type = by === 'a call' ? 'lead.updated' : 'appointment.changed';
    await eventually(async () => expect(await told()).toEqual([type, ...before]));
    await syncNow(business);
    expect(await told()).toEqual([type, ...before]);
  });

  it('cannot book somebody twice: ours is put back, and the owner is told', async () => {
    const { business, calendar } = await setUp();
    const id = await bookedId(business);
    const entry = await standing(calendar, monday9);
    await book(business, at('2035-03-13', '09:00'));
    await eventually(async () => expect(await calendar.files()).toHaveLength(2));
    await drag(calendar, entry, at('2035-03-13', '09:30'));
    await syncNow(business);
    await eventually(async () => expect(await calendar.read(entry.file)).toContain(`DTSTART:${utc(monday9)}`));
    expect((await appointments(business))[0]).toMatchObject({ id, startMs: monday9, status: 'booked' });
    expect(await notices(business)).toMatchObject([{ kind: 'conflict', appointmentId: id }]);
  });

  it('may be away: it is booked here, said so, and written there later', async () => {
    const { business, bundle, stub, setClock } = await setUpBusiness();
    expect(bundle.business.id).toBe(business);
    const calendar = await makeCalendar();
    await connect(business, calendar);
    await eventually(async () => {
      const shown = await request('GET', `/v1/businesses/${business}/calendars`, { headers: asStaff });
      expect(await shown.json()).toMatchObject({
        calendars: [{ id: 'office', failingSinceMs: null, syncedAtMs: mondayMs }],
      });
    });
    const down = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('Network connection lost.'));
    let nowMs = mondayMs + 90_000;
    await setClock(nowMs);
    const { slots, degraded } = await slotsOn(business, '2035-03-12');
    expect(slots.length).toBeGreaterThan(0);
    expect(degraded).toMatch(/did not answer/);
    const id = await bookedId(business);
    down.mockRestore();
    await eventually(async () => {
      nowMs += 60_000;
      await setClock(nowMs);
      await runDurableObjectAlarm(stub);
      expect(await calendar.files()).toHaveLength(1);
    });
    expect((await standing(calendar, monday9)).ics).toContain(id);
    expect(await notices(business)).toEqual([]);
  });

  it('of one of the staff takes the time of that person alone', async () => {
    const staff = [
      { id: 'ana', name: 'Ana' },
      { id: 'ben', name: 'Ben' },
    ];
    const services = denverRules.services.map((service) => ({ ...service, capacity: 5 }));
    const { business, setClock } = await setUpBusiness({ scheduling: { ...denverRules, services, staff } });
    const [anas, bens] = [await makeCalendar(), await makeCalendar()];
    expect((await connect(business, anas, { staff: 'nobody' })).status).toBe(400);
    await connect(business, anas, { staff: 'ana' }, 'ana');
    await connect(business, bens, { staff: 'ben' }, 'ben');
    await anas.addEvent([`DTSTART:${utc(monday9)}`, 'DURATION:PT1H']);
    await setClock(mondayMs + 90_000);
    expect(await book(business)).toMatchObject({ status: 'booked', appointment: { staff: 'ben' } });
    expect((await book(business)).status).toBe('taken');
    await standing(bens, monday9);
    expect(await anas.files()).toHaveLength(1);
  });

  it('is tried before it is kept, shown without its password, and forgotten', async () => {
    const { business, calendar } = await setUp();
    const refused = await connect(business, calendar, { password: 'guess' }, 'other');
    expect(refused.status).toBe(400);
    expect(await refused.text()).toMatch(/refused the key/);
    const shown = await request('GET', `/v1/businesses/${business}/calendars`, { headers: asStaff });
    const text = await shown.text();
    expect(text).toContain('"id":"office"');
    expect(text).not.toContain(calendar.settings.password);
    const path = `/v1/businesses/${business}/calendars/office`;
    expect((await request('DELETE', path, { headers: asStaff })).status).toBe(204);
    expect((await request('DELETE', path, { headers: asStaff })).status).toBe(404);
    expect((await syncNow(business)).status).toBe(404);
  });
});
