import * as v from 'valibot';
import { BundleHash, Confidence, EpochMs, Locale, ShortText, Slug, Uuid } from './primitives.ts';

export const CallMode = v.picklist(['voice', 'text']);
export type CallMode = v.InferOutput<typeof CallMode>;

export const Door = v.picklist(['browser', 'phone']);
export type Door = v.InferOutput<typeof Door>;

/** The text a visitor must accept before the microphone opens. */
export const Disclosure = v.object({
  version: v.pipe(v.string(), v.maxLength(64)),
  /** Says that an AI answers and what is kept of the call. */
  text: v.pipe(v.string(), v.maxLength(2_000)),
});
export type Disclosure = v.InferOutput<typeof Disclosure>;

/** `GET /v1/businesses/:business/widget?locale=es`: what `<parley-call>` needs before a call. Public. */
export const WidgetConfig = v.object({
  business: Slug,
  businessName: ShortText,
  agentName: ShortText,
  /** Of the disclosure: the best that the playbook has for the one asked for. */
  locale: Locale,
  disclosure: Disclosure,
  privacyUrl: v.optional(v.pipe(v.string(), v.url())),
});
export type WidgetConfig = v.InferOutput<typeof WidgetConfig>;

/** `POST /v1/sessions`, from the visitor's page. */
export const SessionRequest = v.object({
  business: Slug,
  mode: CallMode,
  consent: v.object({
    accepted: v.literal(true, 'The visitor must accept the disclosure before a call.'),
    /** The version of the disclosure that was shown. */
    version: v.pipe(v.string(), v.maxLength(64)),
  }),
  /** The page the visitor was on; origin and path only, no query. */
  pageUrl: v.optional(v.pipe(v.string(), v.maxLength(500), v.url())),
  /** The visitor's IANA time zone. */
  timeZone: v.optional(v.pipe(v.string(), v.maxLength(64))),
  /** The language that the visitor was shown the disclosure in, and wants to be spoken to. */
  locale: v.optional(Locale),
});
export type SessionRequest = v.InferOutput<typeof SessionRequest>;

/** The answer to `POST /v1/sessions`: one call on one media node. */
export const Session = v.object({
  callId: Uuid,
  /** A JWT. Valid for one connection, for a minute. */
  token: v.string(),
  /** Where to open the signaling WebSocket, `ws:` or `wss:`. */
  signalingUrl: v.string(),
  expiresAtMs: EpochMs,
});
export type Session = v.InferOutput<typeof Session>;

/** Claims of the session token: JWS compact, HS256, `typ: JWT` (RFC 7519). */
export const SessionClaims = v.object({
  /** The call id; also the token's one-time id. */
  jti: Uuid,
  /** The business. */
  sub: Slug,
  /** The media node's name: a token works on one node only. */
  aud: v.pipe(v.string(), v.maxLength(100)),
  /** Seconds since the epoch, as RFC 7519 has it. */
  iat: v.number(),
  exp: v.number(),
  playbook: BundleHash,
  mode: CallMode,
  consentVersion: v.pipe(v.string(), v.maxLength(64)),
  consentAtMs: EpochMs,
  origin: v.pipe(v.string(), v.maxLength(300)),
  pageUrl: v.optional(v.pipe(v.string(), v.maxLength(500))),
  timeZone: v.optional(v.pipe(v.string(), v.maxLength(64))),
  /** The best that the playbook has for the visitor's. Absent where the page named none: then the playbook's own. */
  locale: v.optional(Locale),
});
export type SessionClaims = v.InferOutput<typeof SessionClaims>;

/** `GET /v1/node/businesses/:business/playbook`: what a call that begins now is answered with. */
export const ActivePlaybook = v.object({ hash: BundleHash });
export type ActivePlaybook = v.InferOutput<typeof ActivePlaybook>;

/** One guess of the recogniser. */
export const Hypothesis = v.object({ text: v.string(), confidence: Confidence });
export type Hypothesis = v.InferOutput<typeof Hypothesis>;

/** Claims of the token with which somebody of the business takes a call over in a browser; signed as a session's. */
export const JoinClaims = v.object({
  role: v.literal('person'),
  /** Works once. */
  jti: Uuid,
  /** The business. */
  sub: Slug,
  /** The media node's name. */
  aud: v.pipe(v.string(), v.maxLength(100)),
  /** Seconds since the epoch. */
  iat: v.number(),
  exp: v.number(),
  /** The call that waits for them. */
  call: Uuid,
});
export type JoinClaims = v.InferOutput<typeof JoinClaims>;
