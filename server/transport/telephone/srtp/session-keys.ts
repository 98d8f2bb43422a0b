import { createCipheriv } from 'node:crypto';

/** What both sides of a stream share (RFC 3711 §8.2): 16 bytes of key, 14 of salt. */
export interface MasterKey {
  readonly key: Uint8Array;
  readonly salt: Uint8Array;
}

export const masterKeyBytes = 16;
export const masterSaltBytes = 14;

/** The keys that packets are made safe with. */
export interface SessionKeys {
  readonly cipherKey: Uint8Array;
  readonly authenticationKey: Uint8Array;
  readonly salt: Uint8Array;
}

const blockBytes = 16;
/** Where RTP's labels begin, and RTCP's (RFC 3711 §4.3.2). */
const firstLabels = { rtp: 0, rtcp: 3 } as const;

/** RFC 3711 §4.3.1, with a key derivation rate of 0: once a call. */
export function deriveKeys(master: MasterKey, protocol: keyof typeof firstLabels): SessionKeys {
  const first = firstLabels[protocol];
  const derive = (label: number, bytes: number): Uint8Array => {
    const start = new Uint8Array(blockBytes);
    start.set(master.salt);
    start[7] = (start[7] ?? 0) ^ label;
    return new KeyStream(master.key).bytes(start, bytes);
  };
  return { cipherKey: derive(first, 16), authenticationKey: derive(first + 1, 20), salt: derive(first + 2, 14) };
}

/**
 * AES in counter mode (RFC 3711 §4.1.1). By single blocks, so that one cipher serves the whole call: making one for each
 * packet takes several times as long.
 */
export class KeyStream {
  readonly #cipher;
  #counters = Buffer.alloc(0);

  constructor(key: Uint8Array) {
    this.#cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
  }

  /** @param start the first counter block, whose last two bytes are 0. */
  bytes(start: Uint8Array, count: number): Uint8Array {
    const blocks = Math.ceil(count / blockBytes);
    if (this.#counters.length < blocks * blockBytes) this.#counters = Buffer.alloc(blocks * blockBytes);
    for (let block = 0; block < blocks; block += 1) {
      this.#counters.set(start, block * blockBytes);
      this.#counters.writeUInt16BE(block, block * blockBytes + blockBytes - 2);
    }
    return this.#cipher.update(this.#counters.subarray(0, blocks * blockBytes)).subarray(0, count);
  }
}
