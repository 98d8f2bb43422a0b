import { runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { CallList } from '../../contract/call-record.ts';
import { CompanyList, ContactList, ContactRecord } from '../../contract/contact.ts';
import type { Lead } from '../../contract/lead.ts';
import { Problem } from '../../contract/problem.ts';
import { ProjectionReport } from '../../contract/projection-check.ts';
import { asStaff, mondayMs, request, setUpBusiness } from '../test/control-plane.ts';
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
import type { Business } from './business.ts';

const hash = '0'.repeat(64);

async function ask<const S extends v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>>(
  schema: S,
  path: string,
  body?: unknown,
) {
  const response = await request(body === undefined ? 'GET' : 'POST', `/v1/businesses/${path}`, {
    headers: asStaff,
    body,
  });
  return v.parse(schema, await response.json());
}

const contactsOf = async (business: string, query = '') =>
  (await ask(ContactList, `${business}/contacts${query}`)).contacts;
const foundCalls = async (business: string, query: string) =>
  (await ask(CallList, `${business}/calls?${query}`)).calls.map(({ callId }) => callId);
const projections = (business: string, mode: 'check' | 'rebuild') =>
  ask(ProjectionReport, `${business}/projections`, { mode });

/** A call by phone that is over, so many minutes after ten o'clock. */
async function call(business: string, minute: number, lead: Partial<Lead>, callerNumber?: string, words = 'hello') {
  const callId = crypto.randomUUID();
  const start = { ...callStart(hash), door: 'phone' as const, ...(callerNumber === undefined ? {} : { callerNumber }) };
  const facts = [
    start,
    said(words),
    answered('A free inspection takes an hour.'),
    leadFact({ ...emptyLead, ...lead }),
    callEnd,
  ];
  const events = inOrder(facts).map((event) => ({ ...event, atMs: event.atMs + minute * 60_000 }));
  expect((await postEvents(business, callId, events)).status).toBe(200);
  return callId;
}

describe('contacts', () => {
  it('are one where calls share a number or an address, with what was said last', async () => {
    const { business } = await setUpBusiness();
    const first = await call(business, 0, { name: 'Ann', email: 'Ann@summit.example' }, '+13035550100');
    await call(business, 5, { name: 'Bob', email: 'bob@gmail.com' }, '+13035550200');
    const last = await call(business, 10, { name: 'Ann Miller', email: 'ann@summit.example' }, '+13035550300');
    expect(await contactsOf(business)).toEqual([
      expect.objectContaining({
        id: first,
        name: 'Ann Miller',
        phone: '+13035550300',
        email: 'ann@summit.example',
        company: 'summit.example',
        calls: 2,
      }),
      expect.objectContaining({ name: 'Bob', company: null, calls: 1 }),
    ]);
    const { contact, calls } = await ask(ContactRecord, `${business}/contacts/${first}`);
    expect(contact).toMatchObject({ firstCallMs: mondayMs, lastCallMs: mondayMs + 600_000 });
    expect(calls.map(({ callId }) => callId)).toEqual([last, first]);
    expect(await ask(CompanyList, `${business}/companies`)).toMatchObject({
      companies: [{ domain: 'summit.example', contacts: 1 }],
    });
  });

  it('join where a later call shows that two were one, and part where a call takes its number back', async () => {
    const { business } = await setUpBusiness();
    await call(business, 0, { phone: '+13035550100' });
    await call(business, 1, { email: 'ann@summit.example' });
    expect(await contactsOf(business)).toHaveLength(2);
    const callId = await call(business, 2, { phone: '+13035550100', email: 'ann@summit.example' });
    expect(await contactsOf(business)).toEqual([expect.objectContaining({ calls: 3 })]);
    await postEvents(business, callId, inOrder([leadFact({ ...emptyLead, email: 'ann@summit.example' })], 5));
    expect(await contactsOf(business)).toHaveLength(2);
  });

  it('have no place for a call that shows neither number nor address', async () => {
    const { business } = await setUpBusiness();
    await call(business, 0, { name: 'Nobody' });
    expect(await contactsOf(business)).toEqual([]);
    const unknown = await request('GET', `/v1/businesses/${business}/contacts/${crypto.randomUUID()}`, {
      headers: asStaff,
    });
    expect(v.parse(Problem, await unknown.json()).error.code).toBe('not-found');
  });

  it('come page by page', async () => {
    const { business } = await setUpBusiness();
    const number = (n: number) => `+1303555${String(1_000 + n)}`;
    for (let n = 0; n < 51; n += 1) await call(business, n, {}, number(n));
    const page = await ask(ContactList, `${business}/contacts`);
    const rest = await ask(ContactList, `${business}/contacts?cursor=${page.nextCursor}`);
    expect(page.contacts).toHaveLength(50);
    expect(rest).toMatchObject({ contacts: [{ phone: number(0) }], nextCursor: null });
  });
});

describe('search', () => {
  it('finds calls by what was said, by whom, and by how they ended, each word of it', async () => {
    const { business } = await setUpBusiness();
    const ann = await call(
      business,
      0,
      { ...reachableLead, tags: ['hail-damage'] },
      undefined,
      'Hail broke my shingles',
    );
    const bob = await call(business, 1, { name: 'Bób O’Neill', score: 80 }, undefined, 'a gutter');
    const searches = {
      'search=shingle': [ann],
      'search=HAIL+inspection': [ann],
      'search=gutters+hail': [],
      'search=bob': [bob],
      'search=%2B1303555': [ann],
      'search=mil': [ann],
      'stage=qualifying': [ann],
      'minScore=50&door=phone&outcome=information-given': [bob],
    };
    for (const [query, expected] of Object.entries(searches)) {
      expect({ query, found: await foundCalls(business, query) }).toEqual({ query, found: expected });
    }
    expect(await contactsOf(business, '?search=miller')).toMatchObject([{ name: 'Ann Miller' }]);
  });

  it('takes any text for words, and no text for a question', async () => {
    const { business } = await setUpBusiness();
    await call(business, 0, reachableLead);
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, maxLength: 60 }).filter((text) => text.trim() !== ''),
        async (text) => {
          expect(await foundCalls(business, `search=${encodeURIComponent(`${text} zzzz`)}`)).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
    expect(await foundCalls(business, `search=${encodeURIComponent('"*^ OR')}`)).toEqual([]);
    expect((await request('GET', `/v1/businesses/${business}/calls?search=`, { headers: asStaff })).status).toBe(400);
  });

  it('keeps no word of a caller in its index', async () => {
    const { business, stub } = await setUpBusiness();
    await call(business, 0, reachableLead, undefined, 'shingles');
    const rows = await runInDurableObject(stub, (_: Business, { storage }) =>
      JSON.stringify(storage.sql.exec('SELECT * FROM call_search').toArray()),
    );
    for (const word of ['shingle', 'miller', '3035550123']) expect(rows).not.toContain(word);
  });
});

