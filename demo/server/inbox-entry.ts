import * as v from 'valibot';
import { CrmMessage } from '../../contract/crm-message.ts';
import { EpochMs } from '../../contract/primitives.ts';

/** One webhook, as it was received. Its signature was good, or it would not be here. */
export const InboxEntry = v.object({ webhookId: v.string(), receivedAtMs: EpochMs, message: CrmMessage });
export type InboxEntry = v.InferOutput<typeof InboxEntry>;

/** `GET /crm/leads`: one card a call, newest first, with the latest that is known of it. */
export const Inbox = v.object({
  leads: v.array(v.object({ latest: InboxEntry, deliveries: v.number() })),
});
export type Inbox = v.InferOutput<typeof Inbox>;
