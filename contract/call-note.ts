import * as v from 'valibot';
import { Lead, LeadStage } from './lead.ts';
import { EpochMs, ShortText, Slug } from './primitives.ts';

/** What is agreed to happen after a call. */
export const NextStep = v.object({
  /** "Free roof inspection", "Call back: wants a price". */
  what: v.string(),
  dueMs: v.nullable(EpochMs),
  /** Who sees to it. */
  owner: v.nullable(ShortText),
});
export type NextStep = v.InferOutput<typeof NextStep>;

/** A call in short, for whoever goes on with it. Made of what was decided and agreed, not of what a model thinks of it. */
export const CallNote = v.object({
  /** A few sentences. */
  summary: v.string(),
  qualification: v.object({
    stage: LeadStage,
    score: Lead.entries.score,
    reasons: Lead.entries.scoreReasons,
    /** By question, in the caller's words. */
    answers: v.record(Slug, v.string()),
    disqualifiedBy: v.nullable(ShortText),
  }),
  objections: Lead.entries.objections,
  askedAbout: Lead.entries.askedAbout,
  tags: Lead.entries.tags,
  nextSteps: v.array(NextStep),
});
export type CallNote = v.InferOutput<typeof CallNote>;
