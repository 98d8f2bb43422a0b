import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { decodeJwt, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { Problem } from '../../contract/problem.ts';
import { Session, SessionClaims, WidgetConfig } from '../../contract/session.ts';
import { sha256Hex } from '../session/digest.ts';
import { testBindings } from '../test/bindings.ts';
import {
  callRecord,
  mondayMs,
  openSession,
  origin,
  request,
  asNode,
  sessionRequest,
  setUpBusiness,
} from '../test/control-plane.ts';
import { app } from './app.ts';

const post = async (body: unknown, headers: Record<string, string> = { origin }) =>
  request('POST', '/v1/sessions', { headers, body });
const errorOf = async (response: Response) => v.parse(Problem, await response.json()).error;

const noChange = { wording: {}, facts: [], questions: [], objections: [] };
const twoLocales = [
  {
    locale: 'es',
    patch: { ...noChange, disclosure: { version: '2035-01', text: 'Contesta una IA. Se graba la llamada.' } },
  },
  { locale: 'en-GB', patch: noChange },
];

describe('POST /v1/sessions', () => {
  it('gives a token that opens one call on one node for a minute', async () => {
    const { business, bundle } = await setUpBusiness();
    const response = await post({
      ...sessionRequest(business),
      pageUrl: `${origin}/roofs?email=ann@example.com#top`,
      timeZone: 'Europe/Berlin',
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    const session = await response.json<Record<string, unknown>>();
    const { payload, protectedHeader } = await jwtVerify(
      String(session['token']),
      new TextEncoder().encode(testBindings.SESSION_KEY),
      {
        audience: 'north',
        currentDate: new Date(mondayMs),
      },
    );
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(v.parse(SessionClaims, payload)).toEqual({
      jti: session['callId'],
      sub: business,
      aud: 'north',
      iat: mondayMs / 1_000,
      exp: mondayMs / 1_000 + 60,
      playbook: bundle.hash,
      mode: 'voice',
      consentVersion: '2035-01',
      consentAtMs: mondayMs,
      origin,
      pageUrl: `${origin}/roofs`,
      timeZone: 'Europe/Berlin',
    });
    expect(session).toMatchObject({ signalingUrl: 'ws://north.test/v1/signaling', expiresAtMs: mondayMs + 60_000 });
  });

  it.each([
    ['es', 'es', 'Contesta una IA. Se graba la llamada.'],
    ['es-MX', 'es', 'Contesta una IA. Se graba la llamada.'],
    ['en-GB', 'en-GB', 'You will talk to an AI. The call is recorded.'],
    ['ja', 'en-US', 'You will talk to an AI. The call is recorded.'],
  ])(
    'pins the best locale there is for %s to the call, and the disclosure shown in it',
    async (wanted, locale, text) => {
      const { business, bundle } = await setUpBusiness({ locales: twoLocales });
      const shown = await request('GET', `/v1/businesses/${business}/widget?locale=${wanted}`, { headers: { origin } });
      expect(await shown.json()).toMatchObject({ locale, disclosure: { version: '2035-01', text } });
      const response = await post({ ...sessionRequest(business), locale: wanted });
      const session = v.parse(Session, await response.json());
      expect(decodeJwt(session.token)).toMatchObject({ playbook: bundle.hash, locale });
      const { consent } = await callRecord(business, session.callId);
      expect(consent).toMatchObject({ version: '2035-01', text, textSha256: await sha256Hex(text) });
    },
  );

  it('pins no locale where the page names none', async () => {
    const { business } = await setUpBusiness({ locales: twoLocales });
    expect(decodeJwt((await openSession(business)).token)).not.toHaveProperty('locale');
  });

  it.each(['Spanish', 'es_MX', `es-${'abcd-'.repeat(20)}a`, 7])('refuses the locale %s', async (locale) => {
    const { business } = await setUpBusiness();
    const response = await post({ ...sessionRequest(business), locale });
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ code: 'bad-request', field: 'locale' });
  });

  it('takes the media nodes in turn', async () => {
    const { business, setClock } = await setUpBusiness();
    const nodes: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      await setClock(mondayMs + n);
      nodes.push(new URL((await openSession(business)).signalingUrl).hostname);
    }
    expect(nodes).toEqual(['north.test', 'south.test', 'north.test', 'south.test']);
  });

  it('keeps what was consented to, by whom and when', async () => {
    const { business, bundle } = await setUpBusiness();
    const { callId } = await openSession(business, { 'user-agent': 'Test Browser/1.0' });
    const { consent } = await callRecord(business, callId);
    expect(consent).toEqual({
      version: '2035-01',
      text: bundle.disclosure.text,
      textSha256: await sha256Hex(bundle.disclosure.text),
      acceptedAtMs: mondayMs,
      origin,
      userAgent: 'Test Browser/1.0',
    });
  });

  it.each([
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['an origin that only begins like one of the business', { origin: `${origin}.evil.example` }],
    ['the opaque origin', { origin: 'null' }],
    ['no origin', {}],
  ])('refuses %s', async (_, headers) => {
    const { business } = await setUpBusiness();
    const response = await post(sessionRequest(business), headers);
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect((await errorOf(response)).code).toBe('forbidden-origin');
  });

  it.each([
    ['is missing', undefined, 'consent'],
    ['was declined', { accepted: false, version: '2035-01' }, 'consent.accepted'],
    ['names no version', { accepted: true }, 'consent.version'],
  ])('refuses when consent %s, and lets the page read why', async (_, consent, field) => {
    const { business } = await setUpBusiness();
    const response = await post({ ...sessionRequest(business), consent });
    expect(response.status).toBe(400);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(await errorOf(response)).toMatchObject({ code: 'consent-required', field });
  });

  it('refuses consent to an older disclosure and names the field', async () => {
    const { business } = await setUpBusiness();
    const response = await post({ ...sessionRequest(business), consent: { accepted: true, version: '2034-07' } });
    expect(response.status).toBe(409);
    expect(await errorOf(response)).toMatchObject({ code: 'consent-required', field: 'consent.version' });
  });

  it('limits each address by itself, says when to come back, and remembers through a restart', async () => {
    const { business, setClock } = await setUpBusiness({}, { rateLimitPerMinute: 2 });
    const from = (address: string) => ({ origin, 'cf-connecting-ip': address });
    expect((await post(sessionRequest(business), from('203.0.113.1'))).status).toBe(201);
    expect((await post(sessionRequest(business), from('203.0.113.1'))).status).toBe(201);
    await evictDurableObject(env.BUSINESS.getByName(business));
    await setClock(mondayMs);
    const refused = await post(sessionRequest(business), from('203.0.113.1'));
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('30');
    expect((await errorOf(refused)).code).toBe('rate-limited');
    expect((await post(sessionRequest(business), from('203.0.113.2'))).status).toBe(201);
    await setClock(mondayMs + 30_000);
    expect((await post(sessionRequest(business), from('203.0.113.1'))).status).toBe(201);
  });

  it('limits all addresses together, and counts no call that it refuses', async () => {
    const { business, setClock } = await setUpBusiness({}, { rateLimitPerMinute: 2, totalRateLimitPerMinute: 3 });
    const status = async (address: string): Promise<number> =>
      (await post(sessionRequest(business), { origin, 'cf-connecting-ip': address })).status;
    for (const expected of [201, 201, 429, 429]) expect(await status('203.0.113.1')).toBe(expected);
    expect(await status('203.0.113.2')).toBe(201);
    const refused = await post(sessionRequest(business), { origin, 'cf-connecting-ip': '203.0.113.3' });
    expect(refused.headers.get('retry-after')).toBe('20');
    expect(await errorOf(refused)).toMatchObject({
      code: 'rate-limited',
      message: 'Too many calls to this business were started.',
    });
    await setClock(mondayMs + 20_000);
    expect(await status('203.0.113.3')).toBe(201);
  });

  it('believes no address that a client may have made up', async () => {
    const { business } = await setUpBusiness({}, { rateLimitPerMinute: 1, totalRateLimitPerMinute: 2 });
    const selfHosted = { ...env, CLIENT_ADDRESS: 'shared' };
    const statuses: number[] = [];
    for (const address of ['203.0.113.1', '203.0.113.1', '203.0.113.2']) {
      const headers = { origin, 'cf-connecting-ip': address };
      const body = JSON.stringify(sessionRequest(business));
      statuses.push((await app.request('/v1/sessions', { method: 'POST', headers, body }, selfHosted)).status);
    }
    expect(statuses).toEqual([201, 201, 429]);
  });

  it('lets everyone together make 60 calls a minute, or as many as one address may', async () => {
    const limits = async (config: object) => {
      const { stub } = await setUpBusiness({}, config);
      return runInDurableObject(
        stub,
        (_, state) => state.storage.sql.exec('SELECT total_rate_limit_per_minute AS total FROM config').one()['total'],
      );
    };
    expect(await limits({})).toBe(60);
    expect(await limits({ rateLimitPerMinute: 500 })).toBe(500);
  });

  it.each([
    ['not JSON', '{', 400, 'bad-request'],
    ['an empty body', '', 400, 'bad-request'],
    ['a list', [], 400, 'consent-required'],
    ['too large', { business: 'x'.repeat(9_000) }, 413, 'too-large'],
    ['an unknown business', sessionRequest('nobody-here'), 404, 'not-found'],
  ])('answers %s with a problem', async (_, body, status, code) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect((await errorOf(response)).code).toBe(code);
  });

  it('says so when the business has no playbook yet', async () => {
    const business = `empty-${crypto.randomUUID().slice(0, 8)}`;
    await request('PUT', `/v1/businesses/${business}`, {
      headers: { authorization: `Bearer ${testBindings.STAFF_KEY}` },
      body: { origins: [origin], crm: null },
    });
    const response = await post(sessionRequest(business));
    expect(response.status).toBe(503);
    expect((await errorOf(response)).code).toBe('unavailable');
  });

  it('answers a preflight', async () => {
    const response = await request('OPTIONS', '/v1/sessions', {
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-allow-headers')).toBe('Content-Type');
  });
});

describe('GET /v1/businesses/:business/widget', () => {
  it('tells a page of the business what to show', async () => {
    const { business, bundle } = await setUpBusiness();
    const response = await request('GET', `/v1/businesses/${business}/widget`, { headers: { origin } });
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('vary')).toBe('Origin');
    expect(v.parse(WidgetConfig, await response.json())).toEqual({
      business,
      businessName: 'Summit Roofing',
      agentName: 'Riley',
      locale: 'en-US',
      disclosure: bundle.disclosure,
      privacyUrl: 'https://summit.example/privacy',
    });
  });

  it.each(['', 'en_US', 'x'.repeat(500)])('shows its own language to a page that says its is "%s"', async (locale) => {
    const { business } = await setUpBusiness({ locales: twoLocales });
    const response = await request('GET', `/v1/businesses/${business}/widget?locale=${locale}`, {
      headers: { origin },
    });
    expect(await response.json()).toMatchObject({ locale: 'en-US' });
  });

  it('refuses a foreign page', async () => {
    const { business } = await setUpBusiness();
    const response = await request('GET', `/v1/businesses/${business}/widget`, {
      headers: { origin: 'https://evil.example' },
    });
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('stores nothing for a business that nobody set up', async () => {
    expect((await request('GET', '/v1/businesses/nobody-at-all/widget', { headers: { origin } })).status).toBe(404);
    const tables = await runInDurableObject(env.BUSINESS.getByName('nobody-at-all'), (_, state) =>
      state.storage.sql
        .exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'")
        .toArray(),
    );
    expect(tables).toEqual([]);
  });
});

describe('GET /v1/node/businesses/:business/playbook', () => {
  const active = (business: string) => request('GET', `/v1/node/businesses/${business}/playbook`, { headers: asNode });

  it('names the playbook that a call by phone is answered with', async () => {
    const { business, bundle } = await setUpBusiness();
    expect(await (await active(business)).json()).toEqual({ hash: bundle.hash });
  });

  it('knows no business that nobody set up', async () => {
    expect((await active('nobody-set-this-up')).status).toBe(404);
  });
});
