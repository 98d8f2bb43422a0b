import * as v from 'valibot';
import { EpochMs, PhoneNumber, Slug, Uuid } from './primitives.ts';

/** Systems that may tell us of changes. `standard` is any system of the owner's (standardwebhooks.com). */
export const WebhookSource = v.picklist(['standard', 'hubspot', 'pipedrive', 'salesforce', 'calcom']);
export type WebhookSource = v.InferOutput<typeof WebhookSource>;

/** `PUT /v1/businesses/:business/webhook-sources/:source`. What the sender proves itself with. */
export const WebhookSecret = v.object({
  /**
   * `standard`: `whsec_…`. HubSpot: the app's client secret. Cal.com: the webhook's secret. Pipedrive: `user:password` of the
   * webhook's HTTP authentication. Salesforce: the `token` in the URL of the outbound message.
   */
  secret: v.pipe(v.string(), v.minLength(8), v.maxLength(500)),
});

export const WebhookSourceState = v.object({
  source: WebhookSource,
  url: v.string(),
  changedMs: EpochMs,
  /** The last one that was good, and the last that was refused. */
  lastReceivedMs: v.nullable(EpochMs),
  lastRefusal: v.nullable(v.object({ atMs: EpochMs, reason: v.string() })),
  /** Taken, and not applied: the reason in words. */
  failed: v.array(v.object({ id: v.string(), receivedMs: EpochMs, error: v.string() })),
});
export type WebhookSourceState = v.InferOutput<typeof WebhookSourceState>;

/** A webhook that was proven good and is not applied: it could not be read, or waits for its turn. */
export const InboxWebhook = v.object({
  id: Uuid,
  source: WebhookSource,
  receivedAtMs: EpochMs,
  status: v.picklist(['waiting', 'failed', 'done']),
  error: v.nullable(v.string()),
});
export type InboxWebhook = v.InferOutput<typeof InboxWebhook>;

/** `GET /v1/businesses/:business/webhook-inbox`: those that are not applied, newest first. */
export const WebhookInbox = v.object({ webhooks: v.array(InboxWebhook) });
export type WebhookInbox = v.InferOutput<typeof WebhookInbox>;

/** `GET …/webhook-inbox/:id`: with what it says. */
export const InboxWebhookDetail = v.object({ ...InboxWebhook.entries, body: v.string() });
export type InboxWebhookDetail = v.InferOutput<typeof InboxWebhookDetail>;

/** `POST /v1/node/people/find`: who calls from a number, as far as it is known. */
export const PersonQuery = v.object({ business: Slug, phone: PhoneNumber });

export const KnownPerson = v.object({
  name: v.nullable(v.string()),
  email: v.nullable(v.string()),
  company: v.nullable(v.string()),
  /** When we last spoke, if ever. */
  lastCallMs: v.nullable(EpochMs),
  calls: v.number(),
});
export type KnownPerson = v.InferOutput<typeof KnownPerson>;

export const PersonAnswer = v.object({ person: v.nullable(KnownPerson) });
export type PersonAnswer = v.InferOutput<typeof PersonAnswer>;
