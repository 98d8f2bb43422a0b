import * as v from 'valibot';
import { Confidence, EmailAddress, PhoneNumber, ShortText, Slug } from './primitives.ts';

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
  objections: v.array(v.object({ id: Slug, attempts: v.number(), outcome: v.picklist(['open', 'resolved', 'stood']) })),
  /** Facts the caller asked about, by id in the knowledge graph. */
  askedAbout: v.array(Slug),
  callBack: v.optional(v.object({ reason: ShortText, promisedFor: v.optional(ShortText) })),
  tags: v.array(Slug),
});
export type Lead = v.InferOutput<typeof Lead>;
