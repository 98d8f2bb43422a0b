import * as v from 'valibot';
import { Owner } from './lead.ts';
import { DurationMs, ShortText, Slug } from './primitives.ts';

/**
 * How somebody of the business gets a call: `bridge` rings their telephone and joins the two here; `attended` does so and
 * then has the trunk join them; `refer` has the trunk call them, unseen; `browser` waits for them to join on a page.
 */
export const HandoverWay = v.picklist(['bridge', 'attended', 'refer', 'browser']);
export type HandoverWay = v.InferOutput<typeof HandoverWay>;

/** How the person says that they take the call: by picking up, or by a key, which no voicemail presses. */
export const HandoverAcceptance = v.picklist(['key', 'answer']);
export type HandoverAcceptance = v.InferOutput<typeof HandoverAcceptance>;

/** Why somebody did not get a call. */
export const HandoverFailure = v.picklist(['busy', 'no-answer', 'rejected', 'not-accepted', 'failed']);
export type HandoverFailure = v.InferOutput<typeof HandoverFailure>;

/** What the record has of handing a call to a person, in the order in which it happens. */
export const handoverFacts = [
  v.object({ type: v.literal('handover-start'), to: Owner, way: HandoverWay, reason: ShortText }),
  v.object({ type: v.literal('handover-ringing'), person: Slug }),
  /** They picked up, and hear what the call is about. */
  v.object({ type: v.literal('handover-answered'), person: Slug }),
  /** From here on people talk, and the agent neither listens nor writes down. */
  v.object({ type: v.literal('handover-joined'), person: Slug, way: HandoverWay, waitedMs: DurationMs }),
  v.object({
    type: v.literal('handover-end'),
    person: Slug,
    /** `talked`: they were joined. `passed-on`: the trunk has joined them. `cancelled`: the caller hung up before. */
    result: v.picklist([...HandoverFailure.options, 'talked', 'passed-on', 'cancelled']),
    /** Of those who were joined. */
    talkedMs: v.optional(DurationMs),
    leftBy: v.optional(v.picklist(['caller', 'person', 'line'])),
  }),
] as const;
