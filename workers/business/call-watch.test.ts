import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { Lead } from '../../contract/lead.ts';
import { instantOf } from '../../dialogue/calendar/local-time.ts';
import type { Business } from './business.ts';
import { asNode, asStaff, callRecord, mondayMs, openSession, request, setUpBusiness } from '../test/control-plane.ts';
import { callEnd, callStart, emptyLead, inOrder, leadFact, postEvents, reachableLead, said } from '../test/events.ts';

async function runningCall(lead?: Lead) {
  const set = await setUpBusiness();
  const { callId } = await openSession(set.business);
  const events = inOrder([callStart(set.bundle.hash), said('hello'), ...(lead === undefined ? [] : [leadFact(lead)])]);
  await postEvents(set.business, callId, events);
  const alarmAt = async (nowMs: number): Promise<boolean> => {
    await set.setClock(nowMs);
    return runDurableObjectAlarm(set.stub);
  };
  return { ...set, callId, events, alarmAt };
}

describe('a call whose media node falls silent', () => {
  it('is closed after a minute, at its last sign of life, with all that was said', async () => {
    const { business, callId, events, alarmAt } = await runningCall();
    expect(await alarmAt(mondayMs + 59_999)).toBe(true);
    expect((await callRecord(business, callId)).summary.endMs).toBeNull();
    expect(await alarmAt(mondayMs + 60_000)).toBe(true);
    const record = await callRecord(business, callId);
    expect(record.summary).toMatchObject({ endReason: 'interrupted', outcome: 'incomplete', endMs: mondayMs });
    expect(record.events).toEqual(events);
  });

  it('stays open while its node sends signs of life', async () => {
    const { business, callId, setClock, alarmAt } = await runningCall();
    await setClock(mondayMs + 50_000);
    await postEvents(business, callId, []);
    await alarmAt(mondayMs + 100_000);
    expect((await callRecord(business, callId)).summary.endReason).toBeNull();
    expect(await alarmAt(mondayMs + 110_000)).toBe(true);
    expect((await callRecord(business, callId)).summary).toMatchObject({
      endReason: 'interrupted',
      endMs: mondayMs + 50_000,
    });
  });

  it.each([
    ['qualified', { ...reachableLead, stage: 'qualified' }],
    ['call-back-promised', { ...reachableLead, stage: 'qualified', callBack: { reason: 'wants a person' } }],
    ['incomplete', emptyLead],
  ] satisfies [string, Lead][])('ends as %s by its lead', async (outcome, lead) => {
    const { business, callId, alarmAt } = await runningCall(lead);
    await alarmAt(mondayMs + 60_000);
    expect((await callRecord(business, callId)).summary.outcome).toBe(outcome);
  });

  it('ends as appointment-booked by the calendar, whatever its events had time to say', async () => {
    const { business, callId, alarmAt } = await runningCall();
    const startMs = instantOf('2035-03-12', '09:00', 'America/Denver');
    const body = { business, callId, requestId: 'one', service: 'roof-inspection', startMs, attendee: { name: 'Ann' } };
    await request('POST', '/v1/node/bookings', { headers: asNode, body });
    await alarmAt(mondayMs + 60_000);
    expect((await callRecord(business, callId)).summary.outcome).toBe('appointment-booked');
  });

  it('is the node’s again when it comes back, and ends as the node says', async () => {
    const { business, callId, events, alarmAt } = await runningCall();
    await alarmAt(mondayMs + 60_000);
    const rest = inOrder([said('still here'), callEnd], events.length);
    const ack = await postEvents(business, callId, rest);
    expect(await ack.json()).toEqual({ nextSeq: events.length + 2 });
    const record = await callRecord(business, callId);
    expect(record.events).toEqual([...events, ...rest]);
    expect(record.summary).toMatchObject({ endReason: 'agent-goodbye', outcome: 'information-given' });
  });

  it('is watched again after it came back', async () => {
    const { business, callId, events, setClock, alarmAt } = await runningCall();
    await alarmAt(mondayMs + 60_000);
    await setClock(mondayMs + 90_000);
    await postEvents(business, callId, inOrder([said('still here')], events.length));
    expect((await callRecord(business, callId)).summary.endReason).toBeNull();
    await alarmAt(mondayMs + 150_000);
    expect((await callRecord(business, callId)).summary).toMatchObject({
      endReason: 'interrupted',
      endMs: mondayMs + 90_000,
    });
  });

  it('gets its full time again after the control plane itself was away', async () => {
    const { business, callId, alarmAt } = await runningCall();
    const backMs = mondayMs + 3_600_000;
    await alarmAt(backMs);
    expect((await callRecord(business, callId)).summary.endReason).toBeNull();
    await alarmAt(backMs + 60_000);
    expect((await callRecord(business, callId)).summary).toMatchObject({ endReason: 'interrupted', endMs: mondayMs });
  });

  it('leaves a call alone that has ended', async () => {
    const { business, callId, events, alarmAt } = await runningCall();
    await postEvents(business, callId, inOrder([callEnd], events.length));
    await alarmAt(mondayMs + 600_000);
    expect((await callRecord(business, callId)).summary.endReason).toBe('agent-goodbye');
  });
});

describe('a session that never becomes a call', () => {
  it('leaves a record with its consent', async () => {
    const { business, stub, setClock } = await setUpBusiness();
    const { callId } = await openSession(business);
    await setClock(mondayMs + 299_999);
    await runDurableObjectAlarm(stub);
    expect((await callRecord(business, callId)).summary.endMs).toBeNull();
    await setClock(mondayMs + 300_000);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    const record = await callRecord(business, callId);
    expect(record.summary).toMatchObject({
      endReason: 'connection-lost',
      outcome: 'incomplete',
      startMs: mondayMs,
      endMs: mondayMs,
    });
    expect(record.consent?.version).toBe('2035-01');
    const list = await request('GET', `/v1/businesses/${business}/calls`, { headers: asStaff });
    expect(await list.json()).toMatchObject({ calls: [{ callId }], nextCursor: null });
    // Nothing is watched any more: what is left is the daily look for what is too old.
    const nextMs = await runInDurableObject(stub, (_: Business, { storage }) => storage.getAlarm());
    expect(nextMs).toBeGreaterThan(mondayMs + 86_400_000);
  });
});
