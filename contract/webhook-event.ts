import * as v from 'valibot';
import { CallBack } from './call-back.ts';
import { CrmMessage } from './crm-message.ts';
import { Lead } from './lead.ts';
import { EpochMs, Slug, Uuid } from './primitives.ts';
import { Appointment } from './scheduling.ts';

const { business: _, ...wholeCall } = CrmMessage.entries.data.entries;
const appointment = v.object({ appointment: Appointment });
const callBack = v.object({ callBack: CallBack });

/** What an owner's own system can be told, and what `data` holds of it: how things are when it is sent. */
export const webhookEvents = {
  /** A call began, or was placed and is ringing. */
  'call.started': v.object({
    callId: Uuid,
    call: v.pick(CrmMessage.entries.data.entries.call, ['door', 'direction', 'customerNumber', 'startMs']),
  }),
  /** A call is over. One that was closed as `interrupted` and comes back ends once more. */
  'call.ended': v.object(wholeCall),
  /** There is a name and a way to reach the person, or the lead came to another stage; `booked` is told with the appointment. */
  'lead.updated': v.object({ callId: Uuid, lead: Lead, appointments: v.array(Appointment) }),
  'appointment.booked': appointment,
  /** On a call, by staff or in a calendar elsewhere. */
  'appointment.moved': v.object({ fromMs: EpochMs, startMs: EpochMs, appointment: Appointment }),
  'appointment.cancelled': appointment,
  /** The customer said that they will be there. */
  'appointment.confirmed': appointment,
  /** A call back was promised. */
  'call-back.created': callBack,
  /** Somebody of the business says that they made it. */
  'call-back.done': callBack,
  /** A message to a CRM or to another endpoint was given up. */
  'delivery.failed': v.object({
    deliveryId: Uuid,
    /** `webhook`, a CRM by name, or `endpoint`. */
    destination: v.string(),
    /** Where the destination is an endpoint. */
    endpointId: v.nullable(Uuid),
    /** What it would have told. */
    type: v.string(),
    attempts: v.number(),
    error: v.string(),
  }),
  /** Another endpoint is sent nothing any more. */
  'webhook.disabled': v.object({ endpointId: Uuid, reason: v.string() }),
  /** Sent when somebody asks for it, to that endpoint alone. */
  'webhook.test': v.object({ message: v.string() }),
} as const;

export type WebhookEventType = keyof typeof webhookEvents;

const typeNames = Object.keys(webhookEvents) as [WebhookEventType, ...WebhookEventType[]];
export const WebhookEventType = v.picklist(typeNames);

/**
 * The body of a webhook to an owner's own system, signed as Standard Webhooks. `id` is also the `webhook-id`, and stays
 * the same over retries and replays.
 */
export const webhookEventOf = <D extends v.GenericSchema>(type: WebhookEventType, data: D) =>
  v.object({
    id: Uuid,
    type: v.literal(type),
    /** ISO 8601, UTC. */
    occurredAt: v.pipe(v.string(), v.isoTimestamp()),
    business: Slug,
    data,
  });

export const WebhookEvent = v.variant(
  'type',
  typeNames.map((type) => webhookEventOf<v.GenericSchema>(type, webhookEvents[type])),
);

export type WebhookEventData = { [T in WebhookEventType]: v.InferOutput<(typeof webhookEvents)[T]> };
