import * as v from 'valibot';
import { Confidence, EmailAddress, EpochMs, PhoneNumber, ShortText, Slug } from './primitives.ts';

export const LeadStage = v.picklist(['new', 'qualifying', 'qualified', 'unqualified', 'booked', 'call-back']);
export type LeadStage = v.InferOutput<typeof LeadStage>;

/** One answer to one of the playbook's questions. */
export const LeadAnswer = v.object({
  /** The exact value: an option's id, a number, or the caller's own words. */
  value: v.union([v.string(), v.number()]),
  /** As a person would write it in a note: "about 2,000 square feet". */
  display: ShortText,
  confidence: Confidence,
  /** True once the caller has agreed to a read-back. */
  confirmed: v.boolean(),
});
export type LeadAnswer = v.InferOutput<typeof LeadAnswer>;

/** A person of the business who takes a lead, a call or a call-back. */
export const Owner = v.object({
  id: Slug,
  name: ShortText,
  role: v.optional(ShortText),
  phone: v.optional(PhoneNumber),
  /** As `sip:dana@pbx.example`. */
  sip: v.optional(v.pipe(v.string(), v.maxLength(200), v.regex(/^sips?:[^\s<>"]+$/))),
});
export type Owner = v.InferOutput<typeof Owner>;

/** What is known of a caller; the whole of it, each time. */
export const Lead = v.object({
  name: v.optional(v.pipe(v.string(), v.maxLength(120))),
  phone: v.optional(PhoneNumber),
  email: v.optional(EmailAddress),
  /** By question id: `need`, `size`, `timeline`, `budget` … */
  answers: v.record(Slug, LeadAnswer),
  /** 0 to 100. */
  score: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100)),
  scoreReasons: v.array(v.object({ points: v.number(), reason: ShortText })),
  stage: LeadStage,
  /** Why the business cannot serve this lead, where it cannot. */
  disqualifiedBy: v.optional(ShortText),
  /** Who takes care of it, by the playbook's routing. */
  owner: v.optional(Owner),
  objections: v.array(v.object({ id: Slug, attempts: v.number(), outcome: v.picklist(['open', 'resolved', 'stood']) })),
  /** Facts the caller asked about, by id in the knowledge graph. */
  askedAbout: v.array(Slug),
  callBack: v.optional(
    v.object({
      reason: ShortText,
      /** As it was said: "by Tuesday, November 24 at 5 PM". */
      promisedFor: v.optional(ShortText),
      promisedForMs: v.optional(EpochMs),
      owner: v.optional(Owner),
    }),
  ),
  tags: v.array(Slug),
});
export type Lead = v.InferOutput<typeof Lead>;
