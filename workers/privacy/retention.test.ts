import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import {
  PersonExport,
  defaultRetention,
  RemovalList,
  RetentionPreview,
  RetentionRules,
  type RetentionDays,
} from '../../contract/privacy.ts';
import type { Business } from '../business/business.ts';
import { asNode, asStaff, callRecord, mondayMs, request, setUpBusiness } from '../test/control-plane.ts';
import { callEnd, callStart, inOrder, leadFact, postEvents, said } from '../test/events.ts';
import { callOfPhilippa, philippa } from '../test/full-call.ts';
import { applyPersonChange } from '../webhooks/people.ts';
import { regionOfNumber } from './region.ts';

const dayMs = 86_400_000;
const forEver: RetentionDays = {
  transcripts: null,
  recordings: null,
  contacts: null,
  events: null,
  deliveries: null,
  inbox: null,
};

async function keepFor(business: string, days: Partial<RetentionDays>, regions = {}): Promise<Response> {
  const rules = { all: { ...forEver, ...days }, regions };
  return request('PUT', `/v1/businesses/${business}/retention`, { headers: asStaff, body: rules });
}

async function setUp(days: Partial<RetentionDays>, regions = {}) {
  const set = await setUpBusiness();
  expect((await keepFor(set.business, days, regions)).status).toBe(200);
  const later = async (count: number): Promise<void> => {
    await set.setClock(mondayMs + count * dayMs);
    await runDurableObjectAlarm(set.stub);
  };
  return { ...set, later };
}

const rebuilt = async (business: string): Promise<unknown> =>
  (
    await request('POST', `/v1/businesses/${business}/projections`, { headers: asStaff, body: { mode: 'rebuild' } })
  ).json();

const found = async (business: string, words: string): Promise<unknown> =>
  (await request('GET', `/v1/businesses/${business}/calls?search=${words}`, { headers: asStaff })).json();

async function removals(business: string): Promise<RemovalList['removals']> {
  const answer = await request('GET', `/v1/businesses/${business}/removals`, { headers: asStaff });
  return v.parse(RemovalList, await answer.json()).removals;
}

