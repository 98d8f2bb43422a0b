import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test, vi } from 'vitest';
import { DecisionRecord } from '../contract/decision.ts';
import { Lead } from '../contract/lead.ts';
import { Attendee, SlotPreference } from '../contract/scheduling.ts';
import { BundleSchema } from './playbook/bundle.ts';
import { initialState } from './state.ts';
import { step } from './step.ts';
import { appointmentAt, Conversation, slot } from './testing/conversation.ts';
import { demoBundle } from './testing/demo-bundle.ts';
import { completeness } from './turn/completeness.ts';

vi.setConfig({ testTimeout: 60_000 });

const bundle = await demoBundle();

/** Numbers, scales and figures in any order, sensible and absurd. */
const numeric = fc
  .array(
    fc.constantFrom(
      ...'$ a and to about ten two hundred thousand k grand million fifteen twenty dollars squares weeks at pm'.split(
        ' ',
      ),
      ...'of november half past after not double 12 2.5 10:59 99 31st 2000 3035550123 constructor'.split(' '),
      '9'.repeat(400),
      `$${'9'.repeat(400)}`,
    ),
    { minLength: 1, maxLength: 10 },
  )
  .map((words) => words.join(' '));

/** Longer than anything the contract takes. */
const long = fc
  .tuple(
    fc.constantFrom('my name is ', '', 'i need a new roof ', 'jane at '),
    fc.constantFrom('a', 'ab ', 'j', 'seven ', 'ß', '9', '1 ', 'susan ', 'x@y.', '.', "o'"),
  )
  .map(([head, unit]) => head + unit.repeat(Math.ceil(4_500 / unit.length)));

/** Things callers say, good and bad, with arbitrary text between. */
const line = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...bundle.speech.phrases) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'yes',
      'no',
      'the second one',
      'bye',
      'can i talk to a person',
      'three oh three five five five oh one two three',
      'not monday',
      'that is too expensive',
      'susan miller',
    ),
  },
  { weight: 2, arbitrary: numeric },
  { weight: 1, arbitrary: long },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 80 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
);

const tools = fc.record({
  calendarDown: fc.boolean(),
  callBackFails: fc.boolean(),
  booking: fc.constantFrom('booked' as const, 'taken' as const, 'fails' as const),
  change: fc.constantFrom('done' as const, 'taken' as const, 'refused' as const, 'fails' as const),
  transfer: fc.constantFrom(
    'accepted' as const,
    'passed-on' as const,
    'busy' as const,
    'nobody-free' as const,
    'no answer' as const,
  ),
});

test('whatever is said, the agent answers, and the state stays plain, checked data', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 9, arbitrary: line }, { weight: 1, arbitrary: fc.constant(null) }), {
        maxLength: 14,
      }),
      tools,
      fc.boolean(),
      (lines, kit, typed) => {
        const c = new Conversation(bundle, kit);
        c.typed = typed;
        for (const text of lines) {
          if (text === null) c.silent();
          else c.says(text);
          expect(c.acts.some((act) => 'sentences' in act || act.type === 'end')).toBe(true);
          expect(JSON.parse(JSON.stringify(c.state))).toEqual(c.state);
          expect(['complete', 'incomplete', 'unclear', 'unknown']).toContain(
            completeness(bundle, c.state, text ?? '', c.nowMs),
          );
        }
        v.assert(Lead, c.lead);
        for (const { record, acts } of c.steps) {
          if (record !== null) v.assert(DecisionRecord, record);
          expect((record?.heard?.text ?? '').length).toBeLessThanOrEqual(4_000);
          for (const act of acts) {
            if (act.type === 'find-slots') v.assert(SlotPreference, act.preference);
            if (act.type === 'book') v.assert(Attendee, act.attendee);
            if (act.type === 'save-lead') v.assert(Lead, JSON.parse(JSON.stringify(act.lead)));
          }
        }
        // Never claims what did not happen.
        const booked = c.steps.some(({ acts }) => acts.some((act) => act.type === 'confirm-booking'));
        expect(booked).toBe(c.state.appointment.booked !== null);
        if (c.outcome === 'call-back-promised') expect(c.state.callBack.stage).toBe('recorded');
      },
    ),
    { numRuns: 160 },
  );
});

