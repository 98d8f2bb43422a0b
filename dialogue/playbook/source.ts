import * as v from 'valibot';
import { Locale, PhoneNumber, ShortText, Slug } from '../../contract/primitives.ts';
import { escalationRule, routing } from './people.ts';
import { scenarios } from './scenarios.ts';
import { outbound } from './outbound.ts';
import { objection, qualification, question } from './conversation-source.ts';
import { experiments } from './experiment-source.ts';
import { locales } from './locale-source.ts';
import { currency, fact, intent } from './knowledge-source.ts';
import { scheduling } from './scheduling-source.ts';
import { sentences, wording } from './sentence-source.ts';
import { voice } from './voice.ts';

/** What an owner writes. `docs/playbook.md` teaches it. */

const business = v.strictObject({
  id: Slug,
  name: ShortText,
  agentName: ShortText,
  representative: v.optional(ShortText, 'One of us'),
  phone: v.optional(PhoneNumber),
  privacyUrl: v.optional(v.pipe(v.string(), v.url())),
  /** Greet by name who calls from a number that is known. Whoever has that telephone hears the name. */
  greetByName: v.optional(v.boolean(), false),
  /** Both sides of each call. Only with a disclosure that says so. */
  recording: v.optional(v.picklist(['on', 'off']), 'off'),
  /** Of prices that name none. */
  currency: v.optional(currency, 'USD'),
});

const disclosure = v.strictObject({ version: ShortText, text: v.pipe(v.string(), v.minLength(1)), spoken: sentences });

const keypad = v.strictObject({
  /** Said by telephone after the greeting: "Press 0 for a person." */
  says: sentences,
  /** A key → what a caller would say instead. Without it 0 asks for a person. */
  keys: v.pipe(
    v.record(
      v.pipe(v.string(), v.regex(/^[0-9]$/, 'must be a single digit, in quotes')),
      v.pipe(v.string(), v.nonEmpty()),
    ),
    v.check((keys) => Object.keys(keys).length > 0, 'Name at least one key.'),
  ),
});

/** The sections of a playbook. Each may stand in any file; lists may be spread over several. */
export const sections = {
  business,
  locale: Locale,
  disclosure,
  voice,
  greeting: sentences,
  keypad: v.optional(keypad),
  scheduling,
  lists: v.record(v.string(), v.pipe(v.array(v.string()), v.minLength(1, 'Give at least one word.'))),
  /** Words as they are written → as callers say them, in words that the recogniser knows. */
  soundsLike: v.record(
    v.pipe(v.string(), v.regex(/^[\p{Ll}']+$/u, 'Write one word, lower case.')),
    v.pipe(v.string(), v.regex(/^[a-z' ]+$/, 'Write lower-case words.')),
  ),
  facts: v.array(fact),
  intents: v.array(intent),
  flow: v.array(Slug),
  questions: v.array(question),
  objections: v.array(objection),
  qualification,
  routing,
  escalation: v.array(escalationRule),
  scenarios,
  outbound,
  wording,
  experiments,
  locales,
} as const;

/** A whole playbook, all files together. */
export const Source = v.strictObject({
  ...sections,
  lists: v.optional(sections.lists, {}),
  soundsLike: v.optional(sections.soundsLike, {}),
  intents: v.optional(sections.intents, []),
  objections: v.optional(sections.objections, []),
  routing: v.optional(sections.routing),
  escalation: v.optional(sections.escalation, []),
  scenarios: v.optional(sections.scenarios, {}),
  outbound: v.optional(sections.outbound),
  voice: v.optional(sections.voice, {}),
  wording: v.optional(sections.wording, {}),
  experiments: v.optional(sections.experiments, []),
  locales: v.optional(sections.locales, {}),
});
export type Source = v.InferOutput<typeof Source>;
