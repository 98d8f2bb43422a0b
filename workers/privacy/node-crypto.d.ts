/** What workerd has of node:crypto and this program uses. All of Node's types would change those of the runtime. */
declare module 'node:crypto' {
  interface Encipher {
    setAAD(context: Uint8Array): this;
    update(bytes: Uint8Array): Uint8Array;
    final(): Uint8Array;
    getAuthTag(): Uint8Array;
  }
  interface Decipher {
    setAAD(context: Uint8Array): this;
    setAuthTag(tag: Uint8Array): this;
    update(bytes: Uint8Array): Uint8Array;
    final(): Uint8Array;
  }
  interface Mac {
    update(bytes: Uint8Array): this;
    digest(): Uint8Array;
  }
  export function createCipheriv(cipher: 'aes-256-gcm', key: Uint8Array, nonce: Uint8Array): Encipher;
  export function createDecipheriv(cipher: 'aes-256-gcm', key: Uint8Array, nonce: Uint8Array): Decipher;
  export function createHmac(hash: 'sha256', key: Uint8Array): Mac;
}
