import { describe, expect, test } from 'vitest';
import type { CallPurpose } from '../contract/purpose.ts';
import { appointmentAt, Conversation, slot, type Tools } from './testing/conversation.ts';
import { demoBundle } from './testing/demo-bundle.ts';

const bundle = await demoBundle();
const appointment = appointmentAt(slot(27, 9));
const susan = { name: 'Susan Miller', phone: '+13035550123' };
const outreach: CallPurpose = { kind: 'outreach', contact: susan, reason: 'free-inspection' };
const confirmation: CallPurpose = { kind: 'confirm-appointment', appointment };
const call = (purpose: CallPurpose, tools: Tools = {}) =>
  new Conversation(bundle, { appointments: [appointment], ...tools }, { disclosed: false, purpose });
const everything = (c: Conversation): string =>
  c.steps
    .flatMap(({ acts }) => acts.flatMap((act) => ('sentences' in act ? act.sentences : [])))
    .map(({ text }) => text)
    .join(' ');

describe('a call to somebody we know', () => {
  test('says who calls, that it is an AI, asks for the person, gives the reason, and asks before going on', () => {
    const c = call(outreach);
    expect(c.said).toBe(
      "Hi, this is Robin from Ridgeline Roofing. I'm an AI assistant, and what we say is written down. Am I speaking with Susan Miller?",
    );
    expect(c.says('yes this is susan')).toContain('free roof inspection before winter');
    expect(c.said).toContain('Is this a good time?');
    c.says('sure');
    expect(c.asked).toBe('need');
    c.says('my roof is leaking', 'as soon as possible', 'yes please', 'the first one', 'yes');
    expect(c.outcome).toBe('appointment-booked');
    expect(c.acts.find((act) => act.type === 'book')).toMatchObject({ attendee: susan });
  });

  test.each(['speaking', "that's me", 'this is she', 'this is her', 'yes', 'yes speaking'])(
    '"%s" is the person',
    (said) => {
      const c = call(outreach);
      c.says(said);
      expect(c.asked).toBe('good-time');
    },
  );

  test.each([
    ['no you have the wrong number', 'wrong-person'],
    ["there's nobody by that name here", 'wrong-person'],
    ['no', 'not-reached'],
    ["no she's not here", 'not-reached'],
    ['this is bob', 'not-reached'],
  ])('"%s" ends it politely', (said, outcome) => {
    const c = call(outreach);
    c.says(said);
    expect(c.said).toBe("I'm sorry to have bothered you. Goodbye.");
    expect(c.did.at(-1)).toBe('end');
    expect(c.outcome).toBe(outcome);
    expect(c.lead.name).toBeUndefined();
  });

  test('a bad time: another one is offered, and nothing more is asked', () => {
    const c = call(outreach);
    c.says('speaking');
    expect(c.says('no not really')).toContain('Shall someone call you at another time?');
    c.says('yes');
    expect(c.outcome).toBe('call-back-promised');
    expect(c.lead.callBack?.reason).toBe('We called at a bad time');
    const other = call(outreach);
    other.says('speaking', 'no', 'no');
    expect(other.asked).toBe('anything-else');
  });

  test.each([
    ['take me off your list', [] as string[]],
    ['stop calling me', ['speaking']],
    ["please don't call this number again", ['speaking', 'sure']],
    ['take me off your list', ['speaking', 'sure', 'can i talk to a person']],
  ])('"%s" is honoured at once, whenever it is said', (said, before) => {
    const c = call(outreach);
    c.says(...before, said);
    expect(c.said).toBe('I have noted that. We will not call you again. Goodbye.');
    // Written down before a word of it is said.
    expect(c.did).toEqual(['save-lead', 'goodbye', 'end']);
    expect(c.outcome).toBe('do-not-call');
    expect(c.lead).toMatchObject({ phone: susan.phone, tags: expect.arrayContaining(['do-not-call']) });
    expect(c.lead.callBack).toBeUndefined();
  });

  test('silence and noise end it; nobody is spoken to for ever', () => {
    const c = call(outreach);
    c.says('flurble', 'wibble', 'zorp', 'gart', 'blim');
    expect(c.did.at(-1)).toBe('end');
  });
});

describe('a call about an appointment', () => {
  test('tells it to the customer, and confirms', () => {
    const c = call(confirmation);
    expect(c.said).not.toContain('November');
    expect(c.says('speaking')).toContain('Friday, November 27 at 9 AM. Will you be there?');
    c.says('yes i will be there');
    expect(c.acts.find((act) => act.type === 'confirm-appointment')).toMatchObject({ appointmentId: appointment.id });
    expect(c.said).toContain('Thank you, your appointment is confirmed.');
    expect(c.says('no')).toContain('Goodbye');
    expect(c.outcome).toBe('appointment-confirmed');
  });

  test.each([
    ['move it please', 'slot'],
    ['another day would be better', 'slot'],
    ['cancel it', 'confirm-cancel'],
  ])('cannot come: "%s"', (said, asked) => {
    const c = call(confirmation);
    c.says('speaking', "no i can't");
    expect(c.asked).toBe('change-how');
    c.says(said);
    expect(c.asked).toBe(asked);
    c.says(asked === 'slot' ? 'the first one' : 'yes', 'yes');
    expect(['appointment-moved', 'appointment-cancelled']).toContain(c.outcome);
  });

  test('"can we make it next week" moves it', () => {
    const c = call(confirmation);
    c.says('speaking', 'no can we make it next week');
    expect(c.acts.find((act) => act.type === 'find-slots')).toMatchObject({
      preference: { fromDate: '2026-11-30', toDate: '2026-12-06' },
    });
  });

  test.each([
    ['who is this', 'what is this about', 'when is my appointment', 'yes is there something for her', 'no'],
    ['this is bob', 'what is it about'],
    ['this is her husband what time is her appointment', 'yes'],
    ['can i cancel her appointment', 'wrong number'],
  ])('whoever is not the customer hears nothing of it: %s', (...lines) => {
    const c = call(confirmation);
    for (const line of lines) if (c.state.ended === null) c.says(line);
    expect(c.state.outbound.rightPerson).toBe(false);
    expect(everything(c)).not.toMatch(/November|9 AM|appointment is|this is your appointment/i);
  });
});

test('a line for questions only answers, and makes no appointments', () => {
  const c = call({ kind: 'faq' });
  expect(c.asked).toBe('anything-else');
  expect(c.says('do you have a warranty')).toContain('10-year warranty');
  expect(c.asked).not.toBe('want-appointment');
  c.says('i want to book an appointment');
  expect(c.did).not.toContain('find-slots');
  expect(c.asked).toBe('offer-call-back');
});
