import * as v from 'valibot';
import { Delivery } from './call-record.ts';
import { DurationMs, EpochMs, Uuid } from './primitives.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** One delivery beside the call it belongs to, or the appointment that no call booked. */
export const ListedDelivery = v.object({
  ...Delivery.entries,
  callId: v.nullable(Uuid),
  appointmentId: v.optional(Uuid),
});
export type ListedDelivery = v.InferOutput<typeof ListedDelivery>;

/** How one destination is doing. */
export const DestinationHealth = v.object({
  destination: v.string(),
  /** In a row; 0 when the last attempt went well. */
  failures: count,
  /** It is left alone until then. */
  waitUntilMs: v.nullable(EpochMs),
  queued: count,
  retrying: count,
  dead: count,
  /** From the event to its writing in the CRM, of the newest thousand that were written. Null before the first. */
  lag: v.nullable(v.object({ count, p50Ms: DurationMs, p95Ms: DurationMs, maxMs: DurationMs })),
});
export type DestinationHealth = v.InferOutput<typeof DestinationHealth>;

/** `GET /v1/businesses/:business/deliveries`: the newest first. Staff only. */
export const DeliveryList = v.object({
  deliveries: v.array(ListedDelivery),
  destinations: v.array(DestinationHealth),
});
export type DeliveryList = v.InferOutput<typeof DeliveryList>;

/** `GET /v1/businesses/:business/deliveries/:id`: with the message it carries. */
export const DeliveryDetail = v.object({ ...ListedDelivery.entries, message: v.unknown() });
export type DeliveryDetail = v.InferOutput<typeof DeliveryDetail>;
