import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import type { CallEvent, CallFact } from '../../contract/call-event.ts';
import { Problem } from '../../contract/problem.ts';
import { callRecord, openSession, setUpBusiness } from '../test/control-plane.ts';
import {
  answered,
  callEnd,
  callStart,
  emptyLead,
  inOrder,
  leadFact,
  postEvents,
  reachableLead,
  said,
} from '../test/events.ts';
import { nothingYet, project } from './projection.ts';

const hash = '0'.repeat(64);
const facts: CallFact[] = [
  callStart(hash),
  { type: 'media-connected' },
  said('I need a new roof'),
  leadFact({ ...emptyLead, tags: ['new-roof'] }),
  answered('How large is it, roughly?', 'How large is it'),
  leadFact(reachableLead),
  { type: 'call-back-promised', reason: 'asked for a person' },
  callEnd,
];

const nextSeq = async (response: Response): Promise<unknown> => (await response.json<{ nextSeq: number }>()).nextSeq;

describe('POST /v1/node/calls/:callId/events', () => {
  it('stores a call, and its record shows lead, transcript and end', async () => {
    const { business } = await setUpBusiness();
    const { callId } = await openSession(business);
    expect(await nextSeq(await postEvents(business, callId, inOrder(facts)))).toBe(facts.length);
    const record = await callRecord(business, callId);
    expect(record.events).toEqual(inOrder(facts));
    expect(record.lead).toEqual(reachableLead);
    expect(record.summary).toMatchObject({
      callId,
      playbook: hash,
      leadName: 'Ann Miller',
      score: 40,
      endReason: 'agent-goodbye',
      outcome: 'information-given',
      endMs: inOrder(facts).at(-1)?.atMs,
    });
  });

  it('takes a call that has no session, as from a phone', async () => {
    const { business } = await setUpBusiness();
    const callId = crypto.randomUUID();
    const start: CallFact = { ...callStart(hash), door: 'phone', purpose: 'outreach' };
    await postEvents(business, callId, inOrder([start]));
    const record = await callRecord(business, callId);
    expect(record.summary.door).toBe('phone');
    expect(record.events[0]?.fact).toEqual(start);
    expect(record.consent).toBeNull();
  });

  it('says from where to send again when there is a gap, and stores nothing past it', async () => {
    const { business } = await setUpBusiness();
    const { callId } = await openSession(business);
    const events = inOrder(facts);
    expect(await nextSeq(await postEvents(business, callId, [...events.slice(0, 2), ...events.slice(3)]))).toBe(2);
    expect((await callRecord(business, callId)).events).toHaveLength(2);
    expect(await nextSeq(await postEvents(business, callId, events.slice(2)))).toBe(facts.length);
  });

  it('answers a sign of life with what it has', async () => {
    const { business } = await setUpBusiness();
    const { callId } = await openSession(business);
    expect(await nextSeq(await postEvents(business, callId, []))).toBe(0);
    await postEvents(business, callId, inOrder(facts.slice(0, 3)));
    expect(await nextSeq(await postEvents(business, callId, []))).toBe(3);
    expect(await nextSeq(await postEvents(business, crypto.randomUUID(), []))).toBe(0);
  });

  it('refuses an event that differs from the stored one, and all that came with it', async () => {
    const { business } = await setUpBusiness();
    const { callId } = await openSession(business);
    await postEvents(business, callId, inOrder(facts.slice(0, 3)));
    const changed = inOrder([said('Something else'), said('and more')], 2);
    const response = await postEvents(business, callId, changed);
    expect(response.status).toBe(409);
    expect(v.parse(Problem, await response.json()).error).toMatchObject({ code: 'conflict', field: 'events.0' });
    expect((await callRecord(business, callId)).events).toEqual(inOrder(facts.slice(0, 3)));
  });

  it('refuses one batch with two contents of one event', async () => {
    const { business } = await setUpBusiness();
    const { callId } = await openSession(business);
    const [start] = inOrder(facts);
    const response = await postEvents(business, callId, [
      start,
      ...inOrder([said('x')], 1),
      ...inOrder([said('y')], 1),
    ]);
    expect(response.status).toBe(409);
    expect(v.parse(Problem, await response.json()).error.field).toBe('events.2');
    expect((await callRecord(business, callId)).events).toEqual([]);
  });

  it('names the event at fault by its place in the batch as it was sent', async () => {
    const { business } = await setUpBusiness();
    const { callId } = await openSession(business);
    await postEvents(business, callId, inOrder(facts.slice(0, 3)));
    const [first, second, third] = inOrder([...facts.slice(0, 2), said('Something else')]);
    const conflict = await postEvents(business, callId, [first, third, second]);
    expect(v.parse(Problem, await conflict.json()).error).toMatchObject({
      message: 'Event 2 of this call is stored with another content.',
      field: 'events.1',
    });
    const unstarted = await postEvents(business, crypto.randomUUID(), inOrder([said('a'), said('b')]).reverse());
    expect(v.parse(Problem, await unstarted.json()).error.field).toBe('events.1.fact.type');
  });

  it('wants a call without a session to say what it is first', async () => {
    const { business } = await setUpBusiness();
    const response = await postEvents(business, crypto.randomUUID(), inOrder([said('hello')]));
    expect(response.status).toBe(400);
    expect(v.parse(Problem, await response.json()).error.field).toBe('events.0.fact.type');
  });

  it('names the field of an event that is malformed', async () => {
    const { business } = await setUpBusiness();
    const response = await postEvents(business, crypto.randomUUID(), [
      { seq: 0, atMs: 1, fact: { type: 'call-end', reason: 'bored' } },
    ]);
    expect(response.status).toBe(400);
    expect(v.parse(Problem, await response.json()).error.field).toBe('events.0.fact.reason');
  });

  it('gives the same record whatever the order, repetition and overlap of batches', async () => {
    const { business } = await setUpBusiness();
    const events = inOrder(facts);
    const expected = events.reduce(project, nothingYet);
    const cut = fc
      .tuple(fc.nat(facts.length), fc.nat(facts.length))
      .map(([a, b]) => events.slice(Math.min(a, b), Math.max(a, b)));
    const batches = fc.array(
      cut.chain((batch) => fc.shuffledSubarray(batch, { minLength: batch.length })),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(batches, async (sent) => {
        const callId = crypto.randomUUID();
        let next = 0;
        for (const batch of sent) {
          const response = await postEvents(business, callId, batch);
          // Only a call that has not begun may be refused.
          if (response.ok) next = Number(await nextSeq(response));
          else expect(next).toBe(0);
        }
        // As an outbox does: from where the control plane says.
        expect(await nextSeq(await postEvents(business, callId, events.slice(next)))).toBe(events.length);
        const record = await callRecord(business, callId);
        expect(record.events).toEqual(events);
        expect(record.lead).toEqual(expected.lead);
        expect(record.summary.endMs).toBe(expected.end?.atMs);
      }),
      { numRuns: 40 },
    );
  });

  it('takes batches of one call that arrive at the same moment', async () => {
    const { business } = await setUpBusiness();
    const callId = crypto.randomUUID();
    const many: CallEvent[] = inOrder([callStart(hash), ...Array.from({ length: 99 }, (_, n) => said(`word ${n}`))]);
    await postEvents(business, callId, many.slice(0, 1));
    await Promise.all(
      Array.from({ length: 10 }, async (_, n) => postEvents(business, callId, many.slice(n, 20 + n * 9))),
    );
    await postEvents(business, callId, many);
    expect((await callRecord(business, callId)).events).toEqual(many);
  });
});
