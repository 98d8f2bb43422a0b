import type { CryptoAttribute } from './crypto-attribute.ts';

/** A session description (RFC 8866), as far as a telephone call needs it. */
export interface SessionDescription {
  readonly origin: { readonly sessionId: string; readonly version: string; readonly address: string };
  readonly media: readonly MediaDescription[];
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface MediaDescription {
  /** `audio`, `video` … */
  readonly kind: string;
  /** 0 refuses the stream, or switches it off. */
  readonly port: number;
  /** `RTP/AVP` … */
  readonly protocol: string;
  /** Payload types in the order of preference. */
  readonly formats: readonly number[];
  /** As given: an IP address, or a host name that is not resolved. */
  readonly address: string;
  readonly direction: Direction;
  readonly codecs: ReadonlyMap<number, SdpCodec>;
  readonly packetMs: number | undefined;
  /** Those that we speak, in the order of preference. */
  readonly crypto: readonly CryptoAttribute[];
}

export interface SdpCodec {
  /** Upper case, as `PCMU`. */
  readonly name: string;
  readonly clockRateHz: number;
  /** Where it is not one. Opus always says two (RFC 7587 §7). */
  readonly channels?: number;
  readonly parameters: string;
}

/** Payload types that need no rtpmap (RFC 3551 §6). */
export const staticCodecs: ReadonlyMap<number, SdpCodec> = new Map([
  [0, { name: 'PCMU', clockRateHz: 8_000, parameters: '' }],
  [8, { name: 'PCMA', clockRateHz: 8_000, parameters: '' }],
  [13, { name: 'CN', clockRateHz: 8_000, parameters: '' }],
]);
