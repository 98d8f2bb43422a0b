import * as v from 'valibot';
import { CallTarget } from './call-target.ts';
import { BundleHash, EpochMs, ShortText, Slug, Uuid } from './primitives.ts';
import { CallPurpose } from './purpose.ts';
import { Attendee, LocalDate, LocalTime, Weekday } from './scheduling.ts';

/** How a call that we placed was met. */
export const Disposition = v.picklist([
  /** By a person, at once or past a screening. */
  'answered',
  /** A machine answered and has our message. */
  'voicemail-left',
  'no-answer',
  'busy',
  /** Declined: not to be tried again. */
  'rejected',
  /** An assistant asked who calls, and put nobody through. */
  'screened',
  'invalid-number',
  /** For any other reason, ours or the network's. */
  'failed',
]);
export type Disposition = v.InferOutput<typeof Disposition>;

/** Who has picked up. */
export const AnsweredBy = v.picklist(['person', 'machine', 'screening']);
export type AnsweredBy = v.InferOutput<typeof AnsweredBy>;

const count = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

/** When and how often a business calls people. Part of the playbook bundle. */
export const OutboundRules = v.object({
  /** On the callee's clock. */
  hours: v.array(v.object({ days: v.array(Weekday), from: LocalTime, to: LocalTime })),
  /** Nobody is called on these dates, beside those the business is closed on. */
  notOn: v.array(LocalDate),
  /** Dials for one order. */
  attempts: count(1, 10),
  /** Between two dials of one number that nobody answered. */
  spacingMin: count(0, 10_080),
  /** Dials a day, on the business's clock. */
  perDay: count(1, 100_000),
  /** Calls at the same time. */
  concurrent: count(1, 100),
  ringS: count(5, 120),
  /** Whether a message is left on an answering machine. */
  leaveMessage: v.boolean(),
});
export type OutboundRules = v.InferOutput<typeof OutboundRules>;

/** 8 to 21 h, as 47 CFR 64.1200(c)(1) has it for the United States. */
export const defaultOutboundRules: OutboundRules = {
  hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', to: '21:00' }],
  notOn: [],
  attempts: 3,
  spacingMin: 240,
  perDay: 100,
  concurrent: 2,
  ringS: 30,
  leaveMessage: true,
};

/** Why this person may be called. Recorded as it was claimed; nobody can check it from here. */
const Consent = v.object({
  basis: v.picklist(['express-written', 'express', 'existing-customer', 'asked-for-the-call']),
  /** Where the proof is, as "form of 3 March". */
  note: v.optional(ShortText),
  atMs: v.optional(EpochMs),
});
export type Consent = v.InferOutput<typeof Consent>;

const ordered = {
  business: Slug,
  to: CallTarget,
  /** Not dialled before and not after; a week is the most. */
  notBeforeMs: v.optional(EpochMs),
  notAfterMs: v.optional(EpochMs),
  /** Absent: the one that is active when the call is placed. */
  playbook: v.optional(BundleHash),
};
const askedFor = v.optional(Consent, { basis: 'asked-for-the-call' });

/** `POST /v1/calls`, staff, with an `Idempotency-Key`. */
export const CallOrderRequest = v.variant('purpose', [
  v.object({
    ...ordered,
    purpose: v.literal('outreach'),
    contact: Attendee,
    /** One of the playbook's `scenarios.outreach`. */
    reason: Slug,
    consent: Consent,
  }),
  v.object({
    ...ordered,
    purpose: v.literal('confirm-appointment'),
    appointmentId: Uuid,
    consent: askedFor,
  }),
  v.object({
    ...ordered,
    purpose: v.literal('call-back'),
    contact: Attendee,
    /** The call that promised it, where one did. */
    callId: v.optional(Uuid),
    consent: askedFor,
  }),
]);
export type CallOrderRequest = v.InferOutput<typeof CallOrderRequest>;

/** Which rule keeps a call from being placed. */
export const CallRule = v.picklist([
  'calling-hours',
  'unknown-zone',
  'do-not-call',
  'spacing',
  'attempts',
  'daily-cap',
  'window-over',
]);
export type CallRule = v.InferOutput<typeof CallRule>;

export const CallRefusal = v.object({
  rule: CallRule,
  message: v.string(),
  /** When it would be allowed; null: not by waiting. */
  allowedFromMs: v.nullable(EpochMs),
});
export type CallRefusal = v.InferOutput<typeof CallRefusal>;

/** One dial. */
export const CallAttempt = v.object({
  callId: Uuid,
  node: ShortText,
  startMs: EpochMs,
  endMs: v.nullable(EpochMs),
  disposition: v.nullable(Disposition),
});
export type CallAttempt = v.InferOutput<typeof CallAttempt>;

/** An order and what became of it. */
export const CallOrder = v.object({
  id: Uuid,
  request: CallOrderRequest,
  status: v.picklist(['waiting', 'dialling', 'done', 'cancelled', 'refused']),
  createdAtMs: EpochMs,
  /** When it is dialled next, should nothing come in between. */
  nextAttemptMs: v.nullable(EpochMs),
  attempts: v.array(CallAttempt),
  /** Of the last attempt. */
  disposition: v.nullable(Disposition),
  refusal: v.nullable(CallRefusal),
  /** Why no media node has taken it yet. */
  trouble: v.nullable(v.string()),
});
export type CallOrder = v.InferOutput<typeof CallOrder>;

/** `GET /v1/calls/outbound?business=…`: newest first. */
export const CallOrderList = v.object({ orders: v.array(CallOrder) });
export type CallOrderList = v.InferOutput<typeof CallOrderList>;

/** `POST /v1/orders` of a media node: one dial, now. The same `callId` again is the same dial. */
export const PlacedCall = v.object({
  orderId: Uuid,
  callId: Uuid,
  business: Slug,
  playbook: BundleHash,
  to: CallTarget,
  purpose: CallPurpose,
  ringMs: count(1_000, 120_000),
  leaveMessage: v.boolean(),
  /** Too late to be dialled after this. */
  expiresAtMs: EpochMs,
});
export type PlacedCall = v.InferOutput<typeof PlacedCall>;

/** A number that is not to be called, and where that comes from. */
export const DoNotCallEntry = v.object({
  number: CallTarget,
  sinceMs: EpochMs,
  source: v.picklist(['call', 'staff', 'import']),
  /** The call in which it was asked for. */
  callId: v.nullable(Uuid),
  note: v.nullable(ShortText),
});
export type DoNotCallEntry = v.InferOutput<typeof DoNotCallEntry>;

/** `POST /v1/businesses/:business/do-not-call` */
export const DoNotCallRequest = v.object({ number: CallTarget, note: v.optional(ShortText) });
export type DoNotCallRequest = v.InferOutput<typeof DoNotCallRequest>;

/** `GET /v1/businesses/:business/do-not-call?after=…`: by number, at most 500. */
export const DoNotCallList = v.object({ entries: v.array(DoNotCallEntry), next: v.nullable(v.string()) });
export type DoNotCallList = v.InferOutput<typeof DoNotCallList>;

/** What an import of numbers did. `rejected` has at most the first 50 lines that are no numbers. */
export const DoNotCallImport = v.object({
  added: v.number(),
  known: v.number(),
  rejected: v.array(v.object({ line: v.number(), text: ShortText })),
});
export type DoNotCallImport = v.InferOutput<typeof DoNotCallImport>;
