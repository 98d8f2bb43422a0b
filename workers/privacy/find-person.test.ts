import { runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import type { Attendee } from '../../contract/scheduling.ts';
import { addAppointmentRow } from '../business/appointment-rows.ts';
import type { Business } from '../business/business.ts';
import { addOrder } from '../telephony/calls/orders.ts';
import { mondayMs, setUpBusiness } from '../test/control-plane.ts';
import { applyPersonChange, peopleBy } from '../webhooks/people.ts';
import { findPerson } from './find-person.ts';

const number = (last: number): string => `+1303555${String(last).padStart(4, '0')}`;

function order(sql: SqlStorage, business: string, to: string, contact: Attendee): string {
  const id = crypto.randomUUID();
  const request = { business, to, contact, purpose: 'call-back', consent: { basis: 'existing-customer' } } as const;
  const times = { nowMs: mondayMs, untilMs: mondayMs + 1, nextMs: mondayMs };
  addOrder(sql, { id, idempotencyKey: id, request, ...times });
  return id;
}

function appointment(sql: SqlStorage, attendee: Attendee): string {
  const id = crypto.randomUUID();
  addAppointmentRow(sql, {
    id,
    call_id: null,
    service: 'roof-inspection',
    service_name: 'Roof inspection',
    start_ms: mondayMs,
    end_ms: mondayMs + 1,
    time_zone: 'America/Denver',
    attendee,
    notes: null,
    status: 'booked',
    sequence: 0,
    changed_ms: mondayMs,
    ics_key: id,
    confirmed_ms: null,
    staff: null,
  });
  return id;
}

it('finds by an address what has a number too, and by the number the rest', async () => {
  const { business, stub } = await setUpBusiness();
  await runInDurableObject(stub, (_: Business, { storage: { sql } }) => {
    const byMail = order(sql, business, number(1), { name: 'Dana', email: 'Dana@Example.com' });
    const booked = appointment(sql, { name: 'Dana', phone: number(2), email: 'dana@example.com' });
    const byNumber = order(sql, business, number(3), { name: 'Dana', phone: number(2) });
    order(sql, business, number(4), { name: 'Bob', email: 'bob@example.com' });
    appointment(sql, { name: 'Bob', phone: number(4) });
    for (const who of [{ email: 'dana@example.com' }, { phone: number(3) }]) {
      const found = findPerson(sql, who);
      expect(new Set(found.keys)).toEqual(new Set(['dana@example.com', number(1), number(2), number(3)]));
      expect(found).toMatchObject({ orderIds: [byMail, byNumber].sort(), appointmentIds: [booked] });
    }
  });
});

it('finds whoever has more numbers than one statement takes', async () => {
  const { business, stub } = await setUpBusiness();
  await runInDurableObject(stub, (_: Business, { storage: { sql } }) => {
    const email = 'dana@example.com';
    for (let last = 0; last < 120; last += 1) order(sql, business, number(last), { name: 'Dana', email });
    const fields = { name: 'Dana', phone: number(119), email };
    applyPersonChange(sql, 'standard', { remoteId: '7', deleted: false, atMs: mondayMs, fields }, mondayMs);
    const found = findPerson(sql, { email });
    expect(found.orderIds).toHaveLength(120);
    expect(peopleBy(sql, found.indexed)).toEqual([{ source: 'standard', id: '7', fields }]);
  });
});
