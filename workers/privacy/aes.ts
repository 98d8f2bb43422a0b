import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { SealError } from './seal-error.ts';

/**
 * AES-256-GCM (NIST SP 800-38D) without waiting. A Durable Object's transactions are synchronous, so what is written in
 * one has to be sealed in it; WebCrypto has nothing that is not a promise. `nodejs_compat` brings node:crypto.
 */
export const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const cipher = 'aes-256-gcm';

const utf8 = new TextEncoder();

/** The nonce, the ciphertext, the tag. `context` is authenticated with them and not kept. */
export function encrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  text: Uint8Array,
  context: string,
): Uint8Array<ArrayBuffer> {
  const sealed = new Uint8Array(nonceBytes + text.length + tagBytes);
  const aes = createCipheriv(cipher, key, nonce).setAAD(utf8.encode(context));
  sealed.set(nonce);
  sealed.set(aes.update(text), nonceBytes);
  aes.final();
  sealed.set(aes.getAuthTag(), nonceBytes + text.length);
  return sealed;
}

export function decrypt(key: Uint8Array, sealed: Uint8Array, context: string): Uint8Array {
  if (sealed.length < nonceBytes + tagBytes) throw new SealError('This is no sealed value.');
  const end = sealed.length - tagBytes;
  try {
    const aes = createDecipheriv(cipher, key, sealed.subarray(0, nonceBytes)).setAAD(utf8.encode(context));
    aes.setAuthTag(sealed.subarray(end));
    const text = aes.update(sealed.subarray(nonceBytes, end));
    aes.final();
    return text;
  } catch (cause) {
    throw new SealError('The sealed value was changed, or sealed with another key or for another purpose.', { cause });
  }
}

/** HMAC-SHA-256 over the parts, each of which ends where it ends: their lengths count. */
export function mac(key: Uint8Array, ...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const hmac = createHmac('sha256', key);
  for (const part of parts) {
    const bytes = typeof part === 'string' ? utf8.encode(part) : part;
    hmac.update(new Uint8Array(new Uint32Array([bytes.length]).buffer)).update(bytes);
  }
  return hmac.digest();
}

/**
 * A nonce that the content decides: another content or another context has another one, and the same again is sealed to the
 * same bytes, which tells nothing but that. 96 bits of HMAC-SHA-256.
 */
export const nonceFor = (key: Uint8Array, context: string, text: Uint8Array): Uint8Array =>
  mac(key, context, text).subarray(0, nonceBytes);
