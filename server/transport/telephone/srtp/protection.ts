import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { deriveKeys, KeyStream, type MasterKey } from './session-keys.ts';

/** The suites of RFC 4568 §6.2 that we speak: they differ in the length of RTP's tag. */
export const suites = ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const;
export type Suite = (typeof suites)[number];

/** Of RTP packets. RTCP's tag has 80 bits with either suite. */
export const rtpTagBytes = (suite: Suite): number => (suite === 'AES_CM_128_HMAC_SHA1_32' ? 4 : 10);
export const rtcpTagBytes = 10;

/** Encrypts and signs with the keys of one protocol and direction. */
export class Protection {
  readonly #stream: KeyStream;
  readonly #salt: Uint8Array;
  /** Bytes would be made a key with each packet, which takes seven times as long as signing it. */
  readonly #authenticationKey: KeyObject;
  readonly #start = Buffer.alloc(16);
  readonly #tail = Buffer.alloc(4);

  constructor(master: MasterKey, protocol: 'rtp' | 'rtcp') {
    const keys = deriveKeys(master, protocol);
    this.#stream = new KeyStream(keys.cipherKey);
    this.#salt = keys.salt;
    this.#authenticationKey = createSecretKey(keys.authenticationKey);
  }

  /**
   * Encrypts, or decrypts, in place.
   *
   * @param index of the packet, up to 2^48 (RFC 3711 §4.1.1).
   */
  crypt(bytes: Uint8Array, ssrc: number, index: number): void {
    const start = this.#start.fill(0);
    start.writeUInt32BE(ssrc >>> 0, 4);
    start.writeUIntBE(index, 8, 6);
    for (let at = 0; at < this.#salt.length; at += 1) start[at] = (start[at] ?? 0) ^ (this.#salt[at] ?? 0);
    const stream = this.#stream.bytes(start, bytes.length);
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = (bytes[at] ?? 0) ^ (stream[at] ?? 0);
  }

  /** @param rollovers RTP's, which is signed without being sent; undefined for RTCP. */
  tag(bytes: Uint8Array, tagBytes: number, rollovers: number | undefined): Uint8Array {
    const hmac = createHmac('sha1', this.#authenticationKey).update(bytes);
    if (rollovers !== undefined) {
      this.#tail.writeUInt32BE(rollovers);
      hmac.update(this.#tail);
    }
    return hmac.digest().subarray(0, tagBytes);
  }

  isGenuine(bytes: Uint8Array, tag: Uint8Array, rollovers: number | undefined): boolean {
    return timingSafeEqual(this.tag(bytes, tag.length, rollovers), tag);
  }
}
