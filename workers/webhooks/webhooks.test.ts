import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { exports } from 'cloudflare:workers';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, vi } from 'vitest';
import * as v from 'valibot';
import { Problem } from '../../contract/problem.ts';
import { InboxWebhookDetail, PersonAnswer, WebhookInbox, WebhookSourceState } from '../../contract/webhook.ts';
import type { Business } from '../business/business.ts';
import { testBindings } from '../test/bindings.ts';
import { asNode, asStaff, mondayMs, request, setUpBusiness } from '../test/control-plane.ts';
import { callStart, inOrder, leadFact, postEvents, reachableLead } from '../test/events.ts';
import { failWebhook, keepWebhook } from './inbox.ts';
import { isDoNotCall } from '../telephony/calls/do-not-call.ts';
import { applyPersonChange } from './people.ts';
import { readChanges } from './read-changes.ts';

const secret = `whsec_${btoa('a secret of twenty-four-ish bytes')}`;
const phone = '+13035550123';

async function setUp(source: string, itsSecret: string) {
  const business = await setUpBusiness();
  const path = `/v1/businesses/${business.business}/webhook-sources/${source}`;
  expect((await request('PUT', path, { headers: asStaff, body: { secret: itsSecret } })).status).toBe(200);
  return business;
}

function signed(body: string, id = 'msg_1', atMs = mondayMs): Record<string, string> {
  const at = new Date(atMs);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(atMs / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

const contact = (data: object, atMs = mondayMs) =>
  JSON.stringify({ type: 'contact.updated', timestamp: new Date(atMs).toISOString(), data: { id: 'c-1', ...data } });

const send = (business: string, source: string, headers: Record<string, string>, body: string): Promise<Response> =>
  request('POST', `/v1/webhooks/${business}/${source}`, { headers, body });

async function personAt(business: string, number = phone) {
  const response = await request('POST', '/v1/node/people/find', {
    headers: asNode,
    body: { business, phone: number },
  });
  return v.parse(PersonAnswer, await response.json()).person;
}

async function sourcesOf(business: string) {
  const response = await request('GET', `/v1/businesses/${business}/webhook-sources`, { headers: asStaff });
  return v.parse(v.object({ sources: v.array(WebhookSourceState) }), await response.json()).sources;
}

/** At most: the second of two that come close together is applied a second later. */
const gatheredMs = 5_000;

describe('POST /v1/webhooks/:business/:source', () => {
  it('tells the next call what was changed elsewhere', async () => {
    const { business } = await setUp('standard', secret);
    await postEvents(business, crypto.randomUUID(), inOrder([callStart('0'.repeat(64)), leadFact(reachableLead)]));
    expect(await personAt(business)).toMatchObject({ name: 'Ann Miller', calls: 1 });
    const body = contact({ name: 'Ann Fox', phone: '(303) 555-0123', company: 'Summit' });
    expect((await send(business, 'standard', signed(body), body)).status).toBe(204);
    await vi.waitFor(async () =>
      expect(await personAt(business)).toMatchObject({ name: 'Ann Fox', company: 'Summit', calls: 1 }),
    );
  });

  it('is applied once, however often it comes, and older news changes nothing', async () => {
    const { business, stub } = await setUp('standard', secret);
    const newer = contact({ name: 'Newer', phone });
    const older = contact({ name: 'Older', phone, email: 'ann@summit.example' }, mondayMs - 60_000);
    for (const [body, id] of [
      [newer, 'a'],
      [newer, 'a'],
      [older, 'b'],
      [newer, 'a'],
    ] as const)
      expect((await send(business, 'standard', signed(body, id), body)).status).toBe(204);
    await vi.waitFor(
      async () => expect(await personAt(business)).toMatchObject({ name: 'Newer', email: 'ann@summit.example' }),
      gatheredMs,
    );
    const kept = await runInDurableObject(stub, (_: Business, { storage }) =>
      storage.sql.exec("SELECT COUNT(*) AS n FROM webhook_inbox WHERE status = 'done' AND body = ''").one(),
    );
    expect(kept).toEqual({ n: 2 });
  });

  it('refuses a changed byte, a foreign secret and an old one, and shows staff why', async () => {
    const { business } = await setUp('standard', secret);
    const body = contact({ phone });
    const refused = async (headers: Record<string, string>, text = body): Promise<unknown> => {
      const response = await send(business, 'standard', headers, text);
      return { status: response.status, code: v.parse(Problem, await response.json()).error.code };
    };
    const unauthorized = { status: 401, code: 'unauthorized' };
    expect(await refused(signed(body), body.replace('c-1', 'c-2'))).toEqual(unauthorized);
    expect(await refused(signed(body, 'x', mondayMs - 400_000))).toEqual(unauthorized);
    expect(await refused({})).toEqual(unauthorized);
    expect(await personAt(business)).toBeNull();
    expect(await sourcesOf(business)).toMatchObject([
      {
        source: 'standard',
        url: `https://parley.test/v1/webhooks/${business}/standard`,
        lastReceivedMs: null,
        lastRefusal: { atMs: mondayMs },
      },
    ]);
  });

  it('is proven by the address that its sender knows, whatever a proxy makes of it', async () => {
    const { business } = await setUp('hubspot', 'client-secret');
    const path = `/v1/webhooks/${business}/hubspot?portal=7`;
    const body = JSON.stringify([
      {
        objectId: 1,
        subscriptionType: 'contact.propertyChange',
        occurredAt: mondayMs,
        propertyName: 'phone',
        propertyValue: phone,
      },
    ]);
    const signedText = `POST${testBindings.PUBLIC_URL}${path}${body}${mondayMs}`;
    const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));
    const key = await crypto.subtle.importKey('raw', bytes('client-secret'), { name: 'HMAC', hash: 'SHA-256' }, false, [
      'sign',
    ]);
    const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes(signedText)));
    const answer = await exports.default.fetch(`http://127.0.0.1:8787${path}`, {
      method: 'POST',
      headers: {
        'x-hubspot-signature-v3': btoa(String.fromCharCode(...signature)),
        'x-hubspot-request-timestamp': String(mondayMs),
      },
      body,
    });
    expect(answer.status).toBe(204);
  });

  it('answers 404 where nobody set it up, and 413 for ten megabytes', async () => {
    const { business } = await setUp('standard', secret);
    expect((await send(business, 'hubspot', {}, '[]')).status).toBe(404);
    expect((await send('no-such-business', 'standard', {}, '{}')).status).toBe(404);
    expect((await send(business, 'myspace', {}, '{}')).status).toBe(400);
    const large = 'x'.repeat(10_000_000);
    expect((await send(business, 'standard', signed(large), large)).status).toBe(413);
  });

  it('keeps what it cannot read, and says what is wrong with it', async () => {
    const { business } = await setUp('standard', secret);
    for (const [id, body] of [
      ['a', 'no json'],
      ['b', '{"type":"contact.updated"}'],
    ] as const)
      expect((await send(business, 'standard', signed(body, id), body)).status).toBe(204);
    await vi.waitFor(async () => {
      const failed = (await sourcesOf(business))[0]?.failed ?? [];
      expect(failed.map(({ error }) => error).sort()).toEqual([
        expect.stringContaining('JSON'),
        expect.stringContaining('timestamp'),
      ]);
    }, gatheredMs);
  });

  it('shows staff what it could not read, and tries it again when they ask', async () => {
    const { business, stub } = await setUp('standard', secret);
    const body = contact({ name: 'Ann Fox', phone });
    await runInDurableObject(stub, (instance: Business) => {
      // Lost on its way.
      instance.enqueueWebhook = () => Promise.resolve();
    });
    await send(business, 'standard', signed(body, 'a'), body);
    await send(business, 'standard', signed('no json', 'b'), 'no json');
    const ask = (method: string, below = '') =>
      request(method, `/v1/businesses/${business}/webhook-inbox${below}`, { headers: asStaff });
    const inbox = async () => v.parse(WebhookInbox, await (await ask('GET')).json()).webhooks;
    const waiting = await inbox();
    expect(waiting.map(({ status }) => status)).toEqual(['waiting', 'waiting']);
    const tried = await Promise.all(
      waiting.map(async ({ id }) => v.parse(InboxWebhookDetail, await (await ask('POST', `/${id}/replay`)).json())),
    );
    expect(tried.map(({ status }) => status).toSorted()).toEqual(['done', 'failed']);
    expect(await personAt(business)).toMatchObject({ name: 'Ann Fox' });
    const [failed] = await inbox();
    expect(failed).toMatchObject({ source: 'standard', status: 'failed', error: expect.stringContaining('JSON') });
    expect(await (await ask('GET', `/${failed?.id}`)).json()).toMatchObject({ body: 'no json' });
    expect(await (await ask('POST', `/${failed?.id}/replay`)).json()).toMatchObject({ status: 'failed' });
    const stored = await runInDurableObject(
      stub,
      (_: Business, { storage }) =>
        storage.sql.exec<{ body: ArrayBuffer }>("SELECT body FROM webhook_inbox WHERE status = 'failed'").one().body,
    );
    expect(new TextDecoder().decode(stored)).not.toContain('no json');
    expect((await ask('GET', `/${crypto.randomUUID()}`)).status).toBe(404);
    expect((await request('GET', `/v1/businesses/${business}/webhook-inbox`)).status).toBe(401);
  });

  it('has one message in the queue at a time, which takes along all that came since', async () => {
    const { business, stub, setClock } = await setUp('standard', secret);
    const queued: { id: string; delaySeconds: number }[] = [];
    await runInDurableObject(stub, (instance: Business) => {
      instance.enqueueWebhook = async ({ webhookId: id }, delaySeconds) => void queued.push({ id, delaySeconds });
    });
    const come = async (name: string, atMs = mondayMs): Promise<void> => {
      const body = contact({ name, phone });
      await send(business, 'standard', signed(body, name, atMs), body);
    };
    await come('Ann');
    await come('Ann Fox');
    expect(queued).toHaveLength(1);
    await runInDurableObject(stub, (instance: Business) => instance.webhooks().apply(queued[0]?.id ?? ''));
    expect(await personAt(business)).toMatchObject({ name: 'Ann Fox' });
    await come('Ann Fox Miller');
    expect(queued).toHaveLength(2);
    // The queue is slow, or lost it: the next one that comes is not left to it.
    await setClock(mondayMs + 5_000);
    await come('Ann Miller', mondayMs + 5_000);
    expect(queued).toHaveLength(3);
    // Where another was queued just before, the message waits for more to come.
    expect(queued.map(({ delaySeconds }) => delaySeconds)).toEqual([0, 1, 0]);
  });

  it('has what came while it applied others queued', async () => {
    const { business, stub } = await setUp('standard', secret);
    const queued: string[] = [];
    await runInDurableObject(stub, (instance: Business) => {
      instance.enqueueWebhook = async ({ webhookId }) => void queued.push(webhookId);
    });
    for (const name of ['Ann', 'Ann Fox']) {
      const body = contact({ name, phone });
      await send(business, 'standard', signed(body, name), body);
    }
    const apply = () =>
      runInDurableObject(stub, async (instance: Business, { storage: { sql } }) => {
        const applied = instance.webhooks().apply(queued.at(-1) ?? '');
        const body = contact({ name: 'Ann Fox Miller', phone });
        keepWebhook(sql, { source: 'standard', replayKey: 'c', body, nowMs: mondayMs });
        await applied;
      });
    await apply();
    expect(queued).toHaveLength(2);
    await apply();
    expect(queued).toHaveLength(2);
    expect(await personAt(business)).toMatchObject({ name: 'Ann Fox Miller' });
  });

  it('applies what the queue lost, and leaves to staff what could not be applied for a day', async () => {
    const { business, stub, setClock } = await setUp('standard', secret);
    const lose = (isLost: boolean) =>
      runInDurableObject(stub, (instance: Business) => {
        instance.enqueueWebhook = async ({ webhookId }) => {
          if (!isLost) await instance.webhooks().apply(webhookId);
        };
      });
    await lose(true);
    const body = contact({ name: 'Ann Fox', phone });
    await send(business, 'standard', signed(body, 'a'), body);
    await lose(false);
    // Whatever else the alarm may ring for before.
    await setClock(mondayMs + 15 * 60_000 - 1);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await personAt(business)).toBeNull();
    await setClock(mondayMs + 15 * 60_000);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await personAt(business)).toMatchObject({ name: 'Ann Fox' });
    await lose(true);
    const atMs = mondayMs + 15 * 60_000;
    await send(business, 'standard', signed(body, 'b', atMs), body);
    await setClock(atMs + 86_400_000);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    const inbox = await request('GET', `/v1/businesses/${business}/webhook-inbox`, { headers: asStaff });
    expect(v.parse(WebhookInbox, await inbox.json()).webhooks).toMatchObject([
      { status: 'failed', error: 'It was not applied within a day.' },
    ]);
  });

  it('keeps two hundred of those that it could not read, for a month', async () => {
    const { stub } = await setUp('standard', secret);
    const failed = (nowMs: number, count: number) =>
      runInDurableObject(stub, (_: Business, { storage: { sql } }) => {
        for (let index = 0; index < count; index += 1) {
          const kept = { source: 'standard', replayKey: `${nowMs} ${index}`, body: 'x', nowMs } as const;
          failWebhook(sql, keepWebhook(sql, kept) ?? '', 'no good', nowMs);
        }
        return sql.exec<{ n: number }>('SELECT COUNT(*) AS n FROM webhook_inbox').one().n;
      });
    expect(await failed(mondayMs, 201)).toBe(200);
    expect(await failed(mondayMs + 31 * 86_400_000, 1)).toBe(1);
  });

  it('asks the sender to come again where it cannot be queued', async () => {
    const { business, stub } = await setUp('standard', secret);
    const body = contact({ phone, name: 'Ann' });
    await runInDurableObject(stub, (instance: Business) => {
      instance.enqueueWebhook = () => Promise.reject(new Error('The queue is away'));
    });
    expect((await send(business, 'standard', signed(body), body)).status).toBe(503);
    await runInDurableObject(stub, (instance: Business) => {
      instance.enqueueWebhook = async ({ webhookId }) => instance.webhooks().apply(webhookId);
    });
    expect((await send(business, 'standard', signed(body), body)).status).toBe(204);
    expect(await personAt(business)).toMatchObject({ name: 'Ann' });
  });

  it('forgets a source with its secret, and never shows the secret', async () => {
    const { business, stub } = await setUp('standard', secret);
    expect(JSON.stringify(await sourcesOf(business))).not.toContain(secret);
    const stored = await runInDurableObject(stub, (_: Business, { storage }) =>
      JSON.stringify(storage.sql.exec('SELECT * FROM webhook_sources').toArray()),
    );
    expect(stored).not.toContain(secret.slice(6));
    const path = `/v1/businesses/${business}/webhook-sources/standard`;
    expect((await request('DELETE', path, { headers: asStaff })).status).toBe(204);
    expect(await sourcesOf(business)).toEqual([]);
  });

  it('puts a number that the CRM marks on the list of those not to be called', async () => {
    const { business } = await setUp('standard', secret);
    const body = contact({ phone, doNotCall: true });
    await send(business, 'standard', signed(body), body);
    await vi.waitFor(async () => {
      const list = await request('GET', `/v1/businesses/${business}/do-not-call`, { headers: asStaff });
      expect(await list.json()).toMatchObject({ entries: [{ number: phone }] });
    });
  });

  it('knows a person by either of two numbers, and keeps one when the other is emptied', async () => {
    const { business, stub } = await setUpBusiness();
    const mobile = '+13035550199';
    const heard = async (propertyName: string, propertyValue: string, occurredAt: number): Promise<void> => {
      const event = {
        objectId: 1,
        subscriptionType: 'contact.propertyChange',
        occurredAt,
        propertyName,
        propertyValue,
      };
      const [change] = readChanges({ source: 'hubspot', body: JSON.stringify([event]), receivedMs: mondayMs });
      if (change === undefined) throw new Error('The event was not read.');
      await runInDurableObject(stub, (_: Business, { storage }) => {
        applyPersonChange(storage.sql, 'hubspot', change, mondayMs);
      });
    };
    await heard('firstname', 'Ann', 1);
    await heard('phone', phone, 2);
    await heard('mobilephone', mobile, 3);
    for (const number of [phone, mobile]) expect(await personAt(business, number)).toMatchObject({ name: 'Ann' });
    await heard('mobilephone', '', 4);
    expect(await personAt(business, phone)).toMatchObject({ name: 'Ann' });
    expect(await personAt(business, mobile)).toBeNull();

    // Neither is called, also after the person was erased.
    await heard('mobilephone', mobile, 5);
    await request('POST', `/v1/businesses/${business}/people/erase`, { headers: asStaff, body: { phone: mobile } });
    expect(await personAt(business, phone)).toBeNull();
    await heard('hs_do_not_call', 'true', 6);
    const isListed = await runInDurableObject(stub, (_: Business, { storage }) =>
      [phone, mobile].map((number) => isDoNotCall(storage.sql, number)),
    );
    expect(isListed).toEqual([true, true]);
  });

  it('answers Salesforce with its acknowledgement', async () => {
    const { business } = await setUp('salesforce', 'a-long-token');
    const response = await send(
      business,
      'salesforce?token=a-long-token',
      { 'content-type': 'text/xml' },
      salesforce('<sf:Phone>303-555-0123</sf:Phone><sf:LastName>O&apos;Neill</sf:LastName>'),
    );
    expect(await response.text()).toContain('<Ack>true</Ack>');
    await vi.waitFor(async () => expect(await personAt(business)).toMatchObject({ name: "O'Neill" }));
  });
});

