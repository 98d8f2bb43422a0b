import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import * as v from 'valibot';
import { PersonExport, Removal, RemovalList } from '../../contract/privacy.ts';
import type { Business } from '../business/business.ts';
import { asNode, asStaff, crm, mondayMs, request, setUpBusiness } from '../test/control-plane.ts';
import { emptyLead, inOrder, leadFact, postEvents, said } from '../test/events.ts';
import { settledAs } from '../test/crm-call.ts';
import { startReceiver } from '../test/crm-receiver.ts';
import { callOfPhilippa, philippa, tracesOfPhilippa } from '../test/full-call.ts';
import { storageText } from '../test/storage-text.ts';
import { RecordingDesk } from '../recordings/recording-desk.ts';
import { keepWebhook } from '../webhooks/inbox.ts';

const who = { phone: philippa.phone };

async function ask(business: string, what: 'erase' | 'export', body: unknown, headers = asStaff): Promise<Response> {
  return request('POST', `/v1/businesses/${business}/people/${what}`, { headers, body });
}

const erase = async (business: string, body: unknown = who): Promise<Removal> =>
  v.parse(Removal, await (await ask(business, 'erase', body)).json());

const removals = async (business: string): Promise<Removal[]> =>
  v.parse(RemovalList, await (await request('GET', `/v1/businesses/${business}/removals`, { headers: asStaff })).json())
    .removals;

const exported = async (business: string): Promise<PersonExport> =>
  v.parse(PersonExport, await (await ask(business, 'export', who)).json());

/** As the storage is sealed, the words are looked for in all that it opens to, and in what the index finds. */
async function tracesLeft(business: string, stub: DurableObjectStub<Business>): Promise<string[]> {
  const get = async (path: string): Promise<string> =>
    (await request('GET', `/v1/businesses/${business}/${path}`, { headers: asStaff })).text();
  const calls = await (
    await request('GET', `/v1/businesses/${business}/calls`, { headers: asStaff })
  ).json<{
    calls: { callId: string }[];
  }>();
  const shown = await Promise.all([
    ...['contacts', 'companies', 'call-backs', 'appointments', 'notices', 'deliveries', 'do-not-call', 'calls'].map(
      get,
    ),
    ...['calls?search=zanzibar', 'contacts?search=quimby', 'calls?search=3035550188'].map(get),
    ...calls.calls.map(async ({ callId }) => get(`calls/${callId}`)),
    storageText(stub),
  ]);
  const text = shown.join('\n').toLowerCase();
  return tracesOfPhilippa.filter((trace) => text.includes(trace));
}

