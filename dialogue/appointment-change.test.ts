import { describe, expect, test } from 'vitest';
import type { Bundle } from './playbook/bundle.ts';
import { appointmentAt, Conversation, slot, type Tools } from './testing/conversation.ts';
import { demoBundle } from './testing/demo-bundle.ts';

const bundle = await demoBundle();
const thursday = appointmentAt(slot(27, 9));
const second = appointmentAt(slot(30, 14), { id: '0191d8b2-0000-4000-8000-000000000002' });
const call = (tools: Tools = {}, start = {}, other: Bundle = bundle) =>
  new Conversation(other, { appointments: [thursday], ...tools }, start);
const number = ['three oh three five five five oh one two three', 'yes'];

describe('moving an appointment', () => {
  test('finds it by the number it was booked with, offers times, and says it is moved only once it is', () => {
    const c = call();
    expect(c.says('i need to move my appointment')).toContain('What phone number or e-mail address');
    expect(c.said).not.toContain('November 27');
    c.says(number[0] ?? '');
    expect(c.did).not.toContain('find-appointment');
    c.says('yes');
    expect(c.acts.find((act) => act.type === 'find-appointment')).toMatchObject({ by: { phone: '+13035550123' } });
    expect(c.acts.find((act) => act.type === 'find-slots')).toMatchObject({ movingAppointmentId: thursday.id });
    expect(c.said).toContain('This is your appointment. Friday, November 27 at 9 AM.');
    expect(c.asked).toBe('slot');
    expect(c.says('the second one')).toContain('Tuesday, November 24 at 2 PM. Shall I move your appointment there?');
    expect(c.said).not.toContain('moved');
    c.says('yes');
    expect(c.did).toEqual(['say', 'move-appointment', 'confirm-change', 'ask']);
    expect(c.acts.find((act) => act.type === 'move-appointment')).toMatchObject({
      appointmentId: thursday.id,
      startMs: slot(24, 14).startMs,
    });
    expect(c.said).toContain('It is moved. Your appointment is now at this time. Tuesday, November 24 at 2 PM.');
    expect(c.outcome).toBe('appointment-moved');
    expect(c.asked).toBe('anything-else');
    expect(c.lead).toMatchObject({ name: 'Susan Miller', phone: '+13035550123' });
    c.says('no thanks');
    expect(c.did.at(-1)).toBe('end');
  });

  test('a caller by phone is found by the number they call from', () => {
    const c = call({}, { callerNumber: '+13035550123' });
    c.says('i want to reschedule my appointment');
    expect(c.did).toContain('find-appointment');
    expect(c.asked).toBe('slot');
    c.says('the first one', 'yes', 'no thanks');
    expect(c.lead).toMatchObject({ name: 'Susan Miller', phone: '+13035550123' });
    expect(c.lead.scoreReasons).toContainEqual({ points: 5, reason: 'Can be reached' });
  });

  test('an appointment that somebody else made says nothing of where its caller is reached', () => {
    const relatives = appointmentAt(slot(27, 9), { attendee: { name: 'Susan Miller', phone: '+17205551212' } });
    const c = call({ appointments: [relatives] }, { callerNumber: '+13035550123' });
    c.says('i want to reschedule my appointment', 'the first one', 'yes', 'no thanks');
    expect(c.lead.phone).toBeUndefined();
  });

  test('a time that is named with the wish is looked for, and the one it has is not offered', () => {
    const c = call({ slots: () => [slot(27, 9), slot(27, 11)] }, { callerNumber: '+13035550123' });
    c.says('can i move my appointment to friday');
    expect(c.acts.find((act) => act.type === 'find-slots')).toMatchObject({ preference: { days: [5] } });
    expect(c.said).toContain('I have one time. Friday, November 27 at 11 AM.');
  });

  test('found by e-mail when the number is another one', () => {
    const c = call();
    c.says('i need to move my appointment', 'seven two oh five five five one two one two');
    expect(c.says('yes')).toContain("I can't find an appointment under that.");
    expect(c.said).not.toContain('November');
    c.says('susan at example dot com', 'yes');
    expect(c.acts.find((act) => act.type === 'find-appointment')).toMatchObject({ by: { email: 'susan@example.com' } });
    expect(c.asked).toBe('slot');
  });

  test('not found: a person is offered, with the reason', () => {
    const c = call({ appointments: [] });
    c.says('i need to move my appointment', ...number, 'no');
    expect(c.asked).toBe('offer-call-back');
    c.says('yes', 'bob jones');
    expect(c.lead.callBack?.reason).toBe('Wants to move an appointment');
    expect(c.outcome).toBe('call-back-promised');
  });

  test('the same number again finds no more: a person is offered, and "why not" is a yes', () => {
    const c = call({ appointments: [] });
    c.says('i need to move my appointment', ...number, number[0] ?? '');
    expect(c.asked).toBe('offer-call-back');
    c.says('why not');
    expect(c.state.callBack.stage).not.toBe('none');
  });

  test('"reschedule my inspection" wants no new one', () => {
    const c = call({}, { callerNumber: '+13035550123' });
    c.says('can i reschedule my inspection');
    expect(c.did).toContain('find-appointment');
  });

  test('of several the caller says which', () => {
    const c = call({ appointments: [thursday, second] }, { callerNumber: '+13035550123' });
    expect(c.says('i need to move my appointment')).toContain(
      'I see these appointments. Friday, November 27 at 9 AM. Or Monday, November 30 at 2 PM. Which one is it?',
    );
    c.says('the one on monday');
    expect(c.state.change.appointment).toEqual(second);
    c.says('the first one', 'yes');
    expect(c.acts.find((act) => act.type === 'move-appointment')).toMatchObject({ appointmentId: second.id });
  });

  test('a taken time gives way to alternatives', () => {
    const c = call({ change: 'taken' }, { callerNumber: '+13035550123' });
    c.says('i need to move my appointment', 'the first one', 'yes');
    expect(c.said).toContain('Sorry, that time was just taken.');
    expect(c.said).not.toContain('is moved');
    c.says('the second one', 'yes');
    expect(c.said).toContain('It is moved.');
  });

  test.each(['refused', 'fails'] as const)('a calendar that says "%s" moves nothing in words', (change) => {
    const c = call({ change }, { callerNumber: '+13035550123' });
    c.says('i need to move my appointment', 'the first one', 'yes', 'the second one', 'yes');
    const said = c.steps.flatMap(({ acts }) => acts.map((act) => act.type));
    expect(said).not.toContain('confirm-change');
    expect(c.outcome).not.toBe('appointment-moved');
  });

  test('what was booked in this call needs no looking up', () => {
    const c = call();
    c.says('i need a new roof', 'two thousand', 'next month', 'fifteen thousand', 'susan miller', ...number);
    c.says('yes', 'the first one', 'yes');
    expect(c.state.appointment.booked).not.toBeNull();
    c.says('i need to move my appointment');
    expect(c.did).not.toContain('find-appointment');
    expect(c.asked).toBe('slot');
  });

  test('never mind: it stays', () => {
    const c = call({}, { callerNumber: '+13035550123' });
    c.says('i need to move my appointment');
    expect(c.says('never mind')).toContain('Your appointment stays as it is. Friday, November 27 at 9 AM.');
    expect(c.tools.appointments).toEqual([thursday]);
    expect(c.outcome).toBe('information-given');
  });

  test('a playbook may leave it to a person', () => {
    const scenarios = { outreach: [], appointments: { move: false, cancel: false } };
    const c = call({}, { callerNumber: '+13035550123' }, { ...bundle, scenarios });
    c.says('i need to move my appointment');
    expect(c.did).not.toContain('find-appointment');
    expect(c.asked).toBe('offer-call-back');
  });
});

