import * as v from 'valibot';
import { AppointmentMessage, CrmMessage } from '../../contract/crm-message.ts';
import { EpochMs } from '../../contract/primitives.ts';

/** What Parley tells the CRM: of a call, or of an appointment that staff booked without one. */
export const InboxMessage = v.variant('type', [CrmMessage, AppointmentMessage]);
export type InboxMessage = v.InferOutput<typeof InboxMessage>;

/** One webhook, as it was received. Its signature was good, or it would not be here. */
export const InboxEntry = v.object({ webhookId: v.string(), receivedAtMs: EpochMs, message: InboxMessage });
export type InboxEntry = v.InferOutput<typeof InboxEntry>;

/** `GET /crm/leads`: one card a call or appointment, newest first, with the latest that is known of it. */
export const Inbox = v.object({
  leads: v.array(v.object({ latest: InboxEntry, deliveries: v.number() })),
});
export type Inbox = v.InferOutput<typeof Inbox>;

/** Which card a message belongs to, and where it stands among the others. */
export function cardOf(message: InboxMessage): { readonly id: string; readonly atMs: number } {
  if (message.type !== 'appointment.changed') return { id: message.data.callId, atMs: message.data.call.startMs };
  return { id: message.data.appointment.id, atMs: message.data.changedAtMs };
}
