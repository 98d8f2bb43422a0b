import * as v from 'valibot';
import { sentences, wording } from './sentence-source.ts';

/** Other words for what stands in the playbook, by the ids that stand there: for experiments and for locales. */
export const words = {
  greeting: v.optional(sentences),
  wording: v.optional(wording, {}),
};
export const factWords = { says: v.optional(sentences), offer: v.optional(sentences) };
export const questionWords = { ask: v.optional(sentences), again: v.optional(sentences) };
export const objectionWords = { stepBack: v.optional(sentences) };
