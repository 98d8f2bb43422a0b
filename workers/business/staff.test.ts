import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { decodeJwt } from 'jose';
import * as v from 'valibot';
import { CallList } from '../../contract/call-record.ts';
import { JoinClaims, Session } from '../../contract/session.ts';
import { Problem } from '../../contract/problem.ts';
import { parseBundle } from '../../dialogue/playbook/bundle.ts';
import { asNode, asStaff, mondayMs, openSession, origin, request, setUpBusiness } from '../test/control-plane.ts';
import { callEnd, callStart, inOrder, leadFact, postEvents, reachableLead } from '../test/events.ts';
import { turnBack } from '../test/older-storage.ts';
import { testMasterKeys } from '../test/master-keys.ts';
import { testBundle } from '../test/playbook.ts';
import type { Business } from './business.ts';
import { migrate } from './migrate.ts';

const problemOf = async (response: Response) => v.parse(Problem, await response.json()).error;

describe('PUT /v1/businesses/:business', () => {
  it.each([
    ['an origin with a path', { origins: ['https://a.example/shop'], crm: null }, 'origins.0'],
    ['an origin with a slash', { origins: ['https://a.example/'], crm: null }, 'origins.0'],
    ['a star', { origins: ['*'], crm: null }, 'origins.0'],
    [
      'a secret that is none',
      { origins: [], crm: { url: 'https://crm.example', secret: 'whsec_short' } },
      'crm.secret',
    ],
    [
      'a CRM that is not on the web',
      { origins: [], crm: { url: 'ftp://crm.example', secret: `whsec_${'A'.repeat(32)}` } },
      'crm.url',
    ],
    ['a limit of none', { origins: [], crm: null, rateLimitPerMinute: 0 }, 'rateLimitPerMinute'],
    ['no word on the CRM', { origins: [] }, 'crm'],
  ])('refuses %s', async (_, body, field) => {
    const response = await request('PUT', '/v1/businesses/some-business', { headers: asStaff, body });
    expect(response.status).toBe(400);
    expect(await problemOf(response)).toMatchObject({ code: 'bad-request', field });
  });
});

describe('POST /v1/businesses/:business/calls/:callId/join', () => {
  it('lets somebody of the business take over a call that is up, on the node that has it', async () => {
    const { business, bundle } = await setUpBusiness();
    const callId = crypto.randomUUID();
    const join = () => request('POST', `/v1/businesses/${business}/calls/${callId}/join`, { headers: asStaff });
    expect((await join()).status).toBe(404);
    await postEvents(business, callId, inOrder([callStart(bundle.hash)]));
    const response = await join();
    expect(response.status).toBe(201);
    const session = v.parse(Session, await response.json());
    expect(session.callId).toBe(callId);
    const claims = v.parse(JoinClaims, decodeJwt(session.token));
    expect(claims).toMatchObject({ role: 'person', sub: business, aud: 'north', call: callId });
    await postEvents(business, callId, inOrder([callStart(bundle.hash), callEnd]));
    expect((await join()).status).toBe(404);
  });
});

describe('PUT /v1/businesses/:business/playbook', () => {
  it('makes a new playbook the active one and keeps the old one for calls that run on it', async () => {
    const { business, bundle } = await setUpBusiness();
    const next = await testBundle(business, { disclosure: { version: '2035-02', text: 'New.' } });
    expect((await request('PUT', `/v1/businesses/${business}/playbook`, { headers: asStaff, body: next })).status).toBe(
      200,
    );
    const widget = await request('GET', `/v1/businesses/${business}/widget`, { headers: { origin } });
    expect(await widget.json()).toMatchObject({ disclosure: { version: '2035-02' } });
    for (const expected of [bundle, next]) {
      const response = await request('GET', `/v1/node/playbooks/${business}/${expected.hash}`, { headers: asNode });
      expect(response.headers.get('cache-control')).toContain('immutable');
      expect(await parseBundle(await response.json())).toEqual(expected);
    }
  });

  it('goes back to a playbook it has had', async () => {
    const { business, bundle } = await setUpBusiness();
    await request('PUT', `/v1/businesses/${business}/playbook`, {
      headers: asStaff,
      body: await testBundle(business, { locale: 'en-GB' }),
    });
    await request('PUT', `/v1/businesses/${business}/playbook`, { headers: asStaff, body: bundle });
    expect(await (await request('GET', `/v1/businesses/${business}/widget`)).json()).toMatchObject({ locale: 'en-US' });
  });

  it('keeps a playbook larger than one row, in any script', async () => {
    const { business } = await setUpBusiness();
    const phrases = Array.from(
      { length: 30_000 },
      (_, n) => `grüße 屋根 🏠 number ${n} of many phrases that callers say`,
    );
    const large = await testBundle(business, { speech: { phrases, words: [], approved: [] } });
    await request('PUT', `/v1/businesses/${business}/playbook`, { headers: asStaff, body: large });
    const response = await request('GET', `/v1/node/playbooks/${business}/${large.hash}`, { headers: asNode });
    expect(await parseBundle(await response.json())).toEqual(large);
  });

  it('refuses one that was changed after it was compiled', async () => {
    const { business, bundle } = await setUpBusiness();
    const response = await request('PUT', `/v1/businesses/${business}/playbook`, {
      headers: asStaff,
      body: { ...bundle, locale: 'de' },
    });
    expect(response.status).toBe(400);
    expect((await problemOf(response)).field).toBe('hash');
  });

  it('refuses one of another business, and one that is none', async () => {
    const { business } = await setUpBusiness();
    const foreign = await request('PUT', `/v1/businesses/${business}/playbook`, {
      headers: asStaff,
      body: await testBundle('other'),
    });
    expect(await problemOf(foreign)).toMatchObject({ code: 'bad-request', field: 'business.id' });
    const none = await request('PUT', `/v1/businesses/${business}/playbook`, {
      headers: asStaff,
      body: { business: { id: business } },
    });
    expect((await problemOf(none)).field).toBe('hash');
  });

  it('answers 404 for a hash it does not have', async () => {
    const { business } = await setUpBusiness();
    expect((await request('GET', `/v1/node/playbooks/${business}/${'0'.repeat(64)}`, { headers: asNode })).status).toBe(
      404,
    );
  });
});

