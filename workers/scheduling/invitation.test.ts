import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { writeInvitation, type Invitation } from './invitation.ts';

const invitation: Invitation = {
  appointmentId: '0191d8b2-0000-4000-8000-000000000001',
  business: 'summit-roofing',
  businessName: 'Summit Roofing',
  serviceName: 'Free roof inspection',
  startMs: Date.UTC(2035, 2, 12, 15),
  endMs: Date.UTC(2035, 2, 12, 16),
  status: 'booked',
  sequence: 0,
  changedAtMs: Date.UTC(2035, 2, 5, 17),
  notes: null,
};

const read = (text: string) => {
  const event = new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vevent');
  if (event === null) throw new Error('The calendar has no event.');
  return event;
};

describe('writeInvitation', () => {
  it('is read by a calendar as it was meant', () => {
    const event = new ICAL.Event(read(writeInvitation(invitation)));
    expect(event.uid).toBe('0191d8b2-0000-4000-8000-000000000001@summit-roofing.parley');
    expect(event.summary).toBe('Free roof inspection - Summit Roofing');
    expect(event.startDate.toJSDate().getTime()).toBe(invitation.startMs);
    expect(event.endDate.toJSDate().getTime()).toBe(invitation.endMs);
    expect(read(writeInvitation(invitation)).getFirstPropertyValue('status')).toBe('CONFIRMED');
  });

  it('says that it is cancelled, under the same UID with a higher sequence', () => {
    const event = read(writeInvitation({ ...invitation, status: 'cancelled', sequence: 1 }));
    expect(event.getFirstPropertyValue('status')).toBe('CANCELLED');
    expect(event.getFirstPropertyValue('sequence')).toBe(1);
  });

  it('carries any text through folding and escaping', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }), (notes) => {
        const text = writeInvitation({ ...invitation, notes });
        for (const line of text.split('\r\n')) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
        expect(read(text).getFirstPropertyValue('description')).toBe(notes);
      }),
    );
    const hard = 'Semi; comma, back\\slash\nnew line, "quoted" größe 屋根 🏠'.repeat(5);
    expect(read(writeInvitation({ ...invitation, notes: hard })).getFirstPropertyValue('description')).toBe(hard);
  });

  it('cannot be made to say more by its notes', () => {
    const text = writeInvitation({ ...invitation, notes: 'x\r\nEND:VEVENT\u0000\r\nBEGIN:VEVENT' });
    expect(new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent')).toHaveLength(1);
  });
});
