import { describe, expect, it } from 'vitest';
import { OutcomeName } from '../../contract/call-event.ts';
import type { Lead } from '../../contract/lead.ts';
import type { Appointment } from '../../contract/scheduling.ts';
import { callRecord, mondayMs, openSession, setUpBusiness } from '../test/control-plane.ts';
import { callEnd, callStart, emptyLead, inOrder, leadFact, postEvents } from '../test/events.ts';
import { callNote, type Noted } from './call-note.ts';

const answer = (display: string) => ({ value: display, display, confidence: 1, confirmed: true });
const lead: Lead = {
  ...emptyLead,
  name: 'Ann Miller',
  answers: { need: answer('New roof'), 'roof-size': answer('about 2,000 square feet') },
  score: 70,
  scoreReasons: [{ points: 40, reason: 'wants a new roof' }],
  stage: 'qualified',
  owner: { id: 'dana', name: 'Dana' },
  objections: [{ id: 'too-expensive', attempts: 1, outcome: 'resolved' }],
  askedAbout: ['warranty', 'service-area', 'financing'],
  tags: ['new-roof'],
};
const visit: Appointment = {
  id: '7f8bb5c0-6d26-4d7f-9f6f-0f6b7f2b9d11',
  callId: null,
  service: 'roof-inspection',
  serviceName: 'Free roof inspection',
  startMs: mondayMs + 7 * 86_400_000,
  endMs: mondayMs + 7 * 86_400_000 + 3_600_000,
  timeZone: 'America/Denver',
  status: 'booked',
  attendee: { name: 'Ann Miller' },
  icsUrl: 'https://parley.test/v1/appointments/1.ics',
};

const noted = (change: Partial<Noted['call']> = {}, of: Partial<Pick<Noted, 'lead' | 'appointments'>> = {}): Noted => ({
  lead,
  appointments: [],
  ...of,
  call: {
    door: 'phone',
    direction: 'inbound',
    startMs: mondayMs,
    endMs: mondayMs + 90_000,
    endReason: 'caller-hang-up',
    outcome: 'incomplete',
    transcript: [],
    ...change,
  },
});

describe('a note', () => {
  it('says who called, what they want, what they asked and objected to, and what came of it', () => {
    const note = callNote(noted({ outcome: 'appointment-booked' }, { appointments: [visit] }));
    expect(note.summary).toBe(
      'Ann Miller called by phone. Need: New roof; Roof size: about 2,000 square feet. ' +
        'Asked about warranty, service area and financing. Objected: too expensive (resolved). ' +
        'Booked: Free roof inspection, 2035-03-12 11:00 America/Denver.',
    );
    expect(note).toMatchObject({
      qualification: {
        stage: 'qualified',
        score: 70,
        answers: { need: 'New roof', 'roof-size': 'about 2,000 square feet' },
        disqualifiedBy: null,
      },
      objections: lead.objections,
      tags: ['new-roof'],
      nextSteps: [{ what: 'Free roof inspection', dueMs: visit.startMs, owner: 'Dana' }],
    });
  });

  it('has a promised call back among its next steps, with who makes it', () => {
    const callBack = { reason: 'wants a price', promisedFor: 'by Tuesday at 5 PM', owner: { id: 'lee', name: 'Lee' } };
    const note = callNote(noted({ outcome: 'call-back-promised' }, { lead: { ...emptyLead, callBack } }));
    expect(note.summary).toBe(
      'A caller called by phone. Was promised a call back by Lee, by Tuesday at 5 PM: wants a price.',
    );
    expect(note.nextSteps).toEqual([{ what: 'Call back: wants a price', dueMs: null, owner: 'Lee' }]);
  });

  it('leaves out appointments that were cancelled', () => {
    const note = callNote(
      noted({ outcome: 'appointment-cancelled' }, { appointments: [{ ...visit, status: 'cancelled' }] }),
    );
    expect(note.nextSteps).toEqual([]);
    expect(note.summary).toMatch(/Cancelled an appointment\.$/);
  });

  it.each(OutcomeName.options)('reads as sentences, whatever came of the call: %s', (outcome) => {
    for (const of of [{}, { lead: emptyLead }])
      expect(callNote(noted({ outcome, direction: 'outbound' }, of)).summary).toMatch(
        /^(?:Ann Miller|Somebody) was called\. .*[a-z)]\.$/,
      );
  });

  it('is in the record when the call is over', async () => {
    const { business, bundle } = await setUpBusiness();
    const { callId } = await openSession(business);
    await postEvents(business, callId, inOrder([callStart(bundle.hash), leadFact(lead)]));
    expect((await callRecord(business, callId)).note).toBeUndefined();
    await postEvents(business, callId, inOrder([callEnd], 2));
    expect((await callRecord(business, callId)).note).toMatchObject({
      summary: expect.stringMatching(/^Ann Miller called from the website\..*Got the information they wanted\.$/),
      tags: ['new-roof'],
    });
  });
});