describe('GET /v1/businesses/:business/calls', () => {
  it('pages through all calls, newest first, each once', async () => {
    const { business, bundle } = await setUpBusiness();
    const ids = Array.from({ length: 120 }, () => crypto.randomUUID());
    for (const [index, callId] of ids.entries()) {
      const [start] = inOrder([callStart(bundle.hash)]);
      // Pairs that began in the same millisecond.
      await postEvents(business, callId, [{ ...start, atMs: mondayMs + Math.floor(index / 2) }]);
    }
    const seen: { callId: string; startMs: number }[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `?cursor=${cursor}`;
      const response = await request('GET', `/v1/businesses/${business}/calls${query}`, { headers: asStaff });
      const list = v.parse(CallList, await response.json());
      seen.push(...list.calls);
      cursor = list.nextCursor;
    }
    expect(new Set(seen.map(({ callId }) => callId))).toEqual(new Set(ids));
    expect(seen).toHaveLength(120);
    expect(seen.map(({ startMs }) => startMs)).toEqual(seen.map(({ startMs }) => startMs).sort((a, b) => b - a));
  });

  it('refuses a cursor it did not give', async () => {
    const { business } = await setUpBusiness();
    expect((await request('GET', `/v1/businesses/${business}/calls?cursor=1.2`, { headers: asStaff })).status).toBe(
      400,
    );
  });

  it('shows nothing of one business to another', async () => {
    const { business } = await setUpBusiness();
    const { business: other } = await setUpBusiness();
    const { callId } = await openSession(business);
    expect((await request('GET', `/v1/businesses/${other}/calls/${callId}`, { headers: asStaff })).status).toBe(404);
    expect(await (await request('GET', `/v1/businesses/${other}/calls`, { headers: asStaff })).json()).toMatchObject({
      calls: [],
    });
  });
});

describe('the storage of a business', () => {
  it('survives a restart, and its migrations run once', async () => {
    const { business, stub } = await setUpBusiness();
    const { callId } = await openSession(business);
    await evictDurableObject(stub);
    expect((await request('GET', `/v1/businesses/${business}/calls/${callId}`, { headers: asStaff })).status).toBe(200);
    const ran = await runInDurableObject(stub, (_: Business, state) =>
      state.storage.sql.exec('SELECT version FROM migrations').toArray(),
    );
    expect(ran.length).toBeGreaterThan(5);
    expect(ran).toEqual(ran.map((_, index) => ({ version: index + 1 })));
  });

  it('is brought up from an older version with all it holds', async () => {
    const { business, stub } = await setUpBusiness({}, { rateLimitPerMinute: 500 });
    const { callId } = await openSession(business);
    await postEvents(business, callId, inOrder([callStart('0'.repeat(64)), leadFact(reachableLead), callEnd]));
    await runInDurableObject(stub, (_: Business, state) => {
      turnBack(state.storage, 1);
    });
    await evictDurableObject(stub);
    expect((await request('GET', `/v1/businesses/${business}/calls/${callId}`, { headers: asStaff })).status).toBe(200);
    const found = await request('GET', `/v1/businesses/${business}/contacts?search=miller`, { headers: asStaff });
    expect(await found.json()).toMatchObject({ contacts: [{ id: callId, name: 'Ann Miller' }] });
    const added = await runInDurableObject(stub, (_: Business, state) =>
      state.storage.sql.exec('SELECT listening_since_ms, total_rate_limit_per_minute FROM config').one(),
    );
    expect(added).toEqual({ listening_since_ms: 0, total_rate_limit_per_minute: 500 });
  });

  it('is not touched by a program that is older than it', async () => {
    const { stub } = await setUpBusiness();
    await runInDurableObject(stub, (_: Business, state) => {
      state.storage.sql.exec('INSERT INTO migrations (version, ran_ms) VALUES (99, 0)');
      const known = state.storage.sql.exec<{ n: number }>('SELECT COUNT(*) - 1 AS n FROM migrations').one().n;
      expect(() => migrate(state.storage, testMasterKeys, 0)).toThrow(
        `storage is at version ${known + 1}, this program knows ${known}`,
      );
      state.storage.sql.exec('DELETE FROM migrations WHERE version = 99');
    });
  });
});
