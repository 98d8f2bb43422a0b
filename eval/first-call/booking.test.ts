import ICAL from 'ical.js';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallRecord } from '../../contract/call-record.ts';
import type { Caller } from '../caller/caller.ts';
import { rehearse } from '../caller/persona.ts';
import { launchChromium } from '../caller/chromium.ts';
import { converse } from '../caller/conversation.ts';
import { bookingCaller, bookingFacts } from '../caller/personas.ts';
import { startCall } from '../caller/visit.ts';
import { expectCompleteRecord } from '../product/complete-record.ts';
import { startProduct, type Product } from '../product/product.ts';
import { factsOf } from '../product/staff-client.ts';
import { transcribe } from '../speech/transcribe.ts';
import { wordErrorRate, wordsOf } from '../speech/word-error-rate.ts';

/**
 * Of the agent's audible words, after Opus, the network and the page. Measured over 24 turns: 0 in 22 of them, one word
 * too much at the cut of two (17 %). Sound that is another sentence, or broken, comes out at 60 % and more.
 */
const maxWordErrorRate = 0.25;

/** From the node's last frame to the page's loudspeaker, generously. */
const downstreamMs = 400;

let product: Product;
let browser: Browser;
let caller: Caller;
let callId: string;
let record: CallRecord;

beforeAll(async () => {
  product = await startProduct();
  browser = await launchChromium({ microphone: 'allow' });
  const persona = bookingCaller('rms');
  await rehearse(persona);
  ({ caller, callId } = await startCall(browser, { url: product.siteUrl, voice: persona.voice }));
  await converse(caller, persona);
  record = await expectCompleteRecord(product, callId, 'agent-goodbye');
});

afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

test('a spoken call ends with an appointment in the calendar', async () => {
  expect(record.summary.outcome).toBe('appointment-booked');
  const appointments = (await product.staff.appointments()).filter((one) => one.callId === callId);
  expect(appointments).toHaveLength(1);
  const [appointment] = appointments;
  expect(appointment).toMatchObject({ status: 'booked', timeZone: 'America/Denver' });
  expect(appointment?.attendee).toMatchObject({ name: bookingFacts.name, phone: bookingFacts.phone });
  expect(appointment?.startMs).toBeGreaterThan(record.summary.startMs);
  const told = await caller.messages('booked');
  expect(told.at(-1)).toMatchObject({
    startMs: appointment?.startMs,
    endMs: appointment?.endMs,
    timeZone: 'America/Denver',
  });
});

test('the lead has exactly what was said', () => {
  expect(record.lead).toMatchObject({ name: bookingFacts.name, phone: bookingFacts.phone, stage: 'booked' });
  const answers = Object.entries(record.lead?.answers ?? {}).map(([question, { value }]) => [question, value]);
  expect(Object.fromEntries(answers)).toEqual(bookingFacts.answers);
  expect(record.lead?.score).toBeGreaterThan(0);
  const points = (record.lead?.scoreReasons ?? []).reduce((sum, reason) => sum + reason.points, 0);
  expect(record.lead?.score).toBe(Math.min(100, points));
});

test('the CRM got the lead and the finished call once each, signed', () => {
  const updates = product.crm.of(callId, 'lead.updated');
  const [completed] = product.crm.of(callId, 'call.completed');
  expect(updates.length).toBeGreaterThanOrEqual(1);
  expect(new Set(product.crm.of(callId).map(({ webhookId }) => webhookId)).size).toBe(product.crm.of(callId).length);
  expect(completed?.message.data.lead).toEqual(record.lead);
  expect(completed?.message.data.appointments).toEqual(record.appointments);
  expect(product.crm.received.findLast(({ message }) => message.data.callId === callId)).toBe(completed);
});

test('the transcript has every turn, as the page showed it', async () => {
  const facts = record.events.map(({ fact }) => fact);
  const spoken = facts.filter((fact) => fact.type === 'caller-turn' || fact.type === 'agent-turn');
  const captions = await caller.captions();
  const said = (who: 'agent' | 'caller'): string[] =>
    wordsOf(
      captions
        .filter((one) => one.who === who)
        .map((one) => one.text)
        .join(' '),
    );
  const kept = (type: string): string[] =>
    wordsOf(
      spoken
        .filter((fact) => fact.type === type)
        .map((fact) => fact.text)
        .join(' '),
    );
  expect(kept('agent-turn')).toEqual(said('agent'));
  expect(kept('caller-turn')).toEqual(said('caller'));
  const [completed] = product.crm.of(callId, 'call.completed');
  expect(completed?.message.data.call.transcript).toHaveLength(spoken.length);
});

test('consent stands in the record: what was shown, its hash, when and where', async () => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(record.consent?.text));
  expect(record.consent?.textSha256).toBe(Buffer.from(digest).toString('hex'));
  expect(record.consent?.version).toBe(product.consentVersion);
  expect(record.consent?.origin).toBe(new URL(product.siteUrl).origin);
  expect(record.consent?.acceptedAtMs).toBeLessThanOrEqual(record.events[0]?.atMs ?? 0);
});

test('the invitation is a calendar file for the appointment', async () => {
  const [appointment] = record.appointments;
  const response = await fetch(new URL(appointment?.icsUrl ?? '', product.stack.urls.control));
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/calendar/);
  const calendar = new ICAL.Component(ICAL.parse(await response.text()));
  const events = calendar.getAllSubcomponents('vevent');
  expect(events).toHaveLength(1);
  const event = new ICAL.Event(events[0]);
  expect(event.startDate.toJSDate().getTime()).toBe(appointment?.startMs);
  expect(event.endDate.toJSDate().getTime()).toBe(appointment?.endMs);
});

test('every spoken turn has its decision and its latency', () => {
  const callerTurns = factsOf(record, 'caller-turn').map(({ turn }) => turn);
  const decided = factsOf(record, 'decision').map((fact) => fact.record.turn);
  expect(callerTurns.length).toBeGreaterThanOrEqual(6);
  expect(decided).toEqual(expect.arrayContaining(callerTurns));
  expect(factsOf(record, 'turn-latency').map(({ turn }) => turn)).toEqual(callerTurns);
});

test('what the caller heard is what the agent says it said', async () => {
  const turns = factsOf(record, 'agent-turn');
  const sentences = turns.map(({ heardText }) => heardText);
  let compared = 0;
  for (const turn of turns) {
    const said = wordsOf(turn.heardText);
    const sound = await caller.agentAudio(turn.startMs, turn.endMs + downstreamMs);
    const { words, unknownWords } = await transcribe(sound, sentences);
    // Figures are read out as words, and the business's own name is in no dictionary: such turns cannot be compared.
    if (said.length < 5 || said.some((word) => unknownWords.has(word))) continue;
    compared += 1;
    const rate = wordErrorRate(said, words);
    expect(rate, `"${turn.heardText}" was heard as "${words.join(' ')}"`).toBeLessThanOrEqual(maxWordErrorRate);
  }
  expect(compared).toBeGreaterThanOrEqual(6);
});
