import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { CallFact } from '../../../contract/call-event.ts';
import type { Lead } from '../../../contract/lead.ts';
import type { Business } from '../../business/business.ts';
import { asStaff, mondayMs, request } from '../../test/control-plane.ts';
import { connectedBusiness, problemOf, settledAs } from '../../test/crm-call.ts';
import { callEnd, leadFact, reachableLead, said } from '../../test/events.ts';
import { isDescribed, vendorAccount, type VendorFault, type VendorState } from '../../test/vendor-account.ts';

const lead: Lead = {
  ...reachableLead,
  email: 'ann@example.com',
  stage: 'qualified',
  score: 60,
  scoreReasons: [{ points: 60, reason: 'owns the house' }],
  tags: ['roof'],
  owner: { id: 'dana', name: 'Dana' },
};
const calledBack: Lead = {
  ...lead,
  stage: 'call-back',
  callBack: { reason: 'wants a price', promisedForMs: mondayMs + 86_400_000, owner: { id: 'luis', name: 'Luis' } },
};
const wholeCall: CallFact[] = [said('My roof leaks.'), leadFact(lead), leadFact(calledBack), callEnd];

const types = ['contacts', 'deals', 'calls', 'notes', 'tasks'];
const countOf = ({ objects }: VendorState): Record<string, number> =>
  Object.fromEntries(types.map((type) => [type, objects.filter((object) => object.type === type).length]));
const one = { contacts: 1, deals: 1, calls: 1, notes: 1, tasks: 1 };

async function connected(faults: VendorFault[] = [], change: Record<string, unknown> = {}) {
  const account = await vendorAccount();
  const credentials = { type: 'token', token: account.token };
  const set = await connectedBusiness('hubspot', { credentials, owners: { dana: '11', luis: '22' }, ...change });
  await account.behave({ faults, searchLags: true });
  return { ...set, account };
}

const described = await isDescribed('hubspot');

