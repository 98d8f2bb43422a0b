import * as v from 'valibot';
import { ShortText, Slug } from '../../contract/primitives.ts';
import { afterwards, attempts, bands, points, qualification } from './conversation-source.ts';
import { prices } from './knowledge-source.ts';
import { factWords, objectionWords, questionWords, words } from './words-source.ts';

/** What one arm of an experiment changes: words, points, order. What callers say stays the same for all. */
const patch = v.strictObject({
  ...words,
  facts: v.optional(v.record(Slug, v.strictObject({ ...factWords, price: v.optional(prices) })), {}),
  questions: v.optional(
    v.record(
      Slug,
      v.strictObject({
        ...questionWords,
        /** By option. */
        points: v.optional(v.record(Slug, points), {}),
        bands: v.optional(bands),
      }),
    ),
    {},
  ),
  objections: v.optional(
    v.record(
      Slug,
      v.strictObject({ ...objectionWords, attempts: v.optional(attempts), afterwards: v.optional(afterwards) }),
    ),
    {},
  ),
  flow: v.optional(v.array(Slug)),
  qualification: v.optional(qualification),
});
export type SourcePatch = v.InferOutput<typeof patch>;

export const experiments = v.pipe(
  v.array(
    v.strictObject({
      id: Slug,
      /** What is being tried, for the owner. */
      label: v.optional(ShortText),
      arms: v.pipe(
        v.array(
          v.strictObject({
            id: Slug,
            /** Its share of the calls, against the other arms. */
            weight: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1_000)), 1),
            /** Nothing for the arm that the others are compared with. */
            patch: v.optional(patch, {}),
          }),
        ),
        v.minLength(2, 'An experiment compares at least two arms.'),
        v.maxLength(10, 'Ten arms need more calls than a small business has.'),
      ),
    }),
  ),
  v.maxLength(10, 'Ten experiments at once tell nothing apart.'),
);
