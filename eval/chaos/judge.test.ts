import { describe, expect, test } from 'vitest';
import type { CallFact } from '../../contract/call-event.ts';
import type { CallRecord } from '../../contract/call-record.ts';
import type { Lead } from '../../contract/lead.ts';
import type { Appointment } from '../../contract/scheduling.ts';
import type { Evidence, Testimony } from './evidence.ts';
import { judge } from './judge.ts';

const callId = '11111111-1111-4111-8111-111111111111';
const appointmentId = '22222222-2222-4222-8222-222222222222';
const email = 'ann.miller@example.com';
const startMs = Date.UTC(2035, 2, 6, 17);
const hourMs = 3_600_000;

const lead: Lead = {
  name: 'Ann Miller',
  email,
  answers: {},
  score: 60,
  scoreReasons: [],
  stage: 'booked',
  objections: [],
  askedAbout: [],
  tags: [],
};

const facts: CallFact[] = [
  { type: 'call-start', door: 'browser', mode: 'text', playbook: '0'.repeat(64), node: 'local', locale: 'en-US' },
  {
    type: 'caller-turn',
    turn: 1,
    text: 'Hail damage',
    confidence: 1,
    alternatives: [],
    typed: true,
    startMs: 1,
    endMs: 1,
  },
  { type: 'lead', lead },
  { type: 'appointment-booked', appointmentId, service: 'inspection', startMs },
  { type: 'call-end', reason: 'agent-goodbye', outcome: 'appointment-booked' },
];

const appointment: Appointment = {
  id: appointmentId,
  callId,
  service: 'inspection',
  serviceName: 'Inspection',
  startMs,
  endMs: startMs + hourMs,
  timeZone: 'America/Denver',
  attendee: { name: 'Ann Miller', email },
  status: 'booked',
  icsUrl: 'https://parley.test/a.ics',
};

const testimony: Testimony = {
  callId,
  email,
  said: ['Hail damage'],
  accepted: ['Hail damage'],
  told: [{ atMs: 100, startMs }],
  ended: { reason: 'agent-goodbye', outcome: 'appointment-booked' },
};

function recordOf(given: readonly CallFact[]): CallRecord {
  return {
    business: 'summit',
    summary: {
      callId,
      door: 'browser',
      mode: 'text',
      playbook: '0'.repeat(64),
      startMs: 0,
      endMs: 4,
      endReason: 'agent-goodbye',
      outcome: 'appointment-booked',
      leadName: 'Ann Miller',
      score: 60,
      stage: 'booked',
    },
    consent: null,
    events: given.map((fact, seq) => ({ seq, atMs: seq, fact })),
    lead,
    appointments: [appointment],
    deliveries: [],
  };
}

const ended = { callId, webhookId: 'end', type: 'call.completed', endReason: 'agent-goodbye' } as const;

/** One call, with everything as it should be. */
function wholeCall(): Evidence {
  const record = recordOf(facts);
  return {
    testimonies: [testimony],
    sent: new Map([[callId, new Map(record.events.map((event) => [event.seq, new Set([JSON.stringify(event)])]))]]),
    asked: [{ callId, startMs, atMs: 90 }],
    records: new Map([[callId, record]]),
    appointments: [appointment],
    capacity: 1,
    contacts: [email],
    crm: [
      { type: 'contacts', email, callId: null },
      ...['deals', 'calls', 'notes'].map((type) => ({ type, email: null, callId })),
    ],
    violations: [],
    messages: [ended],
    entries: [{ appointmentId, startMs }],
    differences: [],
    unsettled: [],
  };
}

const verdict = (change: Partial<Evidence>): string[] =>
  judge({ ...wholeCall(), ...change }).map(({ kind, what }) => `${kind}: ${what}`);
const withRecord = (record: CallRecord): Partial<Evidence> => ({ records: new Map([[callId, record]]) });
const withSummary = (summary: Partial<CallRecord['summary']>): Partial<Evidence> => {
  const record = recordOf(facts);
  return withRecord({ ...record, summary: { ...record.summary, ...summary } });
};
const withTestimony = (change: Partial<Testimony>): Partial<Evidence> => ({
  testimonies: [{ ...testimony, ...change }],
});
const without = <T extends { readonly type: string }>(list: readonly T[], type: string): T[] =>
  list.filter((one) => one.type !== type);
const { crm } = wholeCall();

test('judge finds nothing where everything is as it should be', () => {
  expect(verdict({})).toEqual([]);
});

