import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { expect, it } from 'vitest';
import * as v from 'valibot';
import { CallBackList } from '../../contract/call-back.ts';
import type { CallFact } from '../../contract/call-event.ts';
import { asNode, asStaff, mondayMs, request, setUpBusiness } from '../test/control-plane.ts';
import { callStart, emptyLead, inOrder, leadFact, postEvents, reachableLead } from '../test/events.ts';
import { turnBack } from '../test/older-storage.ts';
import type { Business } from './business.ts';

const owner = { id: 'dana', name: 'Dana' };
const hourMs = 3_600_000;
const promise = (promisedForMs?: number): Extract<CallFact, { type: 'call-back-promised' }> => ({
  type: 'call-back-promised',
  reason: 'Asked for a person',
  owner,
  ...(promisedForMs === undefined ? {} : { promisedForMs }),
});
const wanted = { ...reachableLead, callBack: { reason: 'Asked for a person', owner } };

async function call(business: string, facts: CallFact[]): Promise<string> {
  const callId = crypto.randomUUID();
  const start = { ...callStart('0'.repeat(64)), callerNumber: '+13035550177' };
  await postEvents(business, callId, inOrder([start, ...facts]));
  return callId;
}

async function list(business: string, query = ''): Promise<CallBackList['callBacks']> {
  const response = await request('GET', `/v1/businesses/${business}/call-backs${query}`, { headers: asStaff });
  return v.parse(CallBackList, await response.json()).callBacks;
}

const markDone = (business: string, callId: string, body: unknown, headers = asStaff): Promise<Response> =>
  request('POST', `/v1/businesses/${business}/call-backs/${callId}/done`, { headers, body });

it('lists open call backs with owner, due time and whom to call, soonest due first', async () => {
  const { business } = await setUpBusiness();
  const untimed = await call(business, [promise()]);
  const later = await call(business, [promise(mondayMs + 9 * hourMs), leadFact(wanted)]);
  const sooner = await call(business, [promise(mondayMs + 2 * hourMs), leadFact(wanted)]);
  await call(business, [leadFact(emptyLead)]);
  const open = await list(business);
  expect(open.map(({ callId }) => callId)).toEqual([sooner, later, untimed]);
  expect(open[0]).toEqual({
    callId: sooner,
    reason: 'Asked for a person',
    owner,
    promisedAtMs: mondayMs + 1_000,
    dueMs: mondayMs + 2 * hourMs,
    name: 'Ann Miller',
    phone: '+13035550123',
    email: null,
    done: null,
  });
  // Nothing is known of this one but where they called from.
  expect(open[2]).toMatchObject({ name: null, phone: '+13035550177', dueMs: null });
});

it('is done once: whoever said so first, and when, stays', async () => {
  const { business, setClock } = await setUpBusiness();
  const callId = await call(business, [promise(mondayMs), leadFact(wanted)]);
  await setClock(mondayMs + hourMs);
  expect(await (await markDone(business, callId, { by: ' Dana ' })).json()).toMatchObject({
    done: { atMs: mondayMs + hourMs, by: 'Dana' },
  });
  await setClock(mondayMs + 2 * hourMs);
  expect((await markDone(business, callId, { by: 'Luis' })).status).toBe(200);
  expect(await list(business)).toEqual([]);
  expect(await list(business, '?done=true')).toMatchObject([{ callId, done: { atMs: mondayMs + hourMs, by: 'Dana' } }]);
});

it('takes one back that the caller does not want any more, and the newer of two promises', async () => {
  const { business } = await setUpBusiness();
  await call(business, [promise(mondayMs), leadFact(wanted), leadFact(reachableLead)]);
  const twice = await call(business, [promise(mondayMs), promise(mondayMs + hourMs), leadFact(wanted)]);
  expect(await list(business)).toMatchObject([{ callId: twice, dueMs: mondayMs + hourMs }]);
});

it('counts events that are sent again once', async () => {
  const { business } = await setUpBusiness();
  const callId = crypto.randomUUID();
  const events = inOrder([callStart('0'.repeat(64)), promise(mondayMs)]);
  await postEvents(business, callId, events);
  await markDone(business, callId, { by: 'Dana' });
  await postEvents(business, callId, events);
  expect(await list(business)).toEqual([]);
});

it('refuses who is not staff, a call without a promise, another business, and nobody in particular', async () => {
  const { business } = await setUpBusiness();
  const { business: other } = await setUpBusiness();
  const callId = await call(business, [promise(mondayMs)]);
  const without = await call(business, [leadFact(reachableLead)]);
  expect((await request('GET', `/v1/businesses/${business}/call-backs`, { headers: asNode })).status).toBe(401);
  expect((await markDone(business, callId, { by: 'Dana' }, asNode)).status).toBe(401);
  expect((await markDone(business, without, { by: 'Dana' })).status).toBe(404);
  expect((await markDone(other, callId, { by: 'Dana' })).status).toBe(404);
  expect((await markDone(business, callId, { by: '  ' })).status).toBe(400);
  expect((await markDone(business, 'call', { by: 'Dana' })).status).toBe(400);
  expect((await request('GET', `/v1/businesses/${business}/call-backs?done=maybe`, { headers: asStaff })).status).toBe(
    400,
  );
  expect(await list(other)).toEqual([]);
  expect(await list(business)).toHaveLength(1);
});

it('knows those that were promised before there was a list', async () => {
  const { business, stub } = await setUpBusiness();
  const open = await call(business, [promise(mondayMs), leadFact(wanted)]);
  const unknown = await call(business, [promise()]);
  await call(business, [promise(mondayMs), leadFact(wanted), leadFact(reachableLead)]);
  const before = await list(business);
  await runInDurableObject(stub, (_: Business, state) => {
    turnBack(state.storage, 4);
  });
  await evictDurableObject(stub);
  expect(before.map(({ callId }) => callId)).toEqual([open, unknown]);
  expect(await list(business)).toEqual(before);
});
