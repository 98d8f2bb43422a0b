import * as v from 'valibot';
import { Slug, Uuid } from '../../contract/primitives.ts';

/** What the queue carries: the webhook itself stays with its business. */
export const WebhookTask = v.object({ business: Slug, webhookId: Uuid });
export type WebhookTask = v.InferOutput<typeof WebhookTask>;