describe('judge finds what is lost', () => {
  test.each<[string, Partial<Evidence>]>([
    ['the record', { records: new Map() }],
    ['an event that a node had', withRecord(recordOf(facts.slice(0, -1)))],
    [
      'an event between two',
      withRecord({ ...recordOf(facts), events: recordOf(facts).events.filter(({ seq }) => seq !== 2) }),
    ],
    [
      'words that the agent answered',
      withTestimony({ said: ['Hail damage', 'Yes'], accepted: ['Hail damage', 'Yes'] }),
    ],
    ['the end', withSummary({ endReason: null, outcome: null, endMs: null })],
    ['an appointment that the caller was told', { appointments: [], entries: [] }],
    ['the entry elsewhere', { entries: [] }],
    ['the lead', withRecord({ ...recordOf(facts), lead: null })],
    ['the contact', { contacts: [] }],
    ...['contacts', 'deals', 'calls', 'notes'].map((type): [string, Partial<Evidence>] => [
      `the CRM's ${type}`,
      { crm: without(crm, type) },
    ]),
    ["the webhook's last message", { messages: [] }],
    ['a delivery that never settles', { unsettled: ['1 deliveries to hubspot'] }],
  ])('%s', (_, change) => {
    expect(verdict(change).map((one) => one.split(':')[0])).toContain('lost');
  });
});

describe('judge finds what is there twice', () => {
  const again = { ...appointment, id: '33333333-3333-4333-8333-333333333333' };
  test.each<[string, Partial<Evidence>]>([
    ['words', withRecord(recordOf([facts[0]!, facts[1]!, ...facts.slice(1)]))],
    [
      'an appointment',
      {
        appointments: [appointment, again],
        entries: [
          { appointmentId, startMs },
          { appointmentId: again.id, startMs },
        ],
        capacity: 2,
      },
    ],
    [
      'a time',
      {
        appointments: [appointment, { ...again, callId: null }],
        entries: [
          { appointmentId, startMs },
          { appointmentId: again.id, startMs },
        ],
      },
    ],
    [
      'an entry elsewhere',
      {
        entries: [
          { appointmentId, startMs },
          { appointmentId, startMs },
        ],
      },
    ],
    ['a contact', { contacts: [email, email] }],
    ...['contacts', 'deals', 'calls', 'notes', 'tasks'].map((type): [string, Partial<Evidence>] => {
      const one = { type, email: type === 'contacts' ? email : null, callId };
      return [`the CRM's ${type}`, { crm: [...without(crm, type), one, one] }];
    }),
    ['the last message', { messages: [ended, { ...ended, webhookId: 'again' }] }],
  ])('%s', (_, change) => {
    expect(verdict({ sent: new Map(), ...change }).map((one) => one.split(':')[0])).toContain('duplicated');
  });
});

describe('judge finds what differs', () => {
  test.each<[string, Partial<Evidence>]>([
    ['from what the caller was told at the end', withSummary({ outcome: 'qualified' })],
    ['a lead that is somebody else', withRecord({ ...recordOf(facts), lead: { ...lead, email: 'bob@example.com' } })],
    ['what the webhook was told of the end', { messages: [{ ...ended, endReason: 'interrupted' }] }],
    ['from the time that the caller was told', withTestimony({ told: [{ atMs: 100, startMs: startMs + hourMs }] })],
    ['an appointment that the caller was told is cancelled', withTestimony({ told: [{ atMs: 100, startMs: null }] })],
    ['an appointment that nobody asked for', { ...withTestimony({ told: [] }), asked: [] }],
    [
      'an event from what was sent',
      withRecord(recordOf(facts.map((fact) => (fact.type === 'caller-turn' ? { ...fact, confidence: 0.5 } : fact)))),
    ],
    ['an entry that stands at another time', { entries: [{ appointmentId, startMs: startMs + hourMs }] }],
    [
      'an entry of a cancelled appointment',
      {
        ...withTestimony({ told: [{ atMs: 100, startMs: null }] }),
        appointments: [{ ...appointment, status: 'cancelled' }],
      },
    ],
    ['a request that the CRM does not describe', { violations: ['POST /crm/v9 is not described'] }],
    ['a table from the log', { differences: ['leads'] }],
  ])('%s', (_, change) => {
    expect(verdict(change).map((one) => one.split(':')[0])).toContain('wrong');
  });
});

describe('judge lets be what nobody can know', () => {
  test('a change that was asked for, and of which the caller never heard', () => {
    const later = startMs + hourMs;
    const asked = [...wholeCall().asked, { callId, startMs: later, atMs: 200 }];
    const moved = { appointments: [{ ...appointment, startMs: later, endMs: later + hourMs }] };
    expect(verdict({ ...moved, asked, entries: [{ appointmentId, startMs: later }] })).toEqual([]);
    expect(verdict({ asked })).toEqual([]);
  });

  test('that a call held to be dead came back, and that a message came twice', () => {
    const early = { ...ended, webhookId: 'interrupted', endReason: 'interrupted' as const };
    const later = { ...ended, type: 'lead.updated' };
    expect(verdict({ messages: [early, early, later] })).toEqual([]);
  });
});
