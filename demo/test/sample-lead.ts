import type { CrmMessage } from '../../contract/crm-message.ts';

const callId = '0192f0c1-7a3e-7c55-9d3b-0f6f3a4b5c6d';
const startMs = Date.UTC(2026, 10, 23, 17);

/** A lead with something in every field. */
export const sampleLead: CrmMessage = {
  type: 'call.completed',
  timestamp: '2026-11-23T17:03:10.000Z',
  data: {
    business: 'ridgeline-roofing',
    callId,
    lead: {
      name: 'Maria Lopez',
      phone: '+13035550123',
      email: 'maria.lopez@example.com',
      answers: {
        need: { value: 'replacement', display: 'a new roof after hail', confidence: 0.93, confirmed: false },
        size: { value: 2_000, display: 'about 2,000 square feet', confidence: 0.88, confirmed: true },
      },
      score: 85,
      scoreReasons: [
        { points: 60, reason: 'Needs a new roof' },
        { points: 25, reason: 'Within a month' },
      ],
      stage: 'booked',
      objections: [{ id: 'price', attempts: 1, outcome: 'resolved' }],
      askedAbout: ['insurance'],
      callBack: { reason: 'wants to talk about tiles' },
      tags: ['hail'],
    },
    appointments: [
      {
        id: '0192f0c1-7a3e-7c55-9d3b-0f6f3a4b5c6e',
        callId,
        service: 'roof-inspection',
        serviceName: 'a free roof inspection',
        startMs: Date.UTC(2026, 10, 24, 16),
        endMs: Date.UTC(2026, 10, 24, 17),
        timeZone: 'America/Denver',
        attendee: { name: 'Maria Lopez' },
        status: 'booked',
        icsUrl: 'https://parley.example/a.ics',
      },
    ],
    call: {
      startMs,
      endMs: startMs + 184_000,
      endReason: 'agent-goodbye',
      outcome: 'appointment-booked',
      transcript: [
        { who: 'agent', atMs: startMs + 900, text: 'Hi, this is Robin from Ridgeline Roofing.' },
        { who: 'caller', atMs: startMs + 5_200, text: 'We had hail last night.' },
      ],
    },
  },
};