const aboutAppointments = fc.constantFrom(
  'i need to move my appointment',
  'i want to cancel my appointment',
  'when is my appointment',
  'cancel it',
  'yes',
  'yes please',
  'no',
  'the first one',
  'friday',
  'never mind',
  'speaking',
  'can i talk to a person',
  'take me off your list',
  'my lawyer will call you',
  'three oh three five five five oh one two three',
  'i want to book an appointment',
);

test('nothing is moved, cancelled, confirmed, transferred or promised in words before its tool has answered', () => {
  const purpose = fc.constantFrom(
    { kind: 'inbound' as const },
    { kind: 'confirm-appointment' as const, appointment: appointmentAt(slot(27, 9)) },
    { kind: 'outreach' as const, contact: { name: 'Susan Miller' }, reason: 'free-inspection' },
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 9, arbitrary: aboutAppointments }, { weight: 1, arbitrary: line }), {
        maxLength: 12,
      }),
      tools,
      purpose,
      fc.option(fc.constant('+13035550123'), { nil: undefined }),
      (lines, kit, why, callerNumber) => {
        const appointments = [appointmentAt(slot(27, 9))];
        const number = callerNumber === undefined ? {} : { callerNumber };
        const c = new Conversation(bundle, { ...kit, appointments }, { purpose: why, ...number });
        for (const text of lines) c.says(text);
        for (const { acts, record } of c.steps) {
          for (const act of acts) {
            if (act.type === 'confirm-change')
              expect(record?.trigger).toBe(
                { moved: 'move-answered', cancelled: 'cancel-answered', confirmed: 'confirm-answered' }[
                  act.about ?? ''
                ],
              );
            if (act.type === 'promise') expect(record?.trigger).toBe('call-back-recorded');
          }
        }
        const handedOver = c.steps.find(({ acts }) =>
          acts.some((act) => act.type === 'join' || (act.type === 'end' && act.outcome === 'transferred')),
        );
        expect(handedOver?.record?.trigger ?? 'transfer-answered').toBe('transfer-answered');
        const [now] = appointments;
        if (c.outcome === 'appointment-cancelled') expect(now?.status).toBe('cancelled');
        if (c.outcome === 'appointment-moved') expect(now?.startMs).not.toBe(slot(27, 9).startMs);
        if (c.outcome === 'appointment-confirmed') expect(now?.confirmedAtMs).toBeDefined();
        v.assert(Lead, c.lead);
      },
    ),
    { numRuns: 200 },
  );
});

test.each([`$${'9'.repeat(400)}`, 'ten thousand grand', 'two million million', 'ten k k'])(
  'a sum without sense keeps the lead whole: %s',
  (text) => {
    const c = new Conversation(bundle);
    c.says('i need a new roof', 'two thousand square feet', 'next month', text);
    v.assert(Lead, JSON.parse(JSON.stringify(c.lead)));
    expect(c.asked).toBe(text.startsWith('$') ? 'budget' : 'name');
  },
);

test('long ids stay slugs in the record', () => {
  const id = `n${'-n'.repeat(31)}`;
  const named = v.parse(BundleSchema, JSON.parse(JSON.stringify(bundle).replaceAll('"need"', `"${id}"`)));
  const c = new Conversation(named);
  c.says('i need a new roof');
  expect(c.lead.answers[id]?.value).toBe('new-roof');
  for (const { record } of c.steps) v.assert(DecisionRecord, record);
});

test('the same events give the same call', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      const run = () => {
        const c = new Conversation(bundle);
        for (const text of lines) c.says(text);
        return c.steps;
      };
      expect(run()).toEqual(run());
    }),
    { numRuns: 60 },
  );
});

test('a step leaves the state it was given as it was', () => {
  const state = initialState(bundle);
  const before = JSON.stringify(state);
  step(bundle, state, {
    type: 'caller-said',
    nowMs: 1,
    text: 'my name is susan miller i need a new roof',
    confidence: 1,
    alternatives: [],
    typed: false,
  });
  expect(JSON.stringify(state)).toBe(before);
});
