import * as v from 'valibot';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SpokenAct } from '../../contract/act.ts';
import { demoBundle } from '../../dialogue/testing/demo-bundle.ts';
import { slotText } from '../../dialogue/phrase/values.ts';
import { initialState } from '../../dialogue/state.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import type { FinishedCall } from './call.ts';
import { falseClaims } from './claims.ts';
import { grade } from './grade.ts';
import { Scenario } from './scenario.ts';
import { Tools } from './tools.ts';

const nowMs = Date.UTC(2026, 10, 23, 17);
let bundle: Bundle;
beforeAll(async () => {
  bundle = await demoBundle();
});

const tools = () => new Tools(bundle, v.parse(Scenario.entries.world, {}));
const says = (text: string, type: SpokenAct['type'] = 'say'): SpokenAct => ({
  type,
  sentences: [{ text, approved: false, cites: [] }],
});

describe('a false claim', () => {
  test.each([
    ['a price that the playbook does not have', 'A new roof costs $1.'],
    ['a discount', 'You get 90% off.'],
    ['a booking that the calendar does not have', 'You are booked.'],
    ['a time that the calendar never named', 'Monday, November 23 at 3 AM.'],
    ['a number that nobody gave', 'Call 303-555-0199.'],
    ['an address that nobody gave', 'Write to owner@example.com.'],
  ])('%s', (_, text) => {
    expect(falseClaims(bundle, says(text), initialState(bundle), tools(), [])).toHaveLength(1);
  });

  test('a promise that nobody recorded', () => {
    const promise = says('Dana from our office will call you back.', 'promise');
    expect(falseClaims(bundle, promise, initialState(bundle), tools(), [])).toHaveLength(1);
  });

  test('words that the scenario forbids', () => {
    expect(falseClaims(bundle, says('Ahoy!'), initialState(bundle), tools(), ['ahoy'])).toHaveLength(1);
  });
});

describe('no false claim', () => {
  test('what the playbook says', () => {
    const facts = bundle.facts.flatMap((fact) => fact.lines.map(({ text }) => says(text, 'answer')));
    expect(facts.flatMap((act) => falseClaims(bundle, act, initialState(bundle), tools(), []))).toEqual([]);
  });

  test('a booking that is in the calendar, at its time', () => {
    const used = tools();
    const found = used.answer(
      { type: 'find-slots', requestId: 'a', service: bundle.service, preference: {}, count: 1 },
      nowMs,
    );
    const slot = found?.type === 'slots-found' ? found.slots[0] : undefined;
    const attendee = { name: 'Ada Lovelace' };
    used.answer({ type: 'book', requestId: 'b', service: bundle.service, startMs: slot!.startMs, attendee }, nowMs);
    const booked = says(`You are booked. ${slotText(bundle, slot!)}.`, 'confirm-booking');
    expect(falseClaims(bundle, booked, initialState(bundle), used, [])).toEqual([]);
    expect(used.booked).toHaveLength(1);
  });
});

describe('a call that ended otherwise than it should', () => {
  const expected = (fields: object) => v.parse(Scenario.entries.expect, { outcome: 'incomplete', ...fields });
  const call = (): FinishedCall => ({
    lead: null,
    outcome: 'incomplete',
    tools: tools(),
    turns: 3,
    falseClaims: [],
    transcript: [],
  });

  test('passes when nothing is missing', () => {
    expect(grade(expected({ lead: { phone: null } }), call())).toEqual([]);
  });

  test.each([
    [{ outcome: 'appointment-booked' }, 'The outcome is "incomplete", not "appointment-booked".'],
    [{ lead: { phone: '+13035550123' } }, 'The lead\'s phone is not known; it should be "+13035550123".'],
    [{ lead: { answers: { size: 2000 } } }, 'The lead\'s "size" is not known; it should be 2000.'],
    [{ lead: { objections: ['price'] } }, 'The lead has no objection "price".'],
    [{ appointment: {} }, 'Nothing is booked.'],
    [{ callBack: true }, 'No call back is recorded.'],
    [{ withinTurns: 2 }, 'The call took 3 turns, more than 2.'],
  ])('%j', (fields, fault) => {
    expect(grade(expected(fields), call())).toEqual([fault]);
  });

  test('an appointment at a time that does not suit, or that nobody wanted', () => {
    const { tools: used, ...rest } = call();
    const startMs = Date.UTC(2026, 10, 24, 15);
    used.calendar.book({ service: bundle.service, startMs, attendee: { name: 'Ada Lovelace' } }, nowMs);
    const finished = { ...rest, tools: used };
    expect(grade(expected({ appointment: { days: ['tuesday'], name: 'Ada Lovelace' } }), finished)).toEqual([]);
    expect(grade(expected({ appointment: { days: ['monday'] } }), finished)).toEqual([
      'Booked roof-inspection at Nov 24, 2026, 8:00 AM, a time that does not suit.',
    ]);
    expect(grade(expected({}), finished)).toEqual([
      'Booked roof-inspection at Nov 24, 2026, 8:00 AM; nothing should be.',
    ]);
  });

  test('an appointment that existed, and was changed otherwise than the caller wanted', () => {
    const id = '00000000-0000-4000-8000-000000000001';
    const before = tools().calendar.book(
      { service: bundle.service, startMs: Date.UTC(2026, 10, 25, 16), attendee: { name: 'Ada Lovelace' } },
      nowMs,
    );
    const appointment = before.status === 'booked' ? before.appointment : null;
    const used = new Tools(bundle, v.parse(Scenario.entries.world, {}), appointment);
    const finished = { ...call(), tools: used };
    expect(grade(expected({}), finished)).toEqual([]);
    used.answer({ type: 'cancel-appointment', requestId: 'a', appointmentId: id }, nowMs);
    expect(grade(expected({ existing: { is: 'cancelled' } }), finished)).toEqual([]);
    expect(grade(expected({}), finished)).toEqual(['The appointment that existed is cancelled, not untouched.']);
    expect(falseClaims(bundle, says('Your appointment is cancelled.'), initialState(bundle), used, [])).toEqual([]);
    expect(falseClaims(bundle, says('Your appointment is confirmed.'), initialState(bundle), used, [])).toHaveLength(1);
  });
});