const salesforce = (fields: string): string => `<?xml version="1.0" encoding="UTF-8"?>
  <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
   <soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>00D1</OrganizationId>
   <Notification><Id>04l1</Id><sObject xsi:type="sf:Contact" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">
   <sf:Id>0031</sf:Id>${fields}</sObject></Notification></notifications></soapenv:Body></soapenv:Envelope>`;

describe('readChanges', () => {
  const read = (source: Parameters<typeof readChanges>[0]['source'], body: unknown) =>
    readChanges({ source, body: typeof body === 'string' ? body : JSON.stringify(body), receivedMs: mondayMs });

  it('reads HubSpot one field at a time, and leaves what is no contact', () => {
    const event = {
      objectId: 123,
      subscriptionType: 'contact.propertyChange',
      occurredAt: 5,
      propertyName: 'firstname',
      propertyValue: 'Ann',
    };
    expect(
      read('hubspot', [event, { ...event, propertyName: 'phone', propertyValue: '+1 (303) 555-0123 ext. 4' }]),
    ).toEqual([
      { remoteId: '123', deleted: false, fields: { firstName: 'Ann' }, atMs: 5 },
      { remoteId: '123', deleted: false, fields: { phone }, atMs: 5 },
    ]);
    expect(
      read('hubspot', [
        { ...event, subscriptionType: 'deal.propertyChange' },
        { ...event, propertyName: 'jobtitle' },
      ]),
    ).toEqual([]);
    expect(
      read('hubspot', [{ ...event, subscriptionType: 'object.propertyChange', objectTypeId: '0-1' }]),
    ).toHaveLength(1);
    expect(read('hubspot', [{ ...event, subscriptionType: 'contact.deletion' }])).toMatchObject([{ deleted: true }]);
  });

  it('reads both versions of Pipedrive, by the primary number and address', () => {
    const emails = [{ value: 'old@a.example' }, { value: 'Ann@A.example', primary: true }];
    const phones = [{ value: phone, primary: true }];
    const person = { name: 'Ann', email: 'ann@a.example', phone };
    const two = {
      meta: { version: '2.0', action: 'change', entity: 'person', entity_id: 7, timestamp: '2035-03-05T17:00:00Z' },
      data: { name: 'Ann', emails, phones },
    };
    const one = {
      meta: { action: 'updated', object: 'person', id: 7, timestamp: mondayMs / 1_000 },
      current: { name: 'Ann', email: emails, phone: phones },
    };
    for (const body of [one, two])
      expect(read('pipedrive', body)).toEqual([{ remoteId: '7', deleted: false, fields: person, atMs: mondayMs }]);
    expect(read('pipedrive', { ...two, meta: { ...two.meta, action: 'delete' }, data: null })).toMatchObject([
      { deleted: true, fields: {} },
    ]);
    expect(read('pipedrive', { ...two, meta: { ...two.meta, entity: 'deal' } })).toEqual([]);
  });

  it('reads Salesforce without a document type', () => {
    expect(
      read('salesforce', salesforce('<sf:Email>ANN@a.example</sf:Email><sf:DoNotCall>true</sf:DoNotCall>')),
    ).toEqual([
      { remoteId: '0031', deleted: false, fields: { email: 'ann@a.example', doNotCall: true }, atMs: mondayMs },
    ]);
    expect(() => read('salesforce', `<!DOCTYPE a [<!ENTITY b "c">]>${salesforce('')}`)).toThrow('document type');
    expect(() => read('salesforce', '<a>')).toThrow('Envelope');
  });

  it('makes nothing of numbers and addresses that are none', () => {
    const read1 = (data: object) => read('standard', contact(data))[0]?.fields;
    expect(read1({ phone: '12', email: 'no' })).toEqual({ phone: null, email: null });
    expect(read1({ phone: '0044 20 7946 0958' })).toEqual({ phone: '+442079460958' });
    expect(read1({ name: "  Robert'); DROP TABLE people;--\u0007 " })).toEqual({
      name: "Robert'); DROP TABLE people;--",
    });
  });
});
