import * as v from 'valibot';
import { EndReason, OutcomeName } from './call-event.ts';
import { CallNote } from './call-note.ts';
import { Lead } from './lead.ts';
import { EpochMs, PhoneNumber, Slug, Uuid } from './primitives.ts';
import { Appointment } from './scheduling.ts';
import { Door } from './session.ts';

/**
 * The body of the CRM webhook, signed as Standard Webhooks (`webhook-id`, `webhook-timestamp`,
 * `webhook-signature: v1,…`). `webhook-id` stays the same over retries: use it to drop repeats.
 * `call.completed` comes once a call; what is learnt of it later comes as `lead.updated`.
 */
export const CrmMessage = v.object({
  type: v.picklist(['lead.updated', 'call.completed']),
  /** ISO 8601, UTC. */
  timestamp: v.pipe(v.string(), v.isoTimestamp()),
  data: v.object({
    business: Slug,
    callId: Uuid,
    lead: Lead,
    appointments: v.array(Appointment),
    /** The call in short, once it is over. */
    note: v.optional(CallNote),
    call: v.object({
      /** These three since they are sent: older messages are without. */
      door: v.optional(Door),
      direction: v.optional(v.picklist(['inbound', 'outbound'])),
      /** On a call by phone: the number of the other side, unless it was withheld. */
      customerNumber: v.optional(PhoneNumber),
      startMs: EpochMs,
      endMs: v.nullable(EpochMs),
      endReason: v.nullable(EndReason),
      outcome: v.nullable(OutcomeName),
      transcript: v.array(v.object({ who: v.picklist(['agent', 'caller']), atMs: EpochMs, text: v.string() })),
    }),
  }),
});
export type CrmMessage = v.InferOutput<typeof CrmMessage>;

/**
 * Another message to the same webhook: an appointment that staff booked without a call, as it stands after each change. Those
 * that a call booked come with the call.
 */
export const AppointmentMessage = v.object({
  type: v.literal('appointment.changed'),
  /** ISO 8601, UTC. */
  timestamp: v.pipe(v.string(), v.isoTimestamp()),
  data: v.object({ business: Slug, appointment: Appointment, changedAtMs: EpochMs }),
});
export type AppointmentMessage = v.InferOutput<typeof AppointmentMessage>;