describe.skipIf(!described)('HubSpot, where its API description is at hand', () => {
  it('gets contact, deal, call, note and task of a call, each linked, by its own description', async () => {
    const { business, call, account, answer } = await connected();
    expect(await answer.json()).toEqual({ status: 'ok' });
    const { callId } = await call(wholeCall);
    await settledAs(business, callId, 'delivered');
    const state = await account.read();
    expect(state.violations).toEqual([]);
    expect(countOf(state)).toEqual(one);
    const of = (type: string) => state.objects.find((object) => object.type === type);
    const [contact, deal] = [of('contacts'), of('deals')];
    expect(contact?.fields).toMatchObject({
      firstname: 'Ann',
      lastname: 'Miller',
      email: 'ann@example.com',
      phone: '+13035550123',
      hubspot_owner_id: '11',
      hs_lead_status: 'CONNECTED',
    });
    expect(deal?.fields).toMatchObject({
      dealname: 'Call with Ann Miller',
      dealstage: 'qualifiedtobuy',
      parley_key: callId,
    });
    const links = [`contacts ${contact?.id}`, `deals ${deal?.id}`];
    expect(deal?.links).toEqual(links.slice(0, 1));
    expect(of('calls')).toMatchObject({
      links,
      fields: {
        hs_call_direction: 'INBOUND',
        hs_call_duration: '4000',
        hs_call_status: 'COMPLETED',
        hs_timestamp: String(mondayMs),
      },
    });
    const note = String(of('notes')?.fields['hs_note_body']);
    for (const part of ['60 owns the house', 'roof', `/v1/transcripts/${business}/${callId}?key=`])
      expect(note).toContain(part);
    expect(of('tasks')).toMatchObject({
      links,
      fields: {
        hs_task_subject: 'Call back Ann Miller: wants a price',
        hs_timestamp: String(mondayMs + 86_400_000),
        hubspot_owner_id: '22',
      },
    });
  });

  const writes = [
    'POST /crm/v3/objects/contacts',
    'PATCH /crm/v3/objects/contacts',
    'GET /crm/v3/objects/contacts',
    'POST /crm/v3/objects/0-3/batch/upsert',
    'POST /crm/v3/objects/calls',
    'POST /crm/v3/objects/notes',
    'POST /crm/v3/objects/tasks',
    'PUT /crm/v4/objects',
  ];
  it.each(writes)('makes nothing twice when the answer to %s is lost', async (on) => {
    const { business, call, account } = await connected([{ on, times: 2, outcome: { type: 'lost' } }]);
    const { callId } = await call(wholeCall);
    await settledAs(business, callId, 'delivered');
    const state = await account.read();
    expect(countOf(state)).toEqual(one);
    expect(state.violations).toEqual([]);
    expect(state.requests.filter((line) => line.startsWith(on)).length).toBeGreaterThanOrEqual(3);
  });

  const passing: [string, VendorFault['outcome']][] = [
    [
      '429 with Retry-After',
      {
        type: 'answer',
        status: 429,
        headers: { 'retry-after': '0' },
        body: { message: 'limit', category: 'RATE_LIMITS' },
      },
    ],
    ['500', { type: 'answer', status: 500, body: { message: 'oops', category: 'INTERNAL_ERROR' } }],
    ['502 that is no JSON', { type: 'answer', status: 502, body: '<html>' }],
    ['200 with something else', { type: 'answer', status: 200, body: ['surprise'] }],
    [
      '200 with a passing error',
      { type: 'answer', status: 200, body: { status: 'error', message: 'busy', category: 'RATE_LIMITS' } },
    ],
    ['no answer', { type: 'dropped' }],
  ];
  it.each(passing)('is written to in the end after %s', async (_, outcome) => {
    const { business, call, account } = await connected([{ on: 'POST /crm/v3/objects/', times: 3, outcome }]);
    const { callId } = await call(wholeCall);
    await settledAs(business, callId, 'delivered');
    expect(countOf(await account.read())).toEqual(one);
  });

  it.each([
    [
      '400',
      { status: 400, body: { message: 'Property "foo" does not exist', category: 'VALIDATION_ERROR' } },
      'Property "foo" does not exist',
    ],
    [
      '200 with an error in it',
      { status: 200, body: { status: 'error', message: 'Not your portal', category: 'VALIDATION_ERROR' } },
      'Not your portal',
    ],
    [
      '207 with an error in it',
      {
        status: 207,
        body: { status: 'COMPLETE', results: [], errors: [{ message: 'bad stage', category: 'VALIDATION_ERROR' }] },
      },
      'bad stage',
    ],
    ['403', { status: 403, body: { message: 'missing scopes', category: 'MISSING_SCOPES' } }, 'Give it that right'],
  ])('makes a dead letter of %s, with the reason', async (_, answer, reason) => {
    const fault = { on: 'POST /crm/v3/objects/0-3', times: 9, outcome: { type: 'answer', ...answer } } as const;
    const { business, call } = await connected([fault]);
    const { callId } = await call([leadFact(lead)]);
    const [dead] = await settledAs(business, callId, 'dead');
    expect(dead).toMatchObject({ destination: 'hubspot', attempts: 1, lastStatus: answer.status });
    expect(dead?.lastError).toContain(reason);
  });

  it('renews an OAuth token that is refused, once, and keeps the new one', async () => {
    const account = await vendorAccount({ accessToken: 'first-access-token' });
    const refreshToken = `refresh-${account.token}`;
    const behaviour = { accessToken: `first-${account.token}`, refreshToken };
    await account.behave(behaviour);
    const credentials = { type: 'oauth', clientId: 'id', clientSecret: 'a secret of the app', refreshToken };
    const { business, call, answer } = await connectedBusiness('hubspot', { credentials });
    expect(await answer.json()).toEqual({ status: 'ok' });
    await account.behave({ ...behaviour, accessToken: `second-${account.token}` });
    const { callId } = await call([leadFact(lead), callEnd]);
    await settledAs(business, callId, 'delivered');
    const { requests, violations } = await account.read();
    expect(requests.filter((line) => line === 'POST /oauth/v3/token')).toHaveLength(2);
    expect(violations).toEqual([]);
  });

  it('says to connect again when the access was revoked', async () => {
    const { business, call, account } = await connected();
    await account.behave({ accessToken: `another-${account.token}` });
    const { callId } = await call([leadFact(lead)]);
    const [dead] = await settledAs(business, callId, 'dead');
    expect(dead?.lastError).toContain('refused the token (401)');
    expect(dead?.lastError).toContain('Connect it again');
  });

  it('knows the contact by address or by number however it is written, and leaves what people wrote', async () => {
    const { business, call, account } = await connected();
    await account.behave({});
    await account.add('contacts', { firstname: 'Annabel', phone: '(303) 555-0123' });
    const { callId } = await call([leadFact(lead), callEnd]);
    await settledAs(business, callId, 'delivered');
    const { objects } = await account.read();
    const contacts = objects.filter(({ type }) => type === 'contacts');
    expect(contacts).toHaveLength(1);
    expect(contacts[0]?.fields).toMatchObject({
      firstname: 'Annabel',
      lastname: 'Miller',
      phone: '(303) 555-0123',
      email: 'ann@example.com',
    });
  });

  it('keeps two people of one telephone apart by their addresses', async () => {
    const { business, call, account } = await connected();
    const first = await call([leadFact(lead), callEnd]);
    await settledAs(business, first.callId, 'delivered');
    const second = await call([leadFact({ ...lead, name: 'Bob Miller', email: 'bob@example.com' }), callEnd]);
    await settledAs(business, second.callId, 'delivered');
    const third = await call([leadFact({ ...lead, email: 'ANN@example.com' }), callEnd]);
    await settledAs(business, third.callId, 'delivered');
    expect(countOf(await account.read())).toMatchObject({ contacts: 2, deals: 3, calls: 3 });
  });

  it('makes one contact of two calls at once', async () => {
    const { business, call, account } = await connected();
    const calls = await Promise.all([call([leadFact(lead), callEnd]), call([leadFact(lead), callEnd])]);
    for (const { callId } of calls) await settledAs(business, callId, 'delivered');
    expect(countOf(await account.read())).toMatchObject({ contacts: 1, deals: 2, calls: 2 });
  });

  it('is told nothing of a caller who cannot be known again', async () => {
    const { business, call, account } = await connected();
    const { callId } = await call([said('hello'), callEnd]);
    await settledAs(business, callId, 'delivered');
    expect((await account.read()).objects).toEqual([]);
  });

  it.each([
    [{ deal: { dealstag: '{lead.stage}' } }, "no property 'dealstag' of deals", 'mapping.deal.dealstag'],
    [{ deal: { dealstage: 'won' } }, "has no option 'won'", 'mapping.deal.dealstage'],
    [{ contact: { firstname: '{contact.nam}' } }, "A call has no 'contact.nam'", 'mapping.contact.firstname'],
  ])('is not connected with a mapping that cannot work: %j', async (mapping, message, field) => {
    const account = await vendorAccount();
    const { answer } = await connectedBusiness('hubspot', {
      credentials: { type: 'token', token: account.token },
      mapping,
    });
    expect(answer.status).toBe(400);
    const problem = await problemOf(answer);
    expect(problem.message).toContain(message);
    expect(problem.field).toBe(field);
  });

  it('has its token kept sealed, and shown to nobody', async () => {
    const { business, stub, account } = await connected();
    const kept = await runInDurableObject(stub, (_: Business, { storage }) =>
      JSON.stringify([
        storage.sql.exec('SELECT * FROM crm_connections').toArray(),
        storage.sql.exec('SELECT data_key FROM config').one(),
      ]),
    );
    expect(kept).toContain('v1.');
    expect(kept).toContain('k1.');
    expect(kept).not.toContain(account.token);
    const shown = await request('GET', `/v1/businesses/${business}/crm`, { headers: asStaff });
    expect(await shown.text()).not.toContain(account.token);
  });

  it('is no longer written to once it is disconnected', async () => {
    const { business, call, account } = await connected();
    const path = `/v1/businesses/${business}/crm/hubspot`;
    expect((await request('DELETE', path, { headers: asStaff })).status).toBe(204);
    await call([leadFact(lead), callEnd]);
    expect((await account.read()).objects).toEqual([]);
    expect((await request('DELETE', path, { headers: asStaff })).status).toBe(404);
  });

  it('is not connected with a token that it refuses', async () => {
    const { answer } = await connectedBusiness('hubspot', {
      credentials: { type: 'token', token: 'nobody knows this one' },
    });
    expect(answer.status).toBe(400);
    expect((await problemOf(answer)).message).toContain('refused the token');
  });
});
