import * as v from 'valibot';
import { expect, test } from 'vitest';
import { CallRecord } from '../../contract/call-record.ts';
import { formatCall } from './format-call.ts';
import { formatList } from './format-list.ts';
import { type Layout, printable, wrap } from './layout.ts';
import { sampleRecord } from './sample-record.ts';

const layout: Layout = { paint: (_, text) => text, width: 100, timeZone: 'UTC' };

test('the sample is a record as the control plane answers it', () => {
  expect(v.parse(CallRecord, sampleRecord)).toEqual(sampleRecord);
});

test('a call reads from top to bottom', () => {
  expect(formatCall(sampleRecord, layout)).toMatchInlineSnapshot(`
    "Call 0193a5c1-6f0e-7a31-9c55-0a1b2c3d4e5f  appointment booked
      When       Monday 23 November 2026, 15:00:00 (America/Denver) · 2 min 05 s · ended: caller hang up
      Door       browser, voice · ridgeline-roofing
      Playbook   abababababab
      Consent    version 2026-11, 14:59:58, on http://localhost:8080
      Recording  2 min 01 s, 513 kB · save it with --recording FILE

    In short
      Dana Fox called from the website. Need: a new roof. Asked about service area. Objected: price
      (resolved).
      next: a free roof inspection, 25 November 2026, 15:00, Lee

    Conversation
      0:00.2  * audio connected
      0:00.2  Agent   Hi, this is Riley, an AI — interrupted
                        greet: The call began. · rule greet-rule
      0:03.0  Caller  I need a new roof
      0:05.3  Agent   About how large is the house?
                        ask: The need is known, the size is not. · rule ask-rule · intent replace-roof
                        91 % · facts service-area
                        281 ms: endpointing 204 + recognition 3 + decision 1 + synthesis 0 + packet 2 +
                        playout 71
      0:09.0  * calendar degraded: no answer in 2,000 ms
      0:09.5  * call ended: caller hang up

    Latency
      1 reply: median 281 ms, p95 281 ms

    Paid engines
      recognition: openai gpt-4o-mini-transcribe · 2 requests · 3.2 s of sound
      synthesis: openai gpt-4o-mini-tts · 1 requests · 29 characters
      language: openai gpt-5.4-mini · 2 requests · 1830 tokens in · 75 tokens out · $0.0017

    Lead
      Dana Fox · +13035550123
      booked, score 70 of 100
         +40  wants a new roof
         -10  no budget named
      need: a new roof (confirmed)
      objection price: resolved
      asked about: service area
      tags: storm-damage

    Appointments
      Wednesday 25 November 2026, 10:00-11:00 MST (America/Denver)
      a free roof inspection for Dana Fox · http://127.0.0.1:8787/v1/appointments/7e0f.ics

    CRM
      lead.updated    delivered 2 attempts, 1.2 s after it was due
      call.completed  retrying  1 attempt, last answer: status 503, Service Unavailable
    "
  `);
});

test('a call that goes on and has nothing yet is short', () => {
  const text = formatCall(
    {
      ...sampleRecord,
      summary: { ...sampleRecord.summary, endMs: null, endReason: null, outcome: null },
      consent: null,
      events: [],
      lead: null,
      appointments: [],
      deliveries: [],
    },
    layout,
  );
  expect(text).toContain('going on');
  expect(text).toContain('22:00:00 (UTC) · not ended');
  expect(text).toContain('none recorded');
  expect(text).not.toContain('Conversation');
  expect(text).not.toContain('CRM');
});

test('a call that we made says what for', () => {
  const events = sampleRecord.events.map((event) =>
    event.fact.type === 'call-start'
      ? { ...event, fact: { ...event.fact, purpose: 'confirm-appointment' as const } }
      : event,
  );
  expect(formatCall({ ...sampleRecord, events }, layout)).toContain('\n  Purpose    confirm appointment\n');
});

test('no line is wider than the terminal, but for addresses', () => {
  const lines = formatCall(sampleRecord, { ...layout, width: 60 }).split('\n');
  const conversation = lines.slice(lines.indexOf('Conversation'), lines.indexOf('Latency'));
  expect(conversation.length).toBeGreaterThan(5);
  expect(Math.max(...conversation.map((line) => line.length))).toBeLessThanOrEqual(60);
});

test('what a caller typed cannot command the terminal', () => {
  expect(printable('red \u001b[31m\u202e\nline\u0007')).toBe('red [31m line');
});

test('wrap breaks at spaces and keeps a long word whole', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('a-very-long-word and', 5)).toEqual(['a-very-long-word', 'and']);
});

test('the list has one line a call', () => {
  const text = formatList({ calls: [sampleRecord.summary], nextCursor: null }, layout);
  expect(text.split('\n')[0]).toBe(
    `${sampleRecord.summary.callId}  2026-11-23 22:00  browser voice  2 min 05 s   appointment booked   Dana Fox (70)`,
  );
  expect(formatList({ calls: [], nextCursor: null }, layout)).toContain('No calls yet');
});