describe('POST /v1/businesses/:business/projections', () => {
  const number = fc.constantFrom('+13035550100', '+13035550200', '+13035550300', undefined);
  const email = fc.constantFrom('ann@summit.example', 'bob@gmail.com', undefined);
  const someCall = fc.record({ minute: fc.nat(9), callerNumber: number, phone: number, email, callBack: fc.boolean() });

  it('gives what is there already, whatever calls there were and in whatever order they came', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someCall, { minLength: 1, maxLength: 6 }), async (calls) => {
        const { business } = await setUpBusiness();
        for (const { minute, callerNumber, phone, email: address, callBack } of calls) {
          const lead: Partial<Lead> = {
            ...(phone === undefined ? {} : { phone }),
            ...(address === undefined ? {} : { email: address }),
            ...(callBack ? { callBack: { reason: 'asked for a person' } } : {}),
          };
          await call(business, minute, lead, callerNumber);
        }
        expect(await projections(business, 'check')).toEqual({
          calls: calls.length,
          events: calls.length * 5,
          differences: [],
          rebuilt: false,
        });
      }),
      { numRuns: 25 },
    );
  });

  it('tells what is wrong and leaves it, or mends it; what staff wrote stays', async () => {
    const { business, stub } = await setUpBusiness();
    const callId = await call(business, 0, reachableLead);
    await postEvents(business, callId, inOrder([{ type: 'call-back-promised', reason: 'asked for a person' }], 5));
    await request('POST', `/v1/businesses/${business}/call-backs/${callId}/done`, {
      headers: asStaff,
      body: { by: 'Dana' },
    });
    await runInDurableObject(stub, (_: Business, { storage }) => {
      storage.sql.exec("UPDATE leads SET name = 'Eve'");
      storage.sql.exec('DELETE FROM contacts');
    });
    const differences = [
      { table: 'leads', missing: 1, unexplained: 1 },
      { table: 'contacts', missing: 1, unexplained: 0 },
    ];
    expect(await projections(business, 'check')).toMatchObject({ differences, rebuilt: false });
    expect(await contactsOf(business)).toEqual([]);
    expect(await projections(business, 'rebuild')).toMatchObject({ differences, rebuilt: true });
    expect(await contactsOf(business)).toMatchObject([{ name: 'Ann Miller' }]);
    expect(await projections(business, 'check')).toMatchObject({ differences: [] });
    const done = await request('GET', `/v1/businesses/${business}/call-backs?done=true`, { headers: asStaff });
    expect(await done.json()).toMatchObject({ callBacks: [{ callId, done: { by: 'Dana' } }] });
  });
});
