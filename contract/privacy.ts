import * as v from 'valibot';
import { CallBack } from './call-back.ts';
import { CallRecord } from './call-record.ts';
import { DoNotCallEntry, CallOrder } from './outbound.ts';
import { EmailAddress, EpochMs, PhoneNumber, Slug, Uuid } from './primitives.ts';
import { Appointment } from './scheduling.ts';
import { Region } from './fleet.ts';

const person = {
  phone: v.optional(PhoneNumber),
  email: v.optional(v.pipe(EmailAddress, v.toLowerCase())),
};
const isSomebody = <Who extends { phone?: string | undefined; email?: string | undefined }>() =>
  v.check<Who, string>(
    ({ phone, email }) => phone !== undefined || email !== undefined,
    'Name a phone number or an e-mail address, or both.',
  );

/** `POST /v1/businesses/:business/people/export`: whom it is about is in the body, as no URL should know it. */
export const PersonRequest = v.pipe(v.object(person), isSomebody());
export type PersonRequest = v.InferOutput<typeof PersonRequest>;

/** `POST /v1/businesses/:business/people/erase`. The same again goes on with it, or looks for what came since. */
export const ErasureRequest = v.pipe(
  v.object({
    ...person,
    /** In the CRMs that the business is connected to as well. */
    crm: v.optional(v.boolean(), false),
  }),
  isSomebody(),
);
export type ErasureRequest = v.InferOutput<typeof ErasureRequest>;

/** Everything that a business holds of one person. */
export const PersonExport = v.object({
  business: Slug,
  madeAtMs: EpochMs,
  /** By what they are known: those that were asked for, and those that their calls showed. */
  phones: v.array(v.string()),
  emails: v.array(v.string()),
  calls: v.array(v.object({ record: CallRecord, recordingUrl: v.nullable(v.string()) })),
  appointments: v.array(Appointment),
  callBacks: v.array(CallBack),
  orders: v.array(CallOrder),
  doNotCall: v.array(DoNotCallEntry),
  /** What other systems told us of them. */
  elsewhere: v.array(v.object({ source: v.string(), id: v.string(), fields: v.record(v.string(), v.unknown()) })),
});
export type PersonExport = v.InferOutput<typeof PersonExport>;

/** `GET /v1/businesses/:business/key`: the master key that wraps the business's own. */
export const KeyReport = v.object({
  business: Slug,
  /** The first four bytes of its SHA-256, in hex. */
  masterKey: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/)),
});
export type KeyReport = v.InferOutput<typeof KeyReport>;

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What was taken away, and when: the proof of it. It names nobody. */
export const Removal = v.object({
  id: Uuid,
  kind: v.picklist(['erasure', 'retention']),
  status: v.picklist(['running', 'done']),
  begunAtMs: EpochMs,
  doneAtMs: v.nullable(EpochMs),
  /** Calls that it still has to go through. */
  callsLeft: count,
  /** Rows and objects by what they were, as `events`. */
  removed: v.record(v.string(), count),
  /** What each CRM did, where it was asked to; and `calcom`, where bookings are the owner's to delete. */
  crm: v.array(
    v.object({ kind: v.string(), outcome: v.picklist(['erased', 'nothing-there', 'for-the-owner', 'waiting']) }),
  ),
  /** SHA-256 over the ids of what was removed, in their order. */
  digest: v.string(),
});
export type Removal = v.InferOutput<typeof Removal>;

/** `GET /v1/businesses/:business/removals`, newest first. */
export const RemovalList = v.object({ removals: v.array(Removal) });
export type RemovalList = v.InferOutput<typeof RemovalList>;

const Days = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(36_500)));

/** For how many days each kind of data is kept; null for as long as the business exists. */
export const RetentionDays = v.object({
  /** What was said, and how it was decided what to say. */
  transcripts: Days,
  recordings: Days,
  /** Who called: names, numbers, addresses, answers; also appointments' customers, once the appointment is over,
   * orders to call that are done, and what other systems said of people. */
  contacts: Days,
  /** All that is left of a call but that there was one. */
  events: Days,
  /** What was sent to CRMs, and notices that were dealt with. */
  deliveries: Days,
  /** Webhooks that came in. */
  inbox: Days,
});
export type RetentionDays = v.InferOutput<typeof RetentionDays>;

/** `PUT /v1/businesses/:business/retention`. A region's own days go before those for all. */
export const RetentionRules = v.object({
  all: RetentionDays,
  regions: v.optional(v.record(Region, v.partial(RetentionDays)), {}),
});
export type RetentionRules = v.InferOutput<typeof RetentionRules>;

/** For businesses that have set none. docs/privacy.md has the same. */
export const defaultRetention: RetentionRules = {
  all: { transcripts: 365, recordings: 90, contacts: 1_095, events: 1_095, deliveries: 90, inbox: 30 },
  regions: { eu: { transcripts: 180, recordings: 30, contacts: 730 } },
};

/** `POST /v1/businesses/:business/retention/preview` with rules: what they would have removed by now. Nothing is changed. */
export const RetentionPreview = v.object({
  /**
   * What is there and past its time by the rules given: how many calls (`transcripts`, `recordings`, `contacts`, `events`), and
   * `customers` of appointments, `people` of whom other systems told, `orders` to call, `people` as other systems
   * know them, `deliveries`, webhooks of the `inbox`. What is not named is 0.
   */
  proposed: v.record(v.string(), count),
  /** The same by the rules that hold: it is removed in any case. */
  present: v.record(v.string(), count),
});
export type RetentionPreview = v.InferOutput<typeof RetentionPreview>;
