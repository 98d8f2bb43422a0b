import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { type CarrierHook, verifyTelnyx, verifyTwilio } from './signature.ts';

const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));
const nowMs = Date.UTC(2026, 10, 23, 12);

const Vector = v.object({
  scheme: v.string(),
  auth_token: v.string(),
  url: v.string(),
  params: v.record(v.string(), v.string()),
  expected: v.string(),
  note: v.string(),
});
const text = env.WEBHOOK_VECTORS;
const vectors = v
  .parse(v.array(v.looseObject({ scheme: v.string() })), JSON.parse(text || '[]'))
  .filter(({ scheme }) => scheme.startsWith('twilio'))
  .map((vector) => v.parse(Vector, vector));

// Skipped where ../shared/data/security/webhook-vectors.json is absent.
describe.skipIf(text === '')('Twilio’s published vectors', () => {
  it.each(vectors.map((vector, n) => [`${n + 1}: ${vector.url}`, vector] as const))('%s', async (_, vector) => {
    const json = /JSON body (\{.*\})/.exec(vector.note)?.[1];
    const body = json ?? new URLSearchParams(vector.params).toString();
    const hook = (change: Partial<{ body: string; url: string }> = {}): CarrierHook => ({
      url: change.url ?? vector.url,
      headers: new Headers({ 'x-twilio-signature': vector.expected }),
      body: bytes(change.body ?? body),
    });
    expect(await verifyTwilio(hook(), vector.auth_token)).toBe(true);
    expect(await verifyTwilio(hook(), `${vector.auth_token}6`)).toBe(false);
    expect(await verifyTwilio(hook({ url: `${vector.url}&x=1` }), vector.auth_token)).toBe(false);
    expect(await verifyTwilio(hook({ body: json === undefined ? `${body}&x=1` : `${json} ` }), vector.auth_token)).toBe(
      false,
    );
  });
});

describe('verifyTwilio', () => {
  it.each([
    ['no signature', {}],
    ['what is no base64', { 'x-twilio-signature': '%%%' }],
    ['a signature that is too short', { 'x-twilio-signature': btoa('short') }],
  ])('refuses %s', async (_, headers) => {
    const hook = { url: 'https://parley.test/v1', headers: new Headers(headers), body: bytes('a=1') };
    expect(await verifyTwilio(hook, '12345')).toBe(false);
  });
});

describe('verifyTelnyx', () => {
  const body = 'CallSid=v3%3Aone&From=%2B17205550199';

  async function signed(atMs = nowMs) {
    const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify']);
    if (!('privateKey' in pair)) throw new Error('No key pair was made.');
    const raw = await crypto.subtle.exportKey('raw', pair.publicKey);
    if (!(raw instanceof ArrayBuffer)) throw new Error('The key is not raw.');
    const base64 = (buffer: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(buffer)));
    const timestamp = String(Math.floor(atMs / 1_000));
    const signature = await crypto.subtle.sign('Ed25519', pair.privateKey, bytes(`${timestamp}|${body}`));
    const headers = { 'telnyx-timestamp': timestamp, 'telnyx-signature-ed25519': base64(signature) };
    const hook = (change: Partial<CarrierHook> = {}): CarrierHook => ({
      url: 'https://parley.test/v1/carriers/telnyx/voice',
      headers: new Headers(headers),
      body: bytes(body),
      ...change,
    });
    return { key: base64(raw), hook, headers };
  }

  it('accepts what Telnyx signed within five minutes, and nothing that was changed', async () => {
    const { key, hook, headers } = await signed();
    expect(await verifyTelnyx(hook(), key, nowMs)).toBe(true);
    expect(await verifyTelnyx(hook(), key, nowMs + 299_000)).toBe(true);
    expect(await verifyTelnyx(hook(), key, nowMs + 301_000)).toBe(false);
    expect(await verifyTelnyx(hook(), key, nowMs - 301_000)).toBe(false);
    expect(await verifyTelnyx(hook({ body: bytes(`${body} `) }), key, nowMs)).toBe(false);
    const later = { ...headers, 'telnyx-timestamp': String(Number(headers['telnyx-timestamp']) + 1) };
    expect(await verifyTelnyx(hook({ headers: new Headers(later) }), key, nowMs)).toBe(false);
    expect(await verifyTelnyx(hook(), (await signed()).key, nowMs)).toBe(false);
    expect(await verifyTelnyx(hook(), 'no key', nowMs)).toBe(false);
    expect(await verifyTelnyx(hook({ headers: new Headers() }), key, nowMs)).toBe(false);
  });
});
