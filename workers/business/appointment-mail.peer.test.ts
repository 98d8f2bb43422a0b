import { runDurableObjectAlarm } from 'cloudflare:test';
import ICAL from 'ical.js';
import { describe, expect, inject, it, vi } from 'vitest';
import * as v from 'valibot';
import { NoticeList } from '../../contract/notice.ts';
import { CallOrderList } from '../../contract/outbound.ts';
import { Appointment, BookingAnswer, MoveAnswer } from '../../contract/scheduling.ts';
import { instantOf } from '../../dialogue/calendar/local-time.ts';
import { asNode, asStaff, mondayMs, request, setUpBusiness } from '../test/control-plane.ts';
import { mailFor, newAddress, partsOf, type ReceivedMail } from '../test/mailbox.ts';
import { denverRules } from '../test/playbook.ts';

const at = (date: string, time: string): number => instantOf(date, time, 'America/Denver');
const monday9 = at('2035-03-12', '09:00');

async function setUpWithMail(change: Parameters<typeof setUpBusiness>[0] = {}) {
  const set = await setUpBusiness(change);
  const { plainPort } = inject('mailServer');
  const body = {
    provider: 'smtp',
    host: '127.0.0.1',
    port: plainPort,
    security: 'none',
    from: { email: 'office@summit.example' },
  };
  const connected = await request('PUT', `/v1/businesses/${set.business}/mail`, { headers: asStaff, body });
  expect(await connected.json()).toEqual({ provider: 'smtp', from: { email: 'office@summit.example' } });
  return set;
}

async function book(business: string, email: string, startMs = monday9) {
  const body = {
    business,
    callId: crypto.randomUUID(),
    requestId: 'one',
    service: 'roof-inspection',
    startMs,
    attendee: { name: 'Ann Müller', email, phone: '+13035550123' },
  };
  const answer = v.parse(BookingAnswer, await (await post('/v1/node/bookings', body)).json());
  if (answer.status !== 'booked') throw new Error(`Expected a booking, got ${answer.status}.`);
  return answer.appointment;
}

const post = async (path: string, body: unknown): Promise<Response> => request('POST', path, { headers: asNode, body });

const change = (business: string, appointmentId: string) => ({
  business,
  appointmentId,
  callId: crypto.randomUUID(),
  requestId: 'two',
});

async function received(address: string, count: number): Promise<ReceivedMail[]> {
  return vi.waitFor(
    async () => {
      const mails = await mailFor(address);
      expect(mails).toHaveLength(count);
      return mails;
    },
    { timeout: 10_000, interval: 50 },
  );
}

function eventIn(mail: ReceivedMail | undefined) {
  const ics = mail === undefined ? undefined : partsOf(mail).find(({ type }) => type.startsWith('text/calendar'))?.text;
  if (ics === undefined) throw new Error('The mail has no invitation.');
  const root = new ICAL.Component(ICAL.parse(ics));
  const vevent = root.getFirstSubcomponent('vevent');
  if (vevent === null) throw new Error('The invitation has no event.');
  const event = new ICAL.Event(vevent);
  return {
    method: root.getFirstPropertyValue('method'),
    uid: event.uid,
    sequence: event.sequence,
    startMs: event.startDate.toJSDate().getTime(),
    organizer: vevent.getFirstPropertyValue('organizer'),
    attendee: vevent.getFirstPropertyValue('attendee'),
  };
}

async function notices(business: string) {
  const response = await request('GET', `/v1/businesses/${business}/notices`, { headers: asStaff });
  return v.parse(NoticeList, await response.json()).notices;
}

