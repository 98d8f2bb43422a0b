import * as v from 'valibot';
import { BundleHash, PhoneNumber, Slug, Uuid } from './primitives.ts';

/** Whose media streams are understood. */
export const Carrier = v.picklist(['twilio', 'telnyx']);
export type Carrier = v.InferOutput<typeof Carrier>;

/** How a carrier names one call: Twilio's `CallSid`, Telnyx's call control id. */
export const CarrierCallId = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** A stream's parameter holds fewer than 500 characters with its name (Twilio): a token takes several. */
const parameterLength = 450;
const tokenParts = ['token-1', 'token-2', 'token-3', 'token-4'] as const;
const part = v.optional(v.pipe(v.string(), v.maxLength(500)), '');

/** A stream's own parameters, of which only the token counts; made of it again. Empty where there is none. */
export const TokenParameters = v.pipe(
  v.optional(v.object({ 'token-1': part, 'token-2': part, 'token-3': part, 'token-4': part }), {}),
  v.transform((parts) => tokenParts.map((name) => parts[name]).join('')),
);

/** What a stream is to be given so that it carries the token. */
export function tokenParameters(token: string): Record<string, string> {
  const parts = tokenParts.map((name, n) => [name, token.slice(n * parameterLength, (n + 1) * parameterLength)]);
  return Object.fromEntries(parts.filter(([, text]) => text !== ''));
}

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
