import type { WebhookSource } from '../../contract/webhook.ts';
import { sameSecret } from '../session/digest.ts';

/** A webhook as it came: the very bytes and the very URL that were signed. */
export interface RawWebhook {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** How old, or how far ahead, a signed time may be. */
const windowMs = 5 * 60_000;

export type Verdict =
  /** `id` names this delivery, where the sender does; the same again is a replay. */
  { readonly ok: true; readonly id: string | null } | { readonly ok: false; readonly reason: string };

const refused = (reason: string): Verdict => ({ ok: false, reason });
const wrong = refused('The signature does not fit the body. Is the secret the one that the sender shows?');
const accepted = (id: string | null = null): Verdict => ({ ok: true, id });

/** Whether a webhook is from whom it says. `secret` is what staff have set for that source. */
export function verifyWebhook(
  source: WebhookSource,
  hook: RawWebhook,
  secret: string,
  nowMs: number,
): Promise<Verdict> {
  switch (source) {
    case 'standard':
      return verifyStandard(hook, secret, nowMs);
    case 'hubspot':
      return verifyHubSpot(hook, secret, nowMs);
    case 'pipedrive':
      return verifyPipedrive(hook, secret);
    case 'salesforce':
      return verifySalesforce(hook, secret);
    case 'calcom':
      return verifyCalCom(hook, secret);
    default:
      return source satisfies never;
  }
}

/**
 * HubSpot, versions 1 to 3 (developers.hubspot.com/docs/api/webhooks/validating-requests). The newest that is there
 * counts: who can write an old one could leave a new one out, but not forge it.
 */
export async function verifyHubSpot(hook: RawWebhook, clientSecret: string, nowMs: number): Promise<Verdict> {
  const { headers, method, url, body } = hook;
  const v3 = headers.get('x-hubspot-signature-v3');
  if (v3 !== null) {
    const timestamp = headers.get('x-hubspot-request-timestamp') ?? '';
    const atMs = /^\d{1,15}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
    if (!(Math.abs(nowMs - atMs) <= windowMs)) return outsideWindow;
    const signed = joined(method, decodeForHubSpot(url), body, timestamp);
    return (await hmacFits(utf8(clientSecret), signed, fromBase64(v3))) ? accepted(v3) : wrong;
  }
  const signature = headers.get('x-hubspot-signature');
  if (signature === null) return refused('X-HubSpot-Signature-v3 is missing.');
  switch (headers.get('x-hubspot-signature-version')) {
    case 'v1':
      return (await digestFits(joined(clientSecret, body), signature)) ? accepted() : wrong;
    case 'v2':
      return (await digestFits(joined(clientSecret, method, url, body), signature)) ? accepted() : wrong;
    default:
      return refused('X-HubSpot-Signature-Version must be v1 or v2.');
  }
}

/** Cal.com signs the body (cal.com/docs/developing/guides/automation/webhooks). It says no time: a replay is known by its content. */
export async function verifyCalCom({ headers, body }: RawWebhook, secret: string): Promise<Verdict> {
  const signature = headers.get('x-cal-signature-256');
  if (signature === null) return refused('X-Cal-Signature-256 is missing: give the webhook a secret.');
  const hex = signature.replace(/^sha256=/, '');
  return (await hmacFits(utf8(secret), body, fromHex(hex))) ? accepted() : wrong;
}

/** Standard Webhooks, version 1: HMAC-SHA256 over id, time and body (standardwebhooks.com). Any one of several signatures may fit. */
export async function verifyStandard({ headers, body }: RawWebhook, secret: string, nowMs: number): Promise<Verdict> {
  const [id, timestamp] = [headers.get('webhook-id'), headers.get('webhook-timestamp')];
  if (id === null || timestamp === null) return refused('webhook-id or webhook-timestamp is missing.');
  const atMs = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1_000 : Number.NaN;
  if (!(Math.abs(nowMs - atMs) <= windowMs)) return outsideWindow;
  const key = fromBase64(secret.replace(/^whsec_/, ''));
  if (key === null || key.length === 0) return refused('The secret that is set here is no Standard Webhooks secret.');
  const signed = joined(`${id}.${timestamp}.`, body);
  const signatures = (headers.get('webhook-signature') ?? '').split(' ').slice(0, maxSignatures);
  for (const signature of signatures) {
    if (!signature.startsWith('v1,')) continue;
    if (await hmacFits(key, signed, fromBase64(signature.slice(3)))) return accepted(id);
  }
  return wrong;
}

/** Pipedrive signs nothing: it logs in (pipedrive.readme.io, "Guide for Webhooks"). The secret is `user:password`. */
export async function verifyPipedrive({ headers }: RawWebhook, secret: string): Promise<Verdict> {
  const sent = headers.get('authorization')?.replace(/^basic /i, '') ?? '';
  const fits = await sameSecret(sent, btoa(String.fromCharCode(...utf8(secret))));
  return fits ? accepted() : refused('The user name or the password of the webhook is not the one that is set here.');
}

/** Salesforce's outbound messages carry neither signature nor login: the secret is in the URL that they are sent to. */
export async function verifySalesforce({ url }: RawWebhook, secret: string): Promise<Verdict> {
  const sent = new URL(url).searchParams.get('token') ?? '';
  return (await sameSecret(sent, secret))
    ? accepted()
    : refused('The token in the URL is not the one that is set here.');
}

const maxSignatures = 10;
const outsideWindow = refused('The webhook was signed more than five minutes ago, or ahead of time.');

/** HubSpot signs the URL with these characters as themselves. */
function decodeForHubSpot(url: string): string {
  return url.replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (encoded) => decodeURIComponent(encoded));
}

/** WebCrypto compares in constant time. */
async function hmacFits(
  key: Uint8Array<ArrayBuffer>,
  signed: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer> | null,
): Promise<boolean> {
  if (signature === null || key.length === 0) return false;
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  return await crypto.subtle.verify('HMAC', imported, signature, signed);
}

async function digestFits(signed: Uint8Array<ArrayBuffer>, hex: string): Promise<boolean> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', signed));
  const sent = fromHex(hex);
  return sent?.length === digest.length && crypto.subtle.timingSafeEqual(digest, sent);
}

function joined(...parts: readonly (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const pieces = parts.map((part) => (typeof part === 'string' ? utf8(part) : part));
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

function fromHex(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
