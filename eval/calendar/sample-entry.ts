import type { RemoteEntry } from '../../workers/calendars/remote-calendar.ts';

/** March 2035: the clocks of Denver change on the 11th. */
export const range = { fromMs: Date.UTC(2035, 2, 1), toMs: Date.UTC(2035, 3, 1) };

/** 9:00 in Denver. */
export const entry: RemoteEntry = {
  appointmentId: '0191d8b2-0000-4000-8000-000000000001',
  business: 'summit-roofing',
  businessName: 'Summit Roofing',
  serviceName: 'Free roof inspection',
  service: 'roof-inspection',
  startMs: Date.UTC(2035, 2, 12, 15),
  endMs: Date.UTC(2035, 2, 12, 16),
  status: 'booked',
  sequence: 0,
  changedAtMs: Date.UTC(2035, 2, 5, 17),
  notes: '+13035550123',
  attendee: { name: 'Ann Müller', email: 'ann@example.com', phone: '+13035550123' },
  timeZone: 'America/Denver',
};
