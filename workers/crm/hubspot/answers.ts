import * as v from 'valibot';

/** Of HubSpot's answers, the parts that are used (CRM v3, Properties v3, Associations v4). */
export const HubSpotObject = v.object({
  id: v.string(),
  properties: v.record(v.string(), v.nullable(v.string())),
});
export type HubSpotObject = v.InferOutput<typeof HubSpotObject>;

export const SearchAnswer = v.object({ results: v.array(HubSpotObject) });

export const UpsertAnswer = v.object({
  results: v.pipe(v.array(v.object({ id: v.string() })), v.minLength(1)),
});

export const AssociationAnswer = v.object({ status: v.string() });

export const PropertyList = v.object({
  results: v.array(
    v.object({
      name: v.string(),
      type: v.string(),
      options: v.array(v.object({ value: v.string() })),
      externalOptions: v.optional(v.boolean()),
      hasUniqueValue: v.optional(v.boolean()),
      modificationMetadata: v.optional(v.object({ readOnlyValue: v.boolean() })),
    }),
  ),
});
export type Property = v.InferOutput<typeof PropertyList>['results'][number];

const ErrorBody = v.object({ message: v.string(), category: v.string() });
const PartlyFailed = v.object({
  errors: v.pipe(v.array(v.object({ message: v.string(), category: v.string() })), v.minLength(1)),
});

/** Errors that the same request can overcome. */
const passing: ReadonlySet<string> = new Set(['RATE_LIMITS', 'MIGRATION_IN_PROGRESS', 'INTERNAL_ERROR']);

/** An error body, and the errors of a batch (207), which come with a success. */
export function hubSpotFault(body: unknown): { message: string; again: boolean } | null {
  const failed = v.safeParse(ErrorBody, body);
  if (failed.success) {
    const { message, category } = failed.output;
    return { message, again: passing.has(category) };
  }
  const partly = v.safeParse(PartlyFailed, body);
  if (!partly.success) return null;
  const { errors } = partly.output;
  return {
    message: errors.map(({ message }) => message).join(' '),
    again: errors.every(({ category }) => passing.has(category)),
  };
}

/** Nothing is answered to a deletion. */
export const Gone = v.pipe(
  v.unknown(),
  v.transform(() => ({ gone: true })),
);
