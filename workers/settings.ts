import * as v from 'valibot';
import { Slug } from '../contract/primitives.ts';
import type { Env } from './env.ts';
import { MediaNode } from './session/placement.ts';
import { CarrierAccount } from './telephony/carriers/accounts.ts';

const key = v.pipe(v.string('is not set'), v.minLength(16, 'must have at least 16 characters'));

const MasterKeyText = v.pipe(
  v.string('is not set: make one with openssl rand -base64 32, and keep it safe'),
  v.trim(),
  v.regex(/^[A-Za-z0-9+/_-]{43}=?$/, 'must be 32 bytes in base64: openssl rand -base64 32'),
);

const json = v.rawTransform<string, unknown>(({ dataset, addIssue, NEVER }) => {
  try {
    const value: unknown = JSON.parse(dataset.value);
    return value;
  } catch {
    addIssue({ message: 'must be JSON' });
    return NEVER;
  }
});

const SettingsSchema = v.object({
  NODE_KEY: key,
  STAFF_KEY: key,
  /** Signs session tokens: RFC 7518 §3.2 wants 32 bytes or more for HS256. */
  SESSION_KEY: v.pipe(v.string('is not set'), v.minBytes(32, 'must have at least 32 bytes')),
  /** Wraps the key that each business's data is sealed with. Lost, all of it is lost. */
  MASTER_KEY: MasterKeyText,
  /** The one before, while it is replaced: what it wrapped is wrapped anew. */
  MASTER_KEY_BEFORE: v.optional(MasterKeyText),
  /** For when no node has reported to the fleet. */
  MEDIA_NODES: v.pipe(
    v.optional(v.string(), '[]'),
    json,
    v.array(MediaNode, 'must be a list of {"name", "signalingUrl"}'),
  ),
  /** Whose webhooks bring calls: a JSON list. A secret. */
  CARRIER_ACCOUNTS: v.pipe(
    v.optional(v.string(), '[]'),
    json,
    v.array(CarrierAccount, 'must be a list of {"carrier", "name", "authToken" or "publicKey"}'),
    v.maxLength(20, 'may have 20 accounts'),
  ),
  /** What carriers' callers dial, and the business that it belongs to: JSON, as {"+17205550100": "ridgeline-roofing"}. */
  PHONE_NUMBERS: v.pipe(
    v.optional(v.string(), '{}'),
    json,
    v.record(v.pipe(v.string(), v.maxLength(64)), Slug, 'must map numbers as +17205550100 to businesses'),
  ),
  /** Where callers reach this Worker; the base of invitation links. */
  PUBLIC_URL: v.pipe(
    v.string('is not set'),
    v.url('must be a URL'),
    v.transform((url) => url.replace(/\/+$/, '')),
  ),
  /** Before the first retry of a CRM delivery, seconds. Doubles with each one after it. */
  CRM_RETRY_BASE_SECONDS: v.optional(
    v.pipe(
      v.string(),
      v.digits('must be whole seconds'),
      v.transform(Number),
      v.maxValue(3_600, 'must be at most 3600'),
    ),
    '5',
  ),
  /** Whether webhooks may go to this machine, and without TLS there. For development. */
  WEBHOOK_LOOPBACK: v.optional(v.picklist(['allowed', 'refused'], 'must be allowed or refused'), 'refused'),
  /** Whether owners' calendars and mail servers may be on this machine or in a private network, and without TLS. */
  PRIVATE_ADDRESSES: v.optional(v.picklist(['allowed', 'refused'], 'must be allowed or refused'), 'refused'),
  /** Tells where a name that an owner gave leads, over HTTPS, before it is used. Without it names are not looked up. */
  DNS_RESOLVER_URL: v.optional(
    v.pipe(v.string(), v.url('must be a URL'), v.startsWith('https:', 'must be an https: URL')),
  ),
  /**
   * Whether `CF-Connecting-IP` is set by Cloudflare, which overwrites what a client sends, or may be
   * the client's own invention. In the latter case all clients share one rate limit.
   */
  CLIENT_ADDRESS: v.optional(v.picklist(['cloudflare', 'shared'], 'must be cloudflare or shared'), 'shared'),
});
export type Settings = v.InferOutput<typeof SettingsSchema>;

/** The Worker was deployed without something it needs. Names the variable, never its value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const checked = new WeakMap<Env, Settings>();

/** The Worker's settings, checked once for each `env`. */
export function settingsOf(env: Env): Settings {
  const known = checked.get(env);
  if (known !== undefined) return known;
  const result = v.safeParse(SettingsSchema, env);
  if (!result.success) {
    const faults = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'env'} ${issue.message}`);
    throw new SettingsError(`The control plane's settings are wrong: ${faults.join('; ')}.`);
  }
  checked.set(env, result.output);
  return result.output;
}
