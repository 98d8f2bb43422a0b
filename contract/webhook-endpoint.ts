import * as v from 'valibot';
import { EpochMs, ShortText, Uuid } from './primitives.ts';
import { WebhookEventType } from './webhook-event.ts';

const Url = v.pipe(v.string(), v.maxLength(2_000));
const Events = v.pipe(
  v.array(
    v.union([v.literal('*'), WebhookEventType], 'There is no such event. docs/webhooks.md lists them; * is all.'),
  ),
  v.minLength(1, 'Name at least one event, or * for all.'),
  v.maxLength(50),
);

/** `POST /v1/businesses/:business/webhook-endpoints` */
export const NewWebhookEndpoint = v.strictObject({
  url: Url,
  events: v.optional(Events, ['*']),
  description: v.optional(ShortText, ''),
});
export type NewWebhookEndpoint = v.InferOutput<typeof NewWebhookEndpoint>;

/** `PATCH …/webhook-endpoints/:id`. What is left out stays. */
export const WebhookEndpointChange = v.strictObject({
  url: v.optional(Url),
  events: v.optional(Events),
  description: v.optional(ShortText),
  enabled: v.optional(v.boolean()),
});
export type WebhookEndpointChange = v.InferOutput<typeof WebhookEndpointChange>;

/** `POST …/webhook-endpoints/:id/rotate` */
export const SecretRotation = v.strictObject({
  /** For so long the former secret signs too. */
  overlapHours: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(168)), 24),
});

/** `POST …/webhook-endpoints/:id/replay`: everything of that time and after which the endpoint is told of. */
export const WebhookReplay = v.strictObject({
  sinceMs: EpochMs,
  /** Those too that were delivered. */
  delivered: v.optional(v.boolean(), false),
});
export type WebhookReplay = v.InferOutput<typeof WebhookReplay>;

/** A system of the owner's that is told what happens. Its secret is shown once, when it is made. */
export const WebhookEndpoint = v.object({
  id: Uuid,
  url: v.string(),
  description: v.string(),
  events: v.array(v.string()),
  /** `failed`: disabled by us, after five days without success or because the endpoint said that it is gone. */
  status: v.picklist(['enabled', 'disabled', 'failed']),
  /** Why it is not enabled. */
  reason: v.nullable(v.string()),
  createdAtMs: EpochMs,
  changedAtMs: EpochMs,
  /** Null while the last attempt went well. */
  failingSinceMs: v.nullable(EpochMs),
  /** It keeps failing and is left alone until then. */
  waitUntilMs: v.nullable(EpochMs),
  /** Until then the former secret signs too. */
  formerSecretUntilMs: v.nullable(EpochMs),
  waiting: v.number(),
  failed: v.number(),
});
export type WebhookEndpoint = v.InferOutput<typeof WebhookEndpoint>;

/** `GET …/webhook-endpoints` */
export const WebhookEndpointList = v.object({ endpoints: v.array(WebhookEndpoint) });

/** What making an endpoint, or another secret for it, answers. */
export const WebhookEndpointSecret = v.object({ endpoint: WebhookEndpoint, secret: v.string() });
export type WebhookEndpointSecret = v.InferOutput<typeof WebhookEndpointSecret>;

/** `skipped`: the endpoint was disabled when it happened. */
export const WebhookDeliveryStatus = v.picklist(['waiting', 'retrying', 'delivered', 'failed', 'skipped']);
export type WebhookDeliveryStatus = v.InferOutput<typeof WebhookDeliveryStatus>;

/** What one endpoint was told of one event, and each attempt at it. */
export const WebhookDelivery = v.object({
  id: Uuid,
  /** The `webhook-id`. */
  eventId: Uuid,
  type: v.string(),
  occurredAtMs: EpochMs,
  status: WebhookDeliveryStatus,
  /** When it is tried next. */
  nextAttemptMs: v.nullable(EpochMs),
  /** Oldest first. `status` is null where there was no answer. */
  attempts: v.array(
    v.object({ atMs: EpochMs, status: v.nullable(v.number()), tookMs: v.number(), error: v.nullable(v.string()) }),
  ),
});
export type WebhookDelivery = v.InferOutput<typeof WebhookDelivery>;

/** `GET …/webhook-endpoints/:id/deliveries`, newest first. */
export const WebhookDeliveryList = v.object({ deliveries: v.array(WebhookDelivery) });
export type WebhookDeliveryList = v.InferOutput<typeof WebhookDeliveryList>;
