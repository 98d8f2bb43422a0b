import * as v from 'valibot';
import { CallNote } from './call-note.ts';
import { CallEvent, EndReason, OutcomeName } from './call-event.ts';
import { Lead, LeadStage } from './lead.ts';
import { BundleHash, EpochMs, Slug, Uuid } from './primitives.ts';
import { Recording } from './recording.ts';
import { Appointment } from './scheduling.ts';
import { CallMode, Door } from './session.ts';

/** One push to the owner's CRM. */
export const Delivery = v.object({
  id: Uuid,
  /** `webhook`, or a CRM by name. */
  destination: v.string(),
  /** As `lead.created`, `lead.updated`. */
  type: v.string(),
  status: v.picklist(['queued', 'delivered', 'retrying', 'dead']),
  attempts: v.number(),
  /** When what it tells happened, and when it was written down. */
  eventAtMs: EpochMs,
  createdAtMs: EpochMs,
  deliveredAtMs: v.nullable(EpochMs),
  lastStatus: v.nullable(v.number()),
  lastError: v.nullable(v.string()),
});
export type Delivery = v.InferOutput<typeof Delivery>;

/** A line of the list of calls, newest first. */
export const CallSummary = v.object({
  callId: Uuid,
  door: Door,
  mode: CallMode,
  playbook: BundleHash,
  startMs: EpochMs,
  endMs: v.nullable(EpochMs),
  endReason: v.nullable(EndReason),
  outcome: v.nullable(OutcomeName),
  leadName: v.nullable(v.string()),
  score: v.nullable(v.number()),
  stage: v.nullable(LeadStage),
});
export type CallSummary = v.InferOutput<typeof CallSummary>;

export const CallList = v.object({ calls: v.array(CallSummary), nextCursor: v.nullable(v.string()) });
export type CallList = v.InferOutput<typeof CallList>;

/** `GET /v1/businesses/:business/calls/:callId`: everything that is known of a call. Staff only. */
export const CallRecord = v.object({
  business: Slug,
  summary: CallSummary,
  consent: v.nullable(
    v.object({
      version: v.string(),
      text: v.string(),
      textSha256: v.string(),
      acceptedAtMs: EpochMs,
      origin: v.string(),
      userAgent: v.string(),
    }),
  ),
  events: v.array(CallEvent),
  lead: v.nullable(Lead),
  appointments: v.array(Appointment),
  deliveries: v.array(Delivery),
  /** The call in short. Absent while it goes on. */
  note: v.optional(CallNote),
  /** Absent: nothing is kept of its sound. */
  recording: v.optional(Recording),
});
export type CallRecord = v.InferOutput<typeof CallRecord>;
