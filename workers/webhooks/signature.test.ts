import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import {
  type RawWebhook,
  type Verdict,
  verifyCalCom,
  verifyHubSpot,
  verifyPipedrive,
  verifySalesforce,
  verifyStandard,
} from './signature.ts';

const nowMs = Date.UTC(2026, 10, 23, 12);
const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));
const hook = (headers: Record<string, string>, body = '', rest: Partial<RawWebhook> = {}): RawWebhook => ({
  method: 'POST',
  url: 'https://parley.example/v1/webhooks/summit/source',
  headers: new Headers(headers),
  body: bytes(body),
  ...rest,
});

const Vector = v.object({
  scheme: v.string(),
  expected: v.string(),
  body: v.optional(v.string(), ''),
  secret: v.optional(v.string(), ''),
  client_secret: v.optional(v.string(), ''),
  method: v.optional(v.string(), 'POST'),
  url: v.optional(v.string(), ''),
  'webhook-id': v.optional(v.string(), ''),
  'webhook-timestamp': v.optional(v.number(), 0),
});
type Vector = v.InferOutput<typeof Vector>;

const known = { hubspot: 'hubspot', standard: 'standard-webhooks', sha256: 'github' } as const;

function verdictOn(vector: Vector, body: Uint8Array<ArrayBuffer>): Promise<Verdict> {
  const { scheme, expected, secret, client_secret: clientSecret, method, url } = vector;
  const sent = (headers: Record<string, string>): RawWebhook => hook(headers, '', { method, url, body });
  if (scheme.startsWith(known.hubspot)) {
    const version = scheme.split(' ')[1] ?? '';
    const headers = { 'x-hubspot-signature': expected, 'x-hubspot-signature-version': version };
    return verifyHubSpot(sent(headers), clientSecret, nowMs);
  }
  if (scheme.startsWith(known.standard)) {
    const timestamp = vector['webhook-timestamp'];
    const headers = {
      'webhook-id': vector['webhook-id'],
      'webhook-timestamp': String(timestamp),
      'webhook-signature': expected,
    };
    return verifyStandard(sent(headers), secret, timestamp * 1_000);
  }
  return verifyCalCom(sent({ 'x-cal-signature-256': expected }), secret);
}

const text = env.WEBHOOK_VECTORS;
const vectors = v
  .parse(v.array(Vector), JSON.parse(text || '[]'))
  .filter(({ scheme }) => Object.values(known).some((name) => scheme.startsWith(name)));

// Skipped where ../shared/data/security/webhook-vectors.json is absent.
describe.skipIf(text === '')('vectors that vendors publish', () => {
  it.each(vectors.map((vector, n) => [`${n + 1}: ${vector.scheme}`, vector] as const))('%s fits', async (_, vector) => {
    expect(await verdictOn(vector, bytes(vector.body))).toMatchObject({ ok: true });
    expect(
      await verdictOn({ ...vector, secret: `${vector.secret}A==`, client_secret: 'other' }, bytes(vector.body)),
    ).toMatchObject({ ok: false });
    for (let at = 0; at < vector.body.length; at += 7) {
      const changed = bytes(vector.body);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await verdictOn(vector, changed)).toMatchObject({ ok: false });
    }
    expect(await verdictOn(vector, bytes(`${vector.body} `))).toMatchObject({ ok: false });
  });
});

describe('verifyHubSpot', () => {
  const secret = 'client-secret';
  const url = 'https://parley.example/v1/webhooks/summit/hubspot?a=b%2Fc';
  const body = '[{"eventId":1}]';

  async function signed(timestamp = String(nowMs)): Promise<RawWebhook> {
    const key = await crypto.subtle.importKey('raw', bytes(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    const base = `POST${url.replace('%2F', '/')}${body}${timestamp}`;
    const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes(base)));
    const headers = {
      'x-hubspot-signature-v3': btoa(String.fromCharCode(...signature)),
      'x-hubspot-request-timestamp': timestamp,
    };
    return hook(headers, body, { url });
  }

  it('takes version 3 within five minutes, with the URL as HubSpot signs it', async () => {
    expect(await verifyHubSpot(await signed(), secret, nowMs)).toMatchObject({ ok: true });
    expect(await verifyHubSpot(await signed(), secret, nowMs + 300_000)).toMatchObject({ ok: true });
    expect(await verifyHubSpot(await signed(), secret, nowMs + 300_001)).toMatchObject({ ok: false });
    expect(await verifyHubSpot(await signed('1e99'), secret, nowMs)).toMatchObject({ ok: false });
    expect(await verifyHubSpot(await signed(), 'another', nowMs)).toMatchObject({ ok: false });
    const elsewhere = { ...(await signed()), url: `${url}&more=1` };
    expect(await verifyHubSpot(elsewhere, secret, nowMs)).toMatchObject({ ok: false });
  });

  it.each([{}, { 'x-hubspot-signature': 'ab' }, { 'x-hubspot-signature': 'zz', 'x-hubspot-signature-version': 'v1' }])(
    'refuses %j',
    async (headers) => {
      expect(await verifyHubSpot(hook(headers, body), secret, nowMs)).toMatchObject({ ok: false });
    },
  );
});