describe('invitations by mail', () => {
  it('follow a booking, its move and its cancellation, each once', async () => {
    const { business } = await setUpWithMail();
    const email = newAddress('ann');
    const { id } = await book(business, email);
    const [invited] = await received(email, 1);
    expect(eventIn(invited)).toEqual({
      method: 'REQUEST',
      uid: `${id}@${business}.parley`,
      sequence: 0,
      startMs: monday9,
      organizer: 'mailto:office@summit.example',
      attendee: `mailto:${email}`,
    });
    const tuesday = at('2035-03-13', '10:00');
    const move = { ...change(business, id), startMs: tuesday };
    expect(v.parse(MoveAnswer, await (await post('/v1/node/appointments/move', move)).json()).status).toBe('moved');
    const [, moved] = await received(email, 2);
    expect(eventIn(moved)).toMatchObject({
      method: 'REQUEST',
      sequence: 1,
      startMs: tuesday,
      uid: eventIn(invited).uid,
    });
    expect(partsOf(moved ?? ({ raw: '' } as ReceivedMail))[0]?.text).toMatch(
      /new time[^]*March 13, 2035, 10:00.AM MDT/,
    );
    // The same request again, as a media node sends it that has lost the answer.
    await post('/v1/node/appointments/move', move);
    await post('/v1/node/appointments/cancel', change(business, id));
    const [, , cancelled] = await received(email, 3);
    expect(eventIn(cancelled)).toMatchObject({ method: 'CANCEL', sequence: 2, uid: eventIn(invited).uid });
    expect(await notices(business)).toEqual([]);
  });

  it('follow what staff book, move and cancel in the same way', async () => {
    const { business } = await setUpWithMail();
    const email = newAddress('ann');
    const ask = async (below: string, body: object) => {
      const path = `/v1/businesses/${business}/appointments${below}`;
      return v.parse(Appointment, await (await request('POST', path, { headers: asStaff, body })).json());
    };
    const wish = { service: 'roof-inspection', at: '2035-03-12T09:00', attendee: { name: 'Ann Müller', email } };
    const { id } = await ask('', wish);
    await received(email, 1);
    await ask(`/${id}/move`, { at: '2035-03-13T10:00' });
    await received(email, 2);
    await ask(`/${id}/cancel`, {});
    const mails = await received(email, 3);
    const uid = `${id}@${business}.parley`;
    const [monday, tuesday] = [monday9, at('2035-03-13', '10:00')];
    expect(mails.map(eventIn)).toMatchObject([
      { method: 'REQUEST', uid, sequence: 0, startMs: monday },
      { method: 'REQUEST', uid, sequence: 1, startMs: tuesday },
      { method: 'CANCEL', uid, sequence: 2, startMs: tuesday },
    ]);
  });

  it('come late rather than twice when the server is busy', async () => {
    const { business, stub, setClock } = await setUpWithMail();
    const email = newAddress('later');
    await book(business, email);
    let nowMs = mondayMs;
    await vi.waitFor(async () => {
      nowMs += 60_000;
      await setClock(nowMs);
      await runDurableObjectAlarm(stub);
      expect(await mailFor(email)).toHaveLength(1);
    }, 10_000);
    await runDurableObjectAlarm(stub);
    expect(await received(email, 1)).toHaveLength(1);
  });

  it('that nobody takes are told to the owner, with what to do', async () => {
    const { business } = await setUpWithMail();
    const email = newAddress('refused');
    const { id } = await book(business, email);
    const [notice] = await vi.waitFor(async () => {
      const told = await notices(business);
      expect(told).toHaveLength(1);
      return told;
    }, 10_000);
    expect(notice).toMatchObject({ kind: 'mail-failed', appointmentId: id });
    expect(notice?.text).toMatch(/Ann Müller[^]*March 12, 2035[^]*550[^]*Call \+13035550123/);
    const path = `/v1/businesses/${business}/notices/${notice?.id ?? ''}/done`;
    expect((await request('POST', path, { headers: asStaff })).status).toBe(200);
    expect(await notices(business)).toEqual([]);
  });

  it('are not sent for a time that was gone before the invitation was', async () => {
    const { business, stub } = await setUpWithMail();
    const email = newAddress('ann');
    const { id } = await book(business, newAddress('refused'));
    await post('/v1/node/appointments/cancel', change(business, id));
    await book(business, email);
    await received(email, 1);
    await runDurableObjectAlarm(stub);
    expect(await mailFor(email)).toHaveLength(1);
  });

  it('need a master key of the deployment and an account that can be one', async () => {
    const { business } = await setUpBusiness();
    const put = async (body: unknown) => request('PUT', `/v1/businesses/${business}/mail`, { headers: asStaff, body });
    expect((await put({ provider: 'pigeon' })).status).toBe(400);
    expect((await put({ provider: 'resend', apiKey: 're_1', from: { email: 'no address' } })).status).toBe(400);
    expect((await request('PUT', `/v1/businesses/${business}/mail`, { headers: asNode, body: {} })).status).toBe(401);
    expect((await put({ provider: 'resend', apiKey: 're_1', from: { email: 'a@b.example' } })).status).toBe(200);
    const shown = await request('GET', `/v1/businesses/${business}/mail`, { headers: asStaff });
    expect(await shown.text()).not.toContain('re_1');
    expect((await request('DELETE', `/v1/businesses/${business}/mail`, { headers: asStaff })).status).toBe(204);
  });
});