describe('retention', () => {
  it('takes what was said when its time is over, not before, and not again', async () => {
    const { business, bundle, later } = await setUp({ transcripts: 30 });
    const callId = await callOfPhilippa(business, bundle.hash);
    await later(29);
    expect(await found(business, 'zanzibar')).toMatchObject({ calls: [{ callId }] });
    await later(31);
    const record = await callRecord(business, callId);
    expect(JSON.stringify(record).toLowerCase()).not.toContain('zanzibar');
    expect(record.lead?.name).toBe(philippa.name);
    expect(await found(business, 'zanzibar')).toMatchObject({ calls: [] });
    expect(await found(business, 'quimby')).toMatchObject({ calls: [{ callId }] });
    expect(await removals(business)).toMatchObject([
      { kind: 'retention', status: 'done', removed: { transcripts: 1, events: 2 } },
    ]);
    await later(33);
    expect(await removals(business)).toHaveLength(1);
    expect(await rebuilt(business)).toMatchObject({ differences: [] });
    expect(await callRecord(business, callId)).toEqual(record);
    // What the node sends once more changes nothing.
    const again = await postEvents(
      business,
      callId,
      inOrder([callStart(bundle.hash), said('my uncle lives in Zanzibar')]),
    );
    expect(await again.json()).toEqual({ nextSeq: 6 });
    expect(await found(business, 'zanzibar')).toMatchObject({ calls: [] });
  });

  it('takes who called, and the customer of an appointment that is over', async () => {
    const { business, bundle, later } = await setUp({ contacts: 30 });
    const callId = await callOfPhilippa(business, bundle.hash);
    await later(40);
    const text = JSON.stringify(await callRecord(business, callId)).toLowerCase();
    for (const trace of ['philippa', 'quimby', '3035550188', 'slate', 'hidden-page', 'tell-tale']) {
      expect(text).not.toContain(trace);
    }
    expect(text).toContain('zanzibar');
    expect((await callRecord(business, callId)).appointments).toMatchObject([{ attendee: { name: 'Erased' } }]);
    const contacts = await request('GET', `/v1/businesses/${business}/contacts`, { headers: asStaff });
    expect(await contacts.json()).toMatchObject({ contacts: [] });
    expect(await rebuilt(business)).toMatchObject({ differences: [] });
    expect(await found(business, 'quimby')).toMatchObject({ calls: [] });
  });

  it.each([
    { what: 'all', regions: {} },
    { what: 'all, where Europe has its own', regions: { eu: { contacts: 5 } } },
  ])('takes whom no call was part of, by the days for $what', async ({ regions }) => {
    const { business, stub, later } = await setUp({ contacts: 30 }, regions);
    const { name, phone, email } = philippa;
    const posted = async (path: string, body: unknown, key: string): Promise<number> =>
      (await request('POST', path, { headers: { ...asStaff, 'idempotency-key': key }, body })).status;
    const booking = { service: 'roof-inspection', at: '2035-03-12T09:00', attendee: { name, phone, email } };
    expect(await posted(`/v1/businesses/${business}/appointments`, booking, 'one')).toBe(201);
    const order = { business, to: phone, purpose: 'call-back', contact: { name }, notBeforeMs: mondayMs + dayMs };
    expect(await posted('/v1/calls', order, 'two')).toBe(201);
    // Refused, and never dialled.
    expect(await posted(`/v1/businesses/${business}/do-not-call`, { number: phone }, 'three')).toBe(201);
    await runInDurableObject(stub, (_: Business, { storage: { sql } }) => {
      const change = { remoteId: '17', deleted: false, fields: { name, phone }, atMs: mondayMs };
      applyPersonChange(sql, 'hubspot', change, mondayMs);
    });
    const held = async (): Promise<number[]> => {
      const answer = await request('POST', `/v1/businesses/${business}/people/export`, {
        headers: asStaff,
        body: { phone },
      });
      const { appointments, orders, elsewhere, doNotCall } = v.parse(PersonExport, await answer.json());
      return [appointments, orders, elsewhere, doNotCall].map(({ length }) => length);
    };
    await later(29);
    expect(await held()).toEqual([1, 1, 1, 1]);
    // 30 days after the appointment.
    await later(38);
    expect(await held()).toEqual([0, 0, 0, 1]);
    const taken = (await removals(business)).flatMap(({ removed }) => Object.entries(removed));
    for (const kind of ['appointments', 'orders', 'people']) expect(taken).toContainEqual([kind, 1]);
  });

  it('takes all of a call but that there was one, and its sound', async () => {
    const { business, bundle, stub, later } = await setUp({ events: 30, recordings: 10 });
    const callId = await callOfPhilippa(business, bundle.hash);
    await env.RECORDINGS.put(`recordings/${business}/${callId}/0`, 'sound');
    await runInDurableObject(stub, (_: Business, { storage: { sql } }) => {
      sql.exec('INSERT INTO recording_parts VALUES (?, 0, 5, 10000, 1, ?)', callId, mondayMs);
    });
    await later(11);
    expect((await env.RECORDINGS.list({ prefix: `recordings/${business}/` })).objects).toEqual([]);
    expect(await found(business, 'zanzibar')).toMatchObject({ calls: [{ callId }] });
    await later(31);
    expect(await callRecord(business, callId)).toMatchObject({
      events: [],
      lead: { score: 0, answers: {} },
      consent: null,
    });
    expect(await rebuilt(business)).toMatchObject({ differences: [] });
    expect((await removals(business)).map(({ removed }) => removed)).toMatchObject([
      { calls: 1, events: 6 },
      { recordings: 1 },
    ]);
  });

  it('goes by the region that a caller’s number is from', async () => {
    const { business, bundle, later } = await setUp({ transcripts: 100 }, { eu: { transcripts: 10 } });
    const call = async (callerNumber: string): Promise<string> => {
      const callId = crypto.randomUUID();
      const start = { ...callStart(bundle.hash), door: 'phone' as const, callerNumber };
      await postEvents(business, callId, inOrder([start, said('Zanzibar'), leadFact(philippa), callEnd]));
      return callId;
    };
    const [american] = [await call('+13035550100'), await call('+493012345678')];
    await later(20);
    const { calls } = (await found(business, 'zanzibar')) as { calls: { callId: string }[] };
    expect(calls.map(({ callId }) => callId)).toEqual([american]);
  });

  it('says before what other rules would remove, and removes nothing', async () => {
    const { business, bundle, setClock } = await setUp({ transcripts: 30, contacts: 100 });
    const callId = await callOfPhilippa(business, bundle.hash);
    await setClock(mondayMs + 40 * dayMs);
    const preview = async (days: Partial<RetentionDays>): Promise<RetentionPreview> => {
      const path = `/v1/businesses/${business}/retention/preview`;
      const answer = await request('POST', path, { headers: asStaff, body: { all: { ...forEver, ...days } } });
      return v.parse(RetentionPreview, await answer.json());
    };
    const present = { transcripts: 1 };
    expect(await preview({ transcripts: 60 })).toEqual({ proposed: {}, present });
    expect(await preview({ transcripts: 30, contacts: 20, events: 39 })).toEqual({
      proposed: { transcripts: 1, contacts: 1, customers: 1, events: 1 },
      present,
    });
    expect(await found(business, 'zanzibar')).toMatchObject({ calls: [{ callId }] });
    const path = `/v1/businesses/${business}/retention`;
    expect(await (await request('GET', path, { headers: asStaff })).json()).toMatchObject({ all: { transcripts: 30 } });
    expect((await request('POST', `${path}/preview`, { headers: asNode, body: { all: forEver } })).status).toBe(401);
  });

  it('begins with rules of its own, that staff can read and change', async () => {
    const { business } = await setUpBusiness();
    const path = `/v1/businesses/${business}/retention`;
    const answer = await request('GET', path, { headers: asStaff });
    expect(v.parse(RetentionRules, await answer.json())).toEqual(defaultRetention);
    expect((await request('GET', path, { headers: asNode })).status).toBe(401);
    expect((await keepFor(business, { transcripts: 0 })).status).toBe(400);
    expect((await keepFor(business, {}, { atlantis: {} })).status).toBe(400);
    await keepFor(business, { transcripts: 5 });
    expect(await (await request('GET', path, { headers: asStaff })).json()).toMatchObject({ all: { transcripts: 5 } });
  });

  it.each([
    ['+13035550100', 'na'],
    ['+525512345678', 'na'],
    ['+5511912345678', 'sa'],
    ['+4930123456', 'eu'],
    ['+61412345678', 'oc'],
    ['+6591234567', 'as'],
    ['+27821234567', 'af'],
    ['sip:ann@example.com', null],
  ])('takes %s for a number of %s', (number, region) => {
    expect(regionOfNumber(number)).toBe(region);
  });
});