describe('verifyStandard', () => {
  const secret = `whsec_${btoa('a secret of twenty-four-ish bytes')}`;
  const signed = (body: string, atMs = nowMs): Record<string, string> => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(atMs / 1_000)),
    'webhook-signature': new Webhook(secret).sign('msg_1', new Date(atMs), body),
  });

  it('takes what the reference library signs, whatever the body, and names it by its id', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (body) => {
        fc.pre(body.isWellFormed());
        expect(await verifyStandard(hook(signed(body), body), secret, nowMs)).toEqual({ ok: true, id: 'msg_1' });
      }),
      { numRuns: 50 },
    );
  });

  it('takes the one signature of several that fits, as after a change of secret', async () => {
    const headers = signed('{}');
    headers['webhook-signature'] = `v1,AAAA v1a,xyz ${headers['webhook-signature']}`;
    expect(await verifyStandard(hook(headers, '{}'), secret, nowMs)).toMatchObject({ ok: true });
  });

  it('refuses an old one, one of the future, and one without its headers', async () => {
    expect(await verifyStandard(hook(signed('{}', nowMs - 301_000), '{}'), secret, nowMs)).toMatchObject({ ok: false });
    expect(await verifyStandard(hook(signed('{}', nowMs + 302_000), '{}'), secret, nowMs)).toMatchObject({ ok: false });
    expect(await verifyStandard(hook({}, '{}'), secret, nowMs)).toMatchObject({ ok: false });
    expect(await verifyStandard(hook(signed('{}'), '{}'), 'whsec_', nowMs)).toMatchObject({ ok: false });
  });
});

it('verifyPipedrive takes the login that is set, and no other', async () => {
  const login = (text: string) => hook({ authorization: `Basic ${btoa(text)}` });
  expect(await verifyPipedrive(login('parley:secret'), 'parley:secret')).toMatchObject({ ok: true });
  expect(await verifyPipedrive(login('parley:secreT'), 'parley:secret')).toMatchObject({ ok: false });
  expect(await verifyPipedrive(hook({}), 'parley:secret')).toMatchObject({ ok: false });
});

it('verifySalesforce takes the token of the URL, and no other', async () => {
  const at = (query: string) => hook({}, '', { url: `https://parley.example/hook${query}` });
  expect(await verifySalesforce(at('?token=abc'), 'abc')).toMatchObject({ ok: true });
  expect(await verifySalesforce(at('?token=abd'), 'abc')).toMatchObject({ ok: false });
  expect(await verifySalesforce(at(''), 'abc')).toMatchObject({ ok: false });
});

it('no header makes a check throw', async () => {
  const text = fc.string({ unit: 'grapheme-ascii', maxLength: 60 });
  const names = [
    'x-hubspot-signature',
    'x-hubspot-signature-v3',
    'x-cal-signature-256',
    'webhook-signature',
    'authorization',
  ];
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      const headers: Record<string, string> = {
        'x-hubspot-signature-version': 'v1',
        'x-hubspot-request-timestamp': String(nowMs),
        'webhook-id': 'a',
        'webhook-timestamp': String(nowMs / 1_000),
      };
      for (const name of names) headers[name] = value;
      const forged = hook(headers, '{}');
      const secret = `whsec_${btoa('secret')}`;
      for (const verdict of [
        await verifyHubSpot(forged, secret, nowMs),
        await verifyCalCom(forged, secret),
        await verifyStandard(forged, secret, nowMs),
        await verifyPipedrive(forged, secret),
        await verifySalesforce(forged, secret),
      ])
        expect(verdict.ok).toBe(false);
    }),
    { numRuns: 100 },
  );
});
