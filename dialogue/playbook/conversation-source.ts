import * as v from 'valibot';
import { ShortText, Slug } from '../../contract/primitives.ts';
import { examples } from './example-source.ts';
import { sentences } from './sentence-source.ts';

/** The part of a playbook that says what is asked, how answers score, and how objections are met. */

export const points = v.pipe(v.number(), v.minValue(-100), v.maxValue(100));

export const bands = v.array(v.strictObject({ atLeast: v.number(), points, label: ShortText }));

const option = v.strictObject({
  id: Slug,
  label: ShortText,
  points: v.optional(points, 0),
  phrases: v.optional(v.array(v.string()), []),
  examples: v.optional(v.array(v.string()), []),
  withinDays: v.optional(v.number()),
  /** To a question that can be answered so: a mere yes, or a mere no, means this option. */
  reply: v.optional(v.picklist(['yes', 'no'])),
  disqualifies: v.optional(v.boolean(), false),
  /** Facts that a caller who answers this is talking of. */
  about: v.optional(v.array(Slug), []),
});

const unit = v.strictObject({
  /** Part of an answer's `display`, after its number. */
  name: v.pipe(v.string(), v.maxLength(100)),
  words: examples,
  also: v.optional(v.array(v.strictObject({ words: examples, times: v.number() })), []),
  min: v.number(),
  max: v.number(),
});

export const question = v.strictObject({
  id: Slug,
  label: ShortText,
  type: v.picklist(['choice', 'timeline', 'quantity', 'money']),
  /** Only asked of callers who gave one of these answers to other questions. */
  when: v.optional(v.record(Slug, v.pipe(v.array(Slug), v.minLength(1, 'Name at least one option.'))), {}),
  ask: sentences,
  again: v.optional(sentences),
  options: v.optional(v.array(option), []),
  unit: v.optional(unit),
  bands: v.optional(bands, []),
  examples: v.optional(v.array(v.string()), []),
});

export const attempts = v.pipe(
  v.array(v.strictObject({ says: sentences, cites: v.optional(v.array(Slug), []) })),
  v.minLength(1, 'Write at least one answer.'),
  v.maxLength(4, 'Four answers are pushy already.'),
);

export const afterwards = v.picklist(['stop', 'go-on', 'escalate']);

export const objection = v.strictObject({
  id: Slug,
  label: ShortText,
  examples,
  attempts,
  stepBack: sentences,
  afterwards: v.optional(afterwards, 'go-on'),
});

export const qualification = v.strictObject({
  qualifiedFrom: points,
  contactPoints: v.optional(points, 0),
  appointmentPoints: v.optional(points, 0),
});
