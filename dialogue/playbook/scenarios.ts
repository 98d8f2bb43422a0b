import * as v from 'valibot';
import { ShortText, Slug } from '../../contract/primitives.ts';
import { sentences } from './sentence-source.ts';

/** The section `scenarios`: calls that are not a lead calling in. */

/** A reason to call somebody we know. */
const outreach = v.strictObject({
  id: Slug,
  label: ShortText,
  /** Why we call, said once the person is who we asked for. */
  says: sentences,
  /** What is asked then, as in the playbook's own `flow:`. */
  flow: v.array(Slug),
});

export const scenarios = v.strictObject({
  outreach: v.optional(v.array(outreach), []),
  /** What callers may do with an appointment by themselves. The rest goes to a person. */
  appointments: v.optional(
    v.strictObject({
      move: v.optional(v.boolean(), true),
      cancel: v.optional(v.boolean(), true),
    }),
    { move: true, cancel: true },
  ),
});
