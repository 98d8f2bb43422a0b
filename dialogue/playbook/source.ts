import * as v from 'valibot';
import { Locale, PhoneNumber, ShortText, Slug, TimeZone } from '../../contract/primitives.ts';
import { LocalDate, LocalTime } from '../../contract/scheduling.ts';
import { dayNames } from '../capture/calendar-names.ts';
import { wordingKeys } from '../phrase/wording.ts';
import { escalationRule, routing } from './people.ts';
import { scenarios } from './scenarios.ts';
import { examples } from './example-source.ts';
import { currency, fact, intent } from './knowledge-source.ts';
import { sentences } from './sentence-source.ts';
import { voice } from './voice.ts';

/** What an owner writes. `docs/playbook.md` teaches it. */

const points = v.pipe(v.number(), v.minValue(-100), v.maxValue(100));

const business = v.strictObject({
  id: Slug,
  name: ShortText,
  agentName: ShortText,
  representative: v.optional(ShortText, 'One of us'),
  phone: v.optional(PhoneNumber),
  privacyUrl: v.optional(v.pipe(v.string(), v.url())),
  /** Of prices that name none. */
  currency: v.optional(currency, 'USD'),
});

const disclosure = v.strictObject({ version: ShortText, text: v.pipe(v.string(), v.minLength(1)), spoken: sentences });

const scheduling = v.strictObject({
  timeZone: TimeZone,
  service: Slug,
  openingHours: v.array(v.strictObject({ days: v.array(v.picklist(dayNames)), from: LocalTime, to: LocalTime })),
  closedOn: v.optional(v.array(LocalDate), []),
  services: v.array(
    v.strictObject({
      id: Slug,
      name: ShortText,
      durationMin: v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(480)),
      bufferMin: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(240)), 0),
      leadTimeMin: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 60),
      capacity: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 1),
      stepMin: v.optional(v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(240)), 30),
    }),
  ),
});

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

const question = v.strictObject({
  id: Slug,
  label: ShortText,
  type: v.picklist(['choice', 'timeline', 'quantity', 'money']),
  /** Only asked of callers who gave one of these answers to other questions. */
  when: v.optional(v.record(Slug, v.pipe(v.array(Slug), v.minLength(1, 'Name at least one option.'))), {}),
  ask: sentences,
  again: v.optional(sentences),
  options: v.optional(v.array(option), []),
  unit: v.optional(unit),
  bands: v.optional(v.array(v.strictObject({ atLeast: v.number(), points, label: ShortText })), []),
  examples: v.optional(v.array(v.string()), []),
});

const objection = v.strictObject({
  id: Slug,
  label: ShortText,
  examples,
  attempts: v.pipe(
    v.array(v.strictObject({ says: sentences, cites: v.optional(v.array(Slug), []) })),
    v.minLength(1, 'Write at least one answer.'),
    v.maxLength(4, 'Four answers are pushy already.'),
  ),
  stepBack: sentences,
  afterwards: v.optional(v.picklist(['stop', 'go-on', 'escalate']), 'go-on'),
});

const wording = v.strictObject(Object.fromEntries(wordingKeys.map((key) => [key, v.optional(sentences)])));

/** The sections of a playbook. Each may stand in any file; lists may be spread over several. */
export const sections = {
  business,
  locale: Locale,
  disclosure,
  voice,
  greeting: sentences,
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
  qualification: v.strictObject({
    qualifiedFrom: points,
    contactPoints: v.optional(points, 0),
    appointmentPoints: v.optional(points, 0),
  }),
  routing,
  escalation: v.array(escalationRule),
  scenarios,
  wording,
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
  voice: v.optional(sections.voice, {}),
  wording: v.optional(sections.wording, {}),
});
export type Source = v.InferOutput<typeof Source>;
