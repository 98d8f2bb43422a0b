import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { decrypt as decryptNow, encrypt as encryptNow, keyBytes } from './aes.ts';
import { SealError } from './seal-error.ts';

/**
 * Envelope encryption. The master key, a secret of the deployment, wraps one random data key for each
 * business; the data key seals values. Who destroys a wrapped data key has destroyed all it sealed.
 *
 * AES-256-GCM, a fresh 96-bit nonce each time (NIST SP 800-38D §8.2.2), a 128-bit tag. A sealed text is
 * `v1.<nonce, ciphertext and tag>`, a wrapped key `k1.<master key id>.<nonce, ciphertext and tag>`, in base64url.
 * What a value is sealed *for* is authenticated with it, so that it cannot be moved elsewhere.
 */
export interface MasterKey {
  /** The first four bytes of the key's SHA-256, in hex: says which key wrapped a data key, and nothing about it. */
  readonly id: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface DataKey {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const nonceBytes = 12;
const tagBytes = 16;
const algorithm = 'AES-GCM';
const notSealed = 'This is no sealed value.';

/** The master key from its text, 32 bytes in base64 or base64url. */
export function readMasterKey(text: string): MasterKey {
  const bytes = decode(text.trim());
  if (bytes?.length !== keyBytes) throw new SealError(`The master key must be ${keyBytes} bytes in base64.`);
  return { id: bytesToHex(sha256(bytes).subarray(0, 4)), bytes };
}

/** A new data key for `business`: to be used now, and wrapped to be kept. */
export function makeDataKey(master: MasterKey, business: string): { key: DataKey; wrapped: string } {
  const key = { bytes: crypto.getRandomValues(new Uint8Array(keyBytes)) };
  return { key, wrapped: wrapDataKey(master, business, key) };
}

export function wrapDataKey(master: MasterKey, business: string, { bytes }: DataKey): string {
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
  return `k1.${master.id}.${encode(encryptNow(master.bytes, nonce, bytes, keyContext(business)))}`;
}

/** The data key of `business` that `wrapDataKey` wrapped. */
export function unwrapDataKey(master: MasterKey, business: string, wrapped: string): DataKey {
  const [version, masterId, body = ''] = wrapped.split('.');
  const bytes = decode(body);
  if (version !== 'k1' || masterId === undefined || bytes === null) throw new SealError('This is no wrapped data key.');
  if (masterId !== master.id) {
    throw new SealError(
      `The data key was wrapped by master key ${masterId}, the present one is ${master.id}. Bring the former back.`,
    );
  }
  return { bytes: new Uint8Array(decryptNow(master.bytes, bytes, keyContext(business))) };
}

/** The id of the master key that wrapped a data key. */
export const wrapperOf = (wrapped: string): string => wrapped.split('.')[1] ?? '';

/** Seals bytes for one purpose, as `recording <callId> 3`: the nonce, then the ciphertext with its tag. */
export async function sealBytes(
  { bytes: key }: DataKey,
  purpose: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return encrypt(await importKey(key), bytes, purpose);
}

/** Opens what was sealed for the same purpose. */
export async function openBytes(
  { bytes: key }: DataKey,
  purpose: string,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return decrypt(await importKey(key), sealed, purpose);
}

/** As `sealBytes`, of text and as text. */
export async function sealText(key: DataKey, purpose: string, text: string): Promise<string> {
  return `v1.${encode(await sealBytes(key, purpose, utf8(text)))}`;
}

export async function openText(key: DataKey, purpose: string, sealed: string): Promise<string> {
  const [version, body = '', ...more] = sealed.split('.');
  const bytes = decode(body);
  if (version !== 'v1' || bytes === null || more.length > 0) throw new SealError(notSealed);
  return new TextDecoder().decode(await openBytes(key, purpose, bytes));
}

const keyContext = (business: string): string => `data-key ${business}`;

async function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, algorithm, false, ['encrypt', 'decrypt']);
}

async function encrypt(
  key: CryptoKey,
  bytes: Uint8Array<ArrayBuffer>,
  context: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const iv = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const additionalData = utf8(context);
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt({ name: algorithm, iv, additionalData }, key, bytes));
  const sealed = new Uint8Array(nonceBytes + ciphertext.length);
  sealed.set(iv);
  sealed.set(ciphertext, nonceBytes);
  return sealed;
}

async function decrypt(
  key: CryptoKey,
  sealed: Uint8Array<ArrayBuffer>,
  context: string,
): Promise<Uint8Array<ArrayBuffer>> {
  if (sealed.length < nonceBytes + tagBytes) throw new SealError(notSealed);
  const iv = sealed.subarray(0, nonceBytes);
  const additionalData = utf8(context);
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: algorithm, iv, additionalData }, key, sealed.subarray(nonceBytes)),
    );
  } catch (cause) {
    throw new SealError('The sealed value was changed, or sealed with another key or for another purpose.', { cause });
  }
}

/** The copy is typed: its memory is shared with nobody. */
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));

const encode = (bytes: Uint8Array): string => bytes.toBase64({ alphabet: 'base64url', omitPadding: true });

function decode(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.fromBase64(text.replaceAll('+', '-').replaceAll('/', '_'), { alphabet: 'base64url' });
  } catch {
    return null;
  }
}
