import type { Consultation } from '../../../contract/consultation.ts';

type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

const object = (properties: Readonly<Record<string, Json>>): Json => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const list = (items: Json): Json => ({ type: 'array', items });
/** A vendor takes no empty list of choices. */
const oneOf = (ids: readonly string[]): Json => ({ type: 'string', enum: ids.length === 0 ? ['none'] : [...ids] });

/**
 * The answer's shape, for `response_format: json_schema` in strict mode. It only depends on the playbook: vendors compile
 * a schema when they first see it, and that takes longer than a caller waits. So cited facts are any strings.
 */
export function chatSchema({ meanings, questions }: Consultation): { [key: string]: unknown } {
  const options = [...new Set(questions.flatMap((question) => question.options.map((option) => option.id)))];
  return {
    type: 'object',
    properties: {
      meanings: list(object({ id: oneOf(meanings.map(({ id }) => id)), confidence: { type: 'number' } })),
      answers: list(object({ question: oneOf(questions.map(({ id }) => id)), option: oneOf(options) })),
      sentences: list(object({ text: { type: 'string' }, cites: list({ type: 'string' }) })),
    },
    required: ['meanings', 'answers', 'sentences'],
    additionalProperties: false,
  };
}
