import { expect, test } from 'vitest';
import type { Appointment } from '../../contract/scheduling.ts';
import type { Layout } from '../call/layout.ts';
import { standIn } from '../command/stand-in.ts';
import { book, cancel, fetchAppointments, formatAppointments, move, timeMs } from './appointments.ts';

const id = '0193a5c1-6f0e-7a31-9c55-0a1b2c3d4e5f';
const startMs = Date.UTC(2026, 10, 30, 21, 30);
const appointment: Appointment = {
  id,
  callId: null,
  service: 'roof-inspection',
  serviceName: 'Free roof inspection',
  startMs,
  endMs: startMs + 3_600_000,
  timeZone: 'America/Denver',
  attendee: { name: 'Ann Miller', phone: '+13035550123' },
  status: 'booked',
  icsUrl: 'https://parley.test/a.ics',
};
const layout: Layout = { paint: (tone, text) => `<${tone}>${text}`, width: 100, timeZone: 'Asia/Tokyo' };
const taken = {
  code: 'conflict',
  message: 'That time is taken.',
  action: 'Choose another, as 2026-11-30T15:30-07:00.',
};

const { asked, source } = standIn(({ path }) => {
  if (path === 'GET appointments?fromMs=5') return { body: { appointments: [appointment] } };
  if (path === 'POST appointments') return { status: 201, body: appointment };
  if (path === `POST appointments/${id}/cancel`) return { body: { ...appointment, status: 'cancelled' } };
  return { status: 409, body: { error: taken } };
});
test('what is typed of a booking is sent, and what is not is left out', async () => {
  const draft = { service: 'roof-inspection', at: '2026-11-30T14:30', name: 'Ann Miller', outsideHours: false };
  expect(await book(source(), { ...draft, phone: '+13035550123', email: undefined })).toEqual(appointment);
  const { name, ...rest } = draft;
  expect(asked).toEqual([{ path: 'POST appointments', body: { ...rest, attendee: { name, phone: '+13035550123' } } }]);
});

test('appointments are listed and cancelled; why one cannot be moved is told with what can be had', async () => {
  expect(await fetchAppointments(source(), 5)).toEqual([appointment]);
  expect((await cancel(source(), id)).status).toBe('cancelled');
  await expect(move(source(), id, { at: '2026-11-30T14:30', outsideHours: true })).rejects.toThrow(
    'That time is taken. Choose another, as 2026-11-30T15:30-07:00.',
  );
  expect(asked.at(-1)?.body).toEqual({ at: '2026-11-30T14:30', outsideHours: true });
});

test('what is no id, or no time, is not sent', async () => {
  await expect(cancel(source(), '../playbook')).rejects.toThrow('"../playbook" is no id');
  expect(() => timeMs('soon')).toThrow('"soon" is no time');
  expect(timeMs('1970-01-02T00:00Z')).toBe(86_400_000);
  expect(asked).toEqual([]);
});

test('a line has the time of the business, with whom and for whom, and nothing that commands the terminal', () => {
  const line = (change: Partial<Appointment>): string => formatAppointments([{ ...appointment, ...change }], layout);
  const start = 'Mon 2026-11-30 14:30-15:30 America/Denver';
  expect(line({})).toBe(`${id}  <green>booked  ${start}  Free roof inspection  Ann Miller +13035550123\n`);
  expect(line({ staff: 'ana', confirmedAtMs: 1 })).toContain(
    `<green>confirmed  ${start}  Free roof inspection with ana`,
  );
  expect(line({ status: 'cancelled' })).toContain('<red>cancelled');
  expect(line({ attendee: { name: 'Ann\u001B[2J' } })).toMatch(/ {2}Ann\[2J\n$/);
});
