import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { BookingAnswer } from '../../contract/scheduling.ts';
import { instantOf } from '../../dialogue/calendar/local-time.ts';
import { asNode, openSession, request, setUpBusiness } from '../test/control-plane.ts';

async function bookOne() {
  const { business } = await setUpBusiness();
  const { callId } = await openSession(business);
  const startMs = instantOf('2035-03-12', '09:00', 'America/Denver');
  const body = {
    business,
    callId,
    requestId: 'one',
    service: 'roof-inspection',
    startMs,
    attendee: { name: 'Ann' },
    notes: 'Leak, north side',
  };
  const answer = v.parse(
    BookingAnswer,
    await (await request('POST', '/v1/node/bookings', { headers: asNode, body })).json(),
  );
  if (answer.status !== 'booked') throw new Error(`Expected a booking, got ${answer.status}.`);
  return {
    business,
    startMs,
    appointment: answer.appointment,
    link: answer.appointment.icsUrl.replace('https://parley.test', ''),
  };
}

describe('GET /v1/appointments/:business/:id.ics', () => {
  it('gives the invitation to whoever has the link', async () => {
    const { startMs, appointment, link } = await bookOne();
    const response = await request('GET', link);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const vevent = new ICAL.Component(ICAL.parse(await response.text())).getFirstSubcomponent('vevent');
    if (vevent === null) throw new Error('The calendar has no event.');
    const event = new ICAL.Event(vevent);
    expect(event.startDate.toJSDate().getTime()).toBe(startMs);
    expect(event.uid).toContain(appointment.id);
    expect(event.summary).toBe('Free roof inspection - Summit Roofing');
    expect(event.description).toBe('Leak, north side');
  });

  it.each([
    ['without the key', (link: string) => link.replace(/\?.*/, '')],
    ['with an empty key', (link: string) => link.replace(/=.*/, '=')],
    ['with a wrong key', (link: string) => link.replace(/=.*/, `=${'0'.repeat(32)}`)],
    ['with a key that is cut short', (link: string) => link.slice(0, -1)],
    ['of another appointment', (link: string) => link.replace(/[0-9a-f-]{36}/, crypto.randomUUID())],
    ['of another business', (link: string) => link.replace(/business-[^/]+/, 'business-x')],
  ])('hides an invitation %s', async (_, change) => {
    const { link } = await bookOne();
    expect((await request('GET', change(link))).status).toBe(404);
  });
});
