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
  }),
});
export type Problem = v.InferOutput<typeof Problem>;
