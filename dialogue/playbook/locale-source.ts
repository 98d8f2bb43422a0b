import * as v from 'valibot';
import { Slug } from '../../contract/primitives.ts';
import { sentences } from './sentence-source.ts';
import { factWords, objectionWords, questionWords, words } from './words-source.ts';

const answers = v.pipe(v.array(v.strictObject({ says: sentences })), v.maxLength(4, 'Four answers are pushy already.'));

/** The playbook's sentences in another language. What they may state stays what the playbook states. */
const localeWords = v.strictObject({
  ...words,
  disclosure: v.optional(
    v.strictObject({ text: v.optional(v.pipe(v.string(), v.minLength(1))), spoken: v.optional(sentences) }),
    {},
  ),
  facts: v.optional(v.record(Slug, v.strictObject(factWords)), {}),
  questions: v.optional(v.record(Slug, v.strictObject(questionWords)), {}),
  /** `attempts` in the playbook's order: each cites what that one cites. */
  objections: v.optional(v.record(Slug, v.strictObject({ ...objectionWords, attempts: v.optional(answers) })), {}),
});
export type SourceLocale = v.InferOutput<typeof localeWords>;

/** By BCP 47 tag; `check` knows which there are. */
export const locales = v.record(v.pipe(v.string(), v.maxLength(35)), localeWords);
