/** A webhook as it came. */
export interface CarrierHook {
  /** As the carrier was told to call it. */
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** How old, or how far ahead, a signed time may be. */
export const windowMs = 5 * 60_000;

/**
 * Twilio: HMAC-SHA1 over the URL and the form's fields in order of their names; of a JSON body the URL has the hash
 * (https://www.twilio.com/docs/usage/security). Compared by WebCrypto, in constant time.
 */
export async function verifyTwilio({ url, headers, body }: CarrierHook, authToken: string): Promise<boolean> {
  const signature = fromBase64(headers.get('x-twilio-signature') ?? '');
  if (signature === null) return false;
  const bodyHash = URL.canParse(url) ? new URL(url).searchParams.get('bodySHA256') : null;
  if (bodyHash !== null && !(await digestFits(body, bodyHash))) return false;
  const fields = bodyHash === null ? signedFields(new URLSearchParams(new TextDecoder().decode(body))) : '';
  const key = await crypto.subtle.importKey('raw', utf8(authToken), { name: 'HMAC', hash: 'SHA-1' }, false, ['verify']);
  // Twilio signs the URL with the scheme's own port, or without, whatever it was given.
  for (const signed of [url, withPort(url), withoutPort(url)]) {
    if (await crypto.subtle.verify('HMAC', key, signature, utf8(signed + fields))) return true;
  }
  return false;
}

/**
 * Telnyx: Ed25519 over the time and the raw body (https://developers.telnyx.com/docs/development/api-guide/webhooks).
 *
 * @param publicKey 32 bytes in base64, as the portal shows it.
 */
export async function verifyTelnyx({ headers, body }: CarrierHook, publicKey: string, nowMs: number): Promise<boolean> {
  const timestamp = headers.get('telnyx-timestamp') ?? '';
  const atMs = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * 1_000 : Number.NaN;
  if (!(Math.abs(nowMs - atMs) <= windowMs)) return false;
  const signature = fromBase64(headers.get('telnyx-signature-ed25519') ?? '');
  const bytes = fromBase64(publicKey);
  if (signature?.length !== 64 || bytes?.length !== 32) return false;
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'Ed25519' }, false, ['verify']);
  const head = utf8(`${timestamp}|`);
  const signed = new Uint8Array(head.length + body.length);
  signed.set(head);
  signed.set(body, head.length);
  return crypto.subtle.verify('Ed25519', key, signature, signed);
}

/** Name and value of each field, run together; a name that comes twice has its values in order, each once. */
function signedFields(form: URLSearchParams): string {
  const names = [...new Set(form.keys())].toSorted(byCodeUnit);
  return names
    .map((name) =>
      [...new Set(form.getAll(name))]
        .toSorted(byCodeUnit)
        .map((value) => name + value)
        .join(''),
    )
    .join('');
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const authority = /^(https?):\/\/([^/?#]*)/i;
const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' };

function withPort(url: string): string {
  return url.replace(authority, (whole, scheme: string, host: string) =>
    /:\d+$/.test(host) ? whole : `${scheme}://${host}:${defaultPorts[scheme.toLowerCase()]}`,
  );
}

function withoutPort(url: string): string {
  return url.replace(authority, (_, scheme: string, host: string) => `${scheme}://${host.replace(/:\d+$/, '')}`);
}

async function digestFits(bytes: Uint8Array<ArrayBuffer>, hex: string): Promise<boolean> {
  if (!/^[0-9a-f]{64}$/i.test(hex)) return false;
  const expected = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return crypto.subtle.timingSafeEqual(await crypto.subtle.digest('SHA-256', bytes), expected);
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new TextEncoder().encode(text));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return text === '' ? null : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
