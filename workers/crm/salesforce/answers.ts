import * as v from 'valibot';

/** Of Salesforce's answers, the parts that are used (REST API v62.0). */
export const Saved = v.object({ id: v.string() });

const Text = v.nullish(v.union([v.string(), v.number(), v.boolean()]));

/** A row of a query: fields by name. `attributes` is Salesforce's own. */
export const ContactRow = v.objectWithRest({ Id: v.string() }, v.union([Text, v.looseObject({})]));
export type ContactRow = v.InferOutput<typeof ContactRow>;

export const ContactRows = v.object({ records: v.array(ContactRow) });
export const IdRows = v.object({ records: v.array(v.object({ Id: v.string() })) });
export const IdRow = v.object({ Id: v.string() });

/** A changed record is answered with nothing (204), or with what an upsert has to say. */
export const Changed = v.unknown();

export const Describe = v.object({
  fields: v.array(
    v.object({
      name: v.string(),
      createable: v.boolean(),
      externalId: v.optional(v.boolean(), false),
      restrictedPicklist: v.optional(v.boolean(), false),
      picklistValues: v.optional(v.array(v.object({ value: v.string(), active: v.boolean() })), []),
    }),
  ),
});
export type DescribedField = v.InferOutput<typeof Describe>['fields'][number];

const Errors = v.pipe(v.array(v.object({ message: v.string(), errorCode: v.string() })), v.minLength(1));
const NotSaved = v.object({
  success: v.literal(false),
  errors: v.array(v.object({ message: v.string(), statusCode: v.optional(v.string(), '') })),
});

/** Errors that the same request can overcome. The limit comes with 403. */
const passing: ReadonlySet<string> = new Set([
  'REQUEST_LIMIT_EXCEEDED',
  'UNABLE_TO_LOCK_ROW',
  'SERVER_UNAVAILABLE',
  'QUERY_TIMEOUT',
]);

/** A list of errors, or a record that was not saved, whatever the status. */
export function salesforceFault(body: unknown): { message: string; again: boolean } | null {
  const failed = v.safeParse(Errors, body);
  if (failed.success) {
    const message = failed.output.map((error) => `${error.message} (${error.errorCode})`).join(' ');
    return { message, again: failed.output.every(({ errorCode }) => passing.has(errorCode)) };
  }
  const unsaved = v.safeParse(NotSaved, body);
  if (!unsaved.success) return null;
  const { errors } = unsaved.output;
  return {
    message: errors.map(({ message, statusCode }) => `${message} (${statusCode})`).join(' '),
    again: errors.length > 0 && errors.every(({ statusCode }) => passing.has(statusCode)),
  };
}
