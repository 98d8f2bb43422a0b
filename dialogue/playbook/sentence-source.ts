import * as v from 'valibot';
import { wordingKeys } from '../phrase/wording.ts';

/** What an owner writes for the agent to say. */

const sentence = v.union(
  [
    v.pipe(v.string(), v.minLength(1)),
    v.strictObject({ text: v.pipe(v.string(), v.minLength(1)), spoken: v.optional(v.string()) }),
  ],
  'Write a sentence, or `text:` with `spoken:`.',
);

export const sentences = v.union(
  [v.pipe(v.string(), v.minLength(1)), v.pipe(v.array(sentence), v.minLength(1, 'Write at least one sentence.'))],
  'Write a sentence, or a list of sentences.',
);
export type SourceSentences = v.InferOutput<typeof sentences>;

/** What the engine says by itself, in other words. */
export const wording = v.strictObject(Object.fromEntries(wordingKeys.map((key) => [key, v.optional(sentences)])));