async function sealedRows(stub: DurableObjectStub<Business>, callId: string): Promise<number> {
  return runInDurableObject(stub, (_: Business, { storage: { sql } }) => {
    const tables = ['events', 'leads', 'call_keys', 'deliveries', 'consents', 'contact_keys', 'call_search_rows'];
    return tables
      .map((table) => sql.exec<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table} WHERE call_id = ?`, callId).one().n)
      .reduce((a, b) => a + b, 0);
  });
}

const rebuilt = async (business: string): Promise<unknown> =>
  (
    await request('POST', `/v1/businesses/${business}/projections`, { headers: asStaff, body: { mode: 'rebuild' } })
  ).json();

async function recordSound(business: string, callId: string): Promise<void> {
  await env.RECORDINGS.put(`recordings/${business}/${callId}/0`, 'the sound of Philippa');
}

describe('POST …/people/export', () => {
  it('gives everything that is held of a person, and nothing of others', async () => {
    const { business, bundle } = await setUpBusiness({}, { crm });
    startReceiver();
    const callId = await callOfPhilippa(business, bundle.hash);
    await settledAs(business, callId, 'delivered');
    const other = crypto.randomUUID();
    await postEvents(
      business,
      other,
      inOrder([{ ...start(bundle.hash) }, leadFact({ ...emptyLead, name: 'Bob', phone: '+13035550199' })]),
    );
    const all = await exported(business);
    expect(all).toMatchObject({ phones: [philippa.phone], emails: [philippa.email] });
    expect(all.calls.map(({ record }) => record.summary.callId)).toEqual([callId]);
    expect(all.calls.map(({ recordingUrl }) => recordingUrl)).toEqual([null]);
    expect(all.appointments).toHaveLength(1);
    expect(all.callBacks).toHaveLength(1);
    const text = JSON.stringify(all).toLowerCase();
    for (const word of ['zanzibar', 'slate', 'call-me-maybe', 'tell-tale-agent']) expect(text).toContain(word);
    expect(text).not.toContain('bob');
  });

  it('is for staff, and for somebody', async () => {
    const { business } = await setUpBusiness();
    expect((await ask(business, 'export', who, asNode)).status).toBe(401);
    expect((await ask(business, 'export', {})).status).toBe(400);
    expect((await ask(business, 'export', { phone: '12' })).status).toBe(400);
    expect(await exported(business)).toMatchObject({ calls: [], appointments: [] });
  });
});

describe('POST …/people/erase', () => {
  it('leaves no trace of a person, in the storage or in R2, and a rebuild brings none back', async () => {
    const { business, bundle, stub } = await setUpBusiness({}, { crm });
    startReceiver();
    const callId = await callOfPhilippa(business, bundle.hash);
    await settledAs(business, callId, 'delivered');
    await recordSound(business, callId);
    await request('POST', `/v1/businesses/${business}/do-not-call`, {
      headers: asStaff,
      body: { number: philippa.phone },
    });
    expect((await tracesLeft(business, stub)).length).toBeGreaterThan(5);
    const removal = await erase(business);
    expect(removal).toMatchObject({
      kind: 'erasure',
      status: 'done',
      callsLeft: 0,
      removed: { calls: 1, events: 6, leads: 1, appointments: 1, recordings: 1, do_not_call: 1, keys: 1 },
    });
    expect(removal.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await tracesLeft(business, stub)).toEqual([]);
    expect(await sealedRows(stub, callId)).toBe(0);
    expect((await env.RECORDINGS.list({ prefix: `recordings/${business}/` })).objects).toEqual([]);
    expect(await rebuilt(business)).toMatchObject({ differences: [] });
    expect(await tracesLeft(business, stub)).toEqual([]);
    // Once more finds nothing more; the number is not called all the same.
    expect((await erase(business)).removed).toEqual({});
    const order = await request('POST', '/v1/calls', {
      headers: { ...asStaff, 'idempotency-key': 'again' },
      body: {
        business,
        to: philippa.phone,
        purpose: 'call-back',
        contact: { name: 'X' },
        consent: { basis: 'existing-customer' },
      },
    });
    expect(order.status).toBe(403);
  });

  it('keeps that there was a call, and the slot without the customer', async () => {
    const { business, bundle, setClock } = await setUpBusiness();
    const callId = await callOfPhilippa(business, bundle.hash);
    await setClock(mondayMs + 7 * 86_400_000);
    await erase(business);
    const list = await (
      await request('GET', `/v1/businesses/${business}/calls`, { headers: asStaff })
    ).json<{ calls: unknown[] }>();
    expect(list.calls).toMatchObject([{ callId, outcome: 'appointment-booked', leadName: null }]);
    const { appointments } = await (
      await request('GET', `/v1/businesses/${business}/appointments`, { headers: asStaff })
    ).json<{ appointments: unknown[] }>();
    expect(appointments).toMatchObject([{ status: 'booked', attendee: { name: 'Erased' } }]);
  });

  it('is not undone by what the call still says, nor by what another system does', async () => {
    const { business, bundle, stub } = await setUpBusiness();
    const callId = await callOfPhilippa(business, bundle.hash);
    const hook = (id: string, phone: string) =>
      JSON.stringify({
        type: 'contact.updated',
        timestamp: '2035-03-05T17:00:00Z',
        data: { id, name: 'Philippa Quimby', phone },
      });
    await runInDurableObject(stub, (_: Business, { storage }) => {
      keepWebhook(storage.sql, {
        source: 'standard',
        replayKey: 'a',
        body: hook('7', philippa.phone),
        nowMs: mondayMs,
      });
    });
    expect((await erase(business)).removed).toMatchObject({ inbox: 1 });
    const late = await postEvents(business, callId, inOrder([leadFact(philippa), said('Zanzibar again')], 6));
    expect(await late.json()).toEqual({ nextSeq: 8 });
    const booking = await request('POST', '/v1/node/bookings', {
      headers: asNode,
      body: {
        business,
        callId,
        requestId: 'late',
        service: 'roof-inspection',
        startMs: mondayMs + 2 * 86_400_000,
        attendee: { name: philippa.name, phone: philippa.phone },
      },
    });
    expect(booking.status).toBe(409);
    await rebuilt(business);
    expect(await tracesLeft(business, stub)).toEqual([]);
  });

  it('goes on where it was killed', async () => {
    const { business, bundle, stub, setClock } = await setUpBusiness();
    const callId = await callOfPhilippa(business, bundle.hash);
    await recordSound(business, callId);
    const bucketIsAway = vi.spyOn(RecordingDesk.prototype, 'erase').mockRejectedValue(new Error('R2 is away'));
    expect(await erase(business)).toMatchObject({ status: 'running', callsLeft: 1 });
    // Nobody sees the person any more, though the sound is still to go.
    expect(await tracesLeft(business, stub)).toEqual([]);
    expect((await env.RECORDINGS.list({ prefix: `recordings/${business}/` })).objects).toHaveLength(1);
    await evictDurableObject(stub);
    await runDurableObjectAlarm(stub);
    // The business works all the same, and so do other erasures, asked for before or after.
    expect(await erase(business, { phone: '+13035550199' })).toMatchObject({ status: 'done' });
    expect(new Set((await removals(business)).map(({ callsLeft }) => callsLeft))).toEqual(new Set([0, 1]));
    bucketIsAway.mockRestore();
    await evictDurableObject(stub);
    await setClock(mondayMs);
    await runDurableObjectAlarm(stub);
    expect((await env.RECORDINGS.list({ prefix: `recordings/${business}/` })).objects).toEqual([]);
    expect((await removals(business)).map(({ status }) => status)).toEqual(['done', 'done']);
  });
});

const start = (playbook: string) =>
  ({ type: 'call-start', door: 'browser', mode: 'voice', playbook, node: 'north', locale: 'en-US' }) as const;
