import * as v from 'valibot';
import { OutcomeName } from './call-event.ts';
import { LeadStage } from './lead.ts';
import { Door } from './session.ts';

/** Which calls a list shows. What is absent does not matter. */
export const CallFilter = v.object({
  /** Words that were said, or that name the caller: each has to be in the call. Of a name, a number or an address the beginning is enough. */
  search: v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(200))),
  stage: v.optional(LeadStage),
  outcome: v.optional(OutcomeName),
  door: v.optional(Door),
  /** 0 to 100. */
  minScore: v.optional(v.pipe(v.string(), v.digits(), v.transform(Number), v.maxValue(100))),
});
export type CallFilter = v.InferOutput<typeof CallFilter>;
