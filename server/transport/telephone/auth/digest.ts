import { createHash, timingSafeEqual } from 'node:crypto';
import { parseParams, quote, type Params } from '../message/params.ts';
import { splitOutside } from '../message/sip-message.ts';

/** The hashes of RFC 8760 that peers use, the better one first. */
export const algorithms = ['SHA-256', 'MD5'] as const;
export type Algorithm = (typeof algorithms)[number];

export interface DigestParts {
  readonly algorithm: Algorithm;
  readonly username: string;
  readonly password: string;
  readonly realm: string;
  readonly method: string;
  /** As it stands in the header. */
  readonly uri: string;
  readonly nonce: string;
  /** With `qop=auth`; without, as RFC 2069 had it. */
  readonly auth?: { readonly cnonce: string; readonly nonceCount: string };
}

/** The `response` of RFC 7616 §3.4.1. */
export function digestResponse(parts: DigestParts): string {
  const hash = (text: string): string =>
    createHash(parts.algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text, 'latin1')
      .digest('hex');
  const secret = hash(`${parts.username}:${parts.realm}:${parts.password}`);
  const request = hash(`${parts.method}:${parts.uri}`);
  const middle = parts.auth ? `${parts.nonce}:${parts.auth.nonceCount}:${parts.auth.cnonce}:auth` : parts.nonce;
  return hash(`${secret}:${middle}:${request}`);
}

/** The parameters of a `Digest` header, or undefined for another scheme. */
export function parseDigest(value: string): Params | undefined {
  const match = /^Digest\s+(.*)$/is.exec(value);
  return match ? parseParams(splitOutside(match[1] ?? '', ',')) : undefined;
}

export function parseAlgorithm(text: string | undefined): Algorithm | undefined {
  return text === undefined ? 'MD5' : algorithms.find((one) => one === text.toUpperCase());
}

export function writeDigest(values: Readonly<Record<string, string>>, bare: Readonly<Record<string, string>>): string {
  const quoted = Object.entries(values).map(([name, value]) => `${name}=${quote(value)}`);
  const plain = Object.entries(bare).map(([name, value]) => `${name}=${value}`);
  return `Digest ${[...quoted, ...plain].join(', ')}`;
}

/** In a time that does not tell where they differ. */
export function sameDigest(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a.toLowerCase()), Buffer.from(b.toLowerCase())];
  return left.length === right.length && timingSafeEqual(left, right);
}