describe('reminders', () => {
  it('go out at their times, and not for what was moved or cancelled', async () => {
    const scheduling = { ...denverRules, remindersMin: [1_440, 120] };
    const { business, stub, setClock } = await setUpWithMail({ scheduling });
    const email = newAddress('ann');
    const { id } = await book(business, email);
    await received(email, 1);
    await setClock(monday9 - 1_440 * 60_000);
    await runDurableObjectAlarm(stub);
    const [, reminder] = await received(email, 2);
    expect(reminder?.raw).toMatch(/Subject: Reminder/);
    await post('/v1/node/appointments/cancel', change(business, id));
    await received(email, 3);
    await setClock(monday9 - 120 * 60_000);
    await runDurableObjectAlarm(stub);
    const other = newAddress('bob');
    await book(business, other, monday9 + 86_400_000);
    await received(other, 1);
    expect(await mailFor(email)).toHaveLength(3);
  });
});

describe('a call that asks to confirm', () => {
  const orders = async (business: string) => {
    const response = await request('GET', `/v1/calls/outbound?business=${business}`, { headers: asStaff });
    return v.parse(CallOrderList, await response.json()).orders.map((order) => order.request);
  };

  it('is ordered at its time, once, unless the customer has confirmed', async () => {
    const scheduling = { ...denverRules, confirmationCallMin: 1_440 };
    const { business, stub, setClock } = await setUpBusiness({ scheduling });
    const { id } = await book(business, newAddress('ann'));
    const sure = await book(business, newAddress('bob'), monday9 + 7_200_000);
    await post('/v1/node/appointments/confirm', change(business, sure.id));
    await setClock(monday9 - 1_441 * 60_000);
    await runDurableObjectAlarm(stub);
    expect(await orders(business)).toEqual([]);
    await setClock(monday9 - 1_300 * 60_000);
    await runDurableObjectAlarm(stub);
    await vi.waitFor(async () => expect(await orders(business)).toHaveLength(1), 10_000);
    await runDurableObjectAlarm(stub);
    expect(await orders(business)).toMatchObject([{ purpose: 'confirm-appointment', appointmentId: id }]);
  });
});

describe('GET /v1/calendars/:secret.ics', () => {
  const feedOf = async (business: string): Promise<string> => {
    const made = await request('POST', `/v1/businesses/${business}/calendar-feed`, { headers: asStaff });
    const { url } = v.parse(v.object({ url: v.string() }), await made.json());
    return url.replace('https://parley.test', '');
  };

  it('shows what is booked to whoever has the address, and says when nothing has changed', async () => {
    const { business } = await setUpBusiness();
    const { id } = await book(business, 'ann@example.com');
    const path = await feedOf(business);
    const response = await request('GET', path);
    expect(response.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const events = new ICAL.Component(ICAL.parse(await response.text())).getAllSubcomponents('vevent');
    expect(events.map((event) => event.getFirstPropertyValue('summary'))).toEqual([
      'Free roof inspection - Ann Müller',
    ]);
    const etag = response.headers.get('etag') ?? '';
    const again = async () => request('GET', path, { headers: { 'if-none-match': etag } });
    expect((await again()).status).toBe(304);
    await post('/v1/node/appointments/cancel', change(business, id));
    const changed = await again();
    expect(changed.status).toBe(200);
    expect(await changed.text()).not.toContain('VEVENT');
  });

  it('is closed by a new address, and hidden from who has none', async () => {
    const { business } = await setUpBusiness();
    const old = await feedOf(business);
    const path = await feedOf(business);
    expect((await request('GET', old)).status).toBe(404);
    expect((await request('GET', path)).status).toBe(200);
    expect((await request('GET', path.replace(business, 'somebody-else'))).status).toBe(404);
    expect((await request('GET', path.replace(/[0-9a-f]{48}/, '0'.repeat(48)))).status).toBe(404);
    expect((await request('GET', '/v1/calendars/nonsense.ics')).status).toBe(404);
  });
});
