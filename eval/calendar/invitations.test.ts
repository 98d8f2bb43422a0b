import { existsSync, readdirSync, readFileSync } from 'node:fs';
import ICAL from 'ical.js';
import ical from 'node-ical';
import { describe, expect, it } from 'vitest';
import { readIcs } from '../../workers/calendars/read-ics.ts';
import { writeFeed, writeInvitation, type Invitation } from '../../workers/scheduling/invitation.ts';

const invitation: Invitation = {
  appointmentId: '0191d8b2-0000-4000-8000-000000000001',
  business: 'summit-roofing',
  businessName: 'Summit "Dächer"; Roofing, Inc.',
  serviceName: 'Free roof inspection',
  startMs: Date.UTC(2035, 10, 4, 8),
  endMs: Date.UTC(2035, 10, 4, 9),
  status: 'booked',
  sequence: 3,
  changedAtMs: Date.UTC(2035, 2, 5, 17),
  notes: 'Leak; north side\nRing "Ann" 屋根',
};
const people = {
  organizer: { name: 'Summit "Dächer"', email: 'office@summit.example' },
  attendee: { name: 'Ann; Miller, Jr', email: 'ann@example.com' },
};

/** The events of a calendar, as the library that many bots and servers use reads them. */
function read(ics: string) {
  const calendar = ical.sync.parseICS(ics);
  return Object.values(calendar).flatMap((component) => (component?.type === 'VEVENT' ? [component] : []));
}

describe('an invitation', () => {
  it.each([
    ['REQUEST', 'booked', 'CONFIRMED'],
    ['CANCEL', 'cancelled', 'CANCELLED'],
  ] as const)('%s means the same to two parsers', (method, status, expected) => {
    const ics = writeInvitation({ ...invitation, status }, people);
    const [event, ...more] = read(ics);
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      uid: '0191d8b2-0000-4000-8000-000000000001@summit-roofing.parley',
      method,
      status: expected,
      sequence: 3,
      description: invitation.notes,
      summary: 'Free roof inspection - Summit "Dächer"; Roofing, Inc.',
      organizer: { val: 'mailto:office@summit.example' },
      attendee: { val: 'mailto:ann@example.com', params: { CN: 'Ann Miller, Jr' } },
    });
    // 01:00 in Denver, for the second time that night: in UTC there is no doubt.
    expect(event?.start.getTime()).toBe(invitation.startMs);
    expect(event?.end?.getTime()).toBe(invitation.endMs);
    // What ical.js writes of it is again the same.
    const written = ICAL.stringify(ICAL.parse(ics));
    expect(ICAL.stringify(ICAL.parse(written))).toBe(written);
    expect(read(written)[0]).toMatchObject({ uid: event?.uid, sequence: 3, description: invitation.notes });
  });

  it('comes back as the time it was written for', () => {
    const range = { fromMs: 0, toMs: Date.UTC(2040, 0) };
    expect(readIcs(writeInvitation(invitation, people), range, 'America/Denver')).toEqual({
      occurrences: [
        {
          uid: '0191d8b2-0000-4000-8000-000000000001@summit-roofing.parley',
          startMs: invitation.startMs,
          endMs: invitation.endMs,
          isBusy: true,
        },
      ],
      faults: [],
    });
  });

  it('stands in a feed among others', () => {
    const entries = [0, 1, 2].map((n) => ({
      ...invitation,
      appointmentId: `0191d8b2-0000-4000-8000-00000000000${n}`,
      attendeeName: 'Ann Müller',
    }));
    const events = read(writeFeed('Summit, Roofing', entries));
    expect(events.map(({ summary }) => summary)).toEqual(Array(3).fill('Free roof inspection - Ann Müller'));
  });
});

const folder = new URL('../../../shared/data/calendar/ics/', import.meta.url);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.ics')) : [];

describe.skipIf(files.length === 0)(
  "calendars of other people's programs (absent: ../shared/data/calendar/ics)",
  () => {
    const range = { fromMs: Date.UTC(2019, 0), toMs: Date.UTC(2026, 0) };

    it.each(files)('%s is read, and what cannot be is told', (name) => {
      const { occurrences, faults } = readIcs(readFileSync(new URL(name, folder), 'utf8'), range, 'America/Denver');
      for (const { startMs, endMs } of occurrences) {
        expect(Number.isInteger(startMs) && startMs <= endMs && startMs < range.toMs && endMs > range.fromMs).toBe(
          true,
        );
      }
      for (const fault of faults) expect(fault).not.toMatch(/undefined|is not a function|Cannot read/);
      expect(occurrences.length + faults.length).toBeGreaterThanOrEqual(0);
    });
  },
);
