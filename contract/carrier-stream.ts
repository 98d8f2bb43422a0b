import * as v from 'valibot';
import { BundleHash, PhoneNumber, Slug, Uuid } from './primitives.ts';

/** Whose media streams are understood. */
export const Carrier = v.picklist(['twilio', 'telnyx']);
export type Carrier = v.InferOutput<typeof Carrier>;

/** How a carrier names one call: Twilio's `CallSid`, Telnyx's call control id. */
export const CarrierCallId = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** Under this name a stream's own parameters carry the token. */
export const streamTokenName = 'token';

/** Where a media node takes the streams of a carrier. */
export const streamPath = (carrier: Carrier): string => `/v1/streams/${carrier}`;

/** Claims of the token that lets a carrier's media stream in: JWS compact, HS256, for one stream (RFC 7519). */
export const StreamClaims = v.object({
  /** No session token has it: neither opens the other's door. */
  use: v.literal('carrier-stream'),
  /** The call id; also the token's one-time id. */
  jti: Uuid,
  /** The business. */
  sub: Slug,
  /** The media node's name. */
  aud: v.pipe(v.string(), v.maxLength(100)),
  /** Seconds since the epoch. */
  iat: v.number(),
  exp: v.number(),
  playbook: BundleHash,
  carrier: Carrier,
  carrierCallId: CarrierCallId,
  /** Who calls, where they show it, and what they dialled. */
  callerNumber: v.optional(PhoneNumber),
  dialledNumber: v.optional(PhoneNumber),
});
export type StreamClaims = v.InferOutput<typeof StreamClaims>;
