import * as v from 'valibot';

/** Of Pipedrive's answers, the parts that are used (API v2; notes v1). */
const Id = v.pipe(v.number(), v.integer());

const Values = v.nullish(v.array(v.object({ value: v.string() })), []);

export const Person = v.looseObject({
  id: Id,
  owner_id: v.nullish(Id),
  emails: Values,
  phones: Values,
  custom_fields: v.nullish(v.record(v.string(), v.unknown()), {}),
});
export type Person = v.InferOutput<typeof Person>;

export const OnePerson = v.object({ data: Person });
export const Persons = v.object({ data: v.array(Person) });
export const FoundPersons = v.object({
  data: v.object({
    items: v.array(
      v.object({
        item: v.object({
          id: Id,
          emails: v.nullish(v.array(v.string()), []),
          phones: v.nullish(v.array(v.string()), []),
        }),
      }),
    ),
  }),
});

export const One = v.object({ data: v.object({ id: Id }) });

/** Of a note it is `true`. */
export const Deleted = v.object({ data: v.union([v.object({ id: Id }), v.boolean()]) });

/** Deals, activities and notes as lists show them: with the place that our key is in. */
export const Listed = v.object({
  data: v.nullable(
    v.array(
      v.object({
        id: Id,
        custom_fields: v.nullish(v.record(v.string(), v.unknown()), {}),
        note: v.nullish(v.string(), ''),
        content: v.nullish(v.string(), ''),
      }),
    ),
  ),
});

export const FieldList = v.object({
  data: v.array(v.object({ field_name: v.string(), field_code: v.string(), is_custom_field: v.boolean() })),
});

export const OneField = v.object({ data: v.object({ field_code: v.string() }) });

const ErrorBody = v.object({
  success: v.literal(false),
  error: v.optional(v.string(), 'no reason given'),
  error_info: v.nullish(v.string(), ''),
});

/** Pipedrive says `success: false`, whatever the status. */
export function pipedriveFault(body: unknown): { message: string; again: boolean } | null {
  const failed = v.safeParse(ErrorBody, body);
  if (!failed.success) return null;
  const { error, error_info: info } = failed.output;
  return { message: [error, info].filter(Boolean).join(' '), again: /rate limit|too many requests/i.test(error) };
}