describe('cancelling an appointment', () => {
  test('reads it back, asks, and says so only once it is done', () => {
    const c = call({}, { callerNumber: '+13035550123' });
    expect(c.says('i want to cancel my appointment')).toContain('Friday, November 27 at 9 AM. Shall I cancel it?');
    expect(c.did).not.toContain('cancel-appointment');
    c.says('yes');
    expect(c.did).toEqual(['say', 'cancel-appointment', 'confirm-change', 'ask']);
    expect(c.said).toContain('Your appointment is cancelled.');
    expect(c.outcome).toBe('appointment-cancelled');
  });

  test.each(['no', 'no keep it', "don't cancel it"])('"%s" keeps it', (said) => {
    const c = call({}, { callerNumber: '+13035550123' });
    c.says('i want to cancel my appointment', said);
    expect(c.did).not.toContain('cancel-appointment');
    expect(c.said).toContain('Your appointment stays as it is.');
  });

  test('a yes over the read-back cancels nothing', () => {
    const c = call({}, { callerNumber: '+13035550123' });
    c.says('i want to cancel my appointment');
    c.interrupted('This is');
    c.says('yes');
    expect(c.did).not.toContain('cancel-appointment');
    expect(c.said).toContain('Shall I cancel it?');
  });

  test('another time instead', () => {
    const c = call({}, { callerNumber: '+13035550123' });
    c.says('i want to cancel my appointment', 'actually can i move my appointment to next week');
    expect(c.asked).toBe('slot');
    c.says('the first one', 'yes');
    expect(c.outcome).toBe('appointment-moved');
  });
});

describe('asking about an appointment', () => {
  test('is told, and confirmed when the customer will come', () => {
    const c = call({}, { callerNumber: '+13035550123' });
    expect(c.says('when is my appointment')).toContain('Friday, November 27 at 9 AM. Will you be there?');
    c.says('yes i will');
    expect(c.did).toEqual(['say', 'confirm-appointment', 'confirm-change', 'ask']);
    expect(c.outcome).toBe('appointment-confirmed');
  });

  test("nobody is told another's appointment", () => {
    const c = call({}, { callerNumber: '+17205551212' });
    c.says('when is my appointment', "it's under the name susan miller", 'susan miller');
    const said = c.steps.flatMap(({ acts }) => acts.flatMap((act) => ('sentences' in act ? act.sentences : [])));
    expect(said.map(({ text }) => text).join(' ')).not.toContain('November');
  });
});
