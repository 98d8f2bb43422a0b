import * as v from 'valibot';

/** Every code a Parley program answers with. Clients may rely on them. */
export const ProblemCode = v.picklist([
  'bad-request',
  'unauthorized',
  'forbidden-origin',
  'consent-required',
  'not-found',
  'conflict',
  'too-large',
  'rate-limited',
  /** A rule forbids to call this person, or to call now. */
  'call-refused',
  'token-invalid',
  'token-expired',
  'token-used',
  'call-ended',
  'at-capacity',
  'unavailable',
  'internal',
]);
export type ProblemCode = v.InferOutput<typeof ProblemCode>;

/** The body of every error answer, over HTTP and over signaling. */
export const Problem = v.object({
  error: v.object({
    code: ProblemCode,
    /** What went wrong, for a person. */
    message: v.string(),
    /** What to do about it, for a person. */
    action: v.string(),
    /** The field at fault, as a dotted path, where there is one. */
    field: v.optional(v.string()),
    /** What could be sent instead of what is in the field. */
    choices: v.optional(v.array(v.string())),
    /** Of `call-refused`: the rule, and when the call would be allowed. */
    rule: v.optional(v.string()),
    allowedFromMs: v.optional(v.number()),
  }),
});
export type Problem = v.InferOutput<typeof Problem>;
