import * as v from 'valibot';
import { LeadStage } from '../../contract/lead.ts';
import { EmailAddress, PhoneNumber, Slug } from '../../contract/primitives.ts';
import { Attendee, LocalDate, LocalTime } from '../../contract/scheduling.ts';

/** One scenario file: who calls, with what in mind, and what must be true when the line is dead. See `eval/README.md`. */

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(2_000));
/** One way to say it, or several: the seed chooses. */
const says = v.pipe(
  v.union([text, v.pipe(v.array(text), v.minLength(1), v.maxLength(20))]),
  v.transform((said) => (typeof said === 'string' ? [said] : said)),
);
const chance = v.pipe(v.number(), v.minValue(0), v.maxValue(0.5));

export const personas = [
  'plain',
  'terse',
  'chatty',
  'confused',
  'hostile',
  'changes-mind',
  'wrong-number',
  'asks-for-person',
  'injection',
  'speaks-over',
] as const;
export type PersonaName = (typeof personas)[number];

const day = v.picklist(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);

/** The times that suit the caller, and how the caller says so. */
const When = v.strictObject({
  says,
  days: v.optional(v.array(day)),
  notDays: v.optional(v.array(day)),
  dates: v.optional(v.array(LocalDate)),
  /** Of the beginning, in the business's zone. */
  notBefore: v.optional(LocalTime),
  notAfter: v.optional(LocalTime),
});
export type SuitableTimes = v.InferOutput<typeof When>;

const Profile = v.strictObject({
  /** What the caller says to the greeting. Without it: the answer to the first question. */
  opening: v.optional(says),
  /** By question id: how the caller would answer it. Not named: the caller does not know. */
  knows: v.optional(v.record(v.string(), says), {}),
  name: v.optional(text),
  phone: v.optional(PhoneNumber),
  email: v.optional(EmailAddress),
  /** How the caller wants to be reached, where both are known. */
  reachedBy: v.optional(v.picklist(['phone', 'email', 'neither'])),
  /** E.164: what the carrier shows. */
  callsFrom: v.optional(PhoneNumber),
  /** An offer of anything else is declined. The last three are of the appointment that exists. */
  wants: v.picklist(['appointment', 'call-back', 'information', 'nothing', 'keep', 'move', 'cancel']),
  when: v.optional(When),
});
export type Profile = v.InferOutput<typeof Profile>;

/** Something that the caller does the first time the agent asks `at`; each move happens once. */
const Move = v.pipe(
  v.strictObject({
    /** A question's id, `name`, `contact`, `confirm-phone`, `slot` … `start` is the greeting, `end` "anything else?", `any` whatever is next. */
    at: v.string(),
    say: v.optional(says),
    /** `before` and `after`: in one breath with the answer. */
    how: v.optional(v.picklist(['instead', 'before', 'after']), 'instead'),
    silent: v.optional(v.boolean(), false),
    hangsUp: v.optional(v.boolean(), false),
    /** From now on the caller has this in mind. */
    changes: v.optional(v.partial(Profile), {}),
  }),
  v.check(
    (move) => move.say !== undefined || move.silent || move.hangsUp,
    'A move needs `say`, `silent: true` or `hangsUp: true`.',
  ),
);
export type Move = v.InferOutput<typeof Move>;

const World = v.strictObject({
  /** `full`: no free time at all. `fails`: the calendar does not answer. */
  calendar: v.optional(v.picklist(['free', 'full', 'fails']), 'free'),
  /** `taken`: somebody else has just taken the first time that is booked. */
  booking: v.optional(v.picklist(['works', 'taken', 'fails']), 'works'),
  callBack: v.optional(v.picklist(['works', 'fails']), 'works'),
  /** Whether somebody takes a call that is handed over. */
  people: v.optional(v.picklist(['free', 'busy', 'unreachable']), 'busy'),
});

const wallClock = v.pipe(v.string(), v.isoDateTime());

/** What the call is for; `confirm-appointment` is about the scenario's `existing` one. */
const Purpose = v.variant('kind', [
  v.strictObject({ kind: v.literal('inbound') }),
  v.strictObject({ kind: v.literal('faq') }),
  v.strictObject({ kind: v.literal('outreach'), contact: Attendee, reason: Slug }),
  v.strictObject({ kind: v.literal('confirm-appointment') }),
]);

/** An appointment that is in the calendar when the call begins. Without `service`: the playbook's. */
const Existing = v.strictObject({ at: wallClock, attendee: Attendee, service: v.optional(Slug) });
export type Existing = v.InferOutput<typeof Existing>;

const Expected = v.strictObject({
  /** How the call went; several where each is right. */
  outcome: v.pipe(
    v.union([text, v.pipe(v.array(text), v.minLength(1))]),
    v.transform((said) => (typeof said === 'string' ? [said] : said)),
  ),
  /** As the CRM has it. Null: must not be known. What is not named may be anything. */
  lead: v.optional(
    v.strictObject({
      name: v.optional(v.nullable(text)),
      phone: v.optional(v.nullable(PhoneNumber)),
      email: v.optional(v.nullable(EmailAddress)),
      answers: v.optional(v.record(v.string(), v.nullable(v.union([v.string(), v.number()]))), {}),
      stage: v.optional(LeadStage),
      /** These, and maybe others. */
      askedAbout: v.optional(v.array(Slug), []),
      objections: v.optional(v.array(Slug), []),
      tags: v.optional(v.array(Slug), []),
    }),
    {},
  ),
  /** Not named: nothing may be booked. */
  appointment: v.optional(
    v.strictObject({
      service: v.optional(Slug),
      days: v.optional(v.array(day)),
      dates: v.optional(v.array(LocalDate)),
      notBefore: v.optional(LocalTime),
      notAfter: v.optional(LocalTime),
      name: v.optional(text),
      phone: v.optional(PhoneNumber),
      email: v.optional(EmailAddress),
    }),
  ),
  /** What has become of the appointment that existed; `days` … `notAfter` limit the time it has now. */
  existing: v.optional(
    v.strictObject({
      is: v.picklist(['untouched', 'confirmed', 'moved', 'cancelled']),
      days: v.optional(v.array(day)),
      dates: v.optional(v.array(LocalDate)),
      notBefore: v.optional(LocalTime),
      notAfter: v.optional(LocalTime),
    }),
    { is: 'untouched' },
  ),
  /** Whether a call back by a person is recorded. */
  callBack: v.optional(v.boolean(), false),
  /** Whether a person has taken over the call. */
  transferred: v.optional(v.boolean(), false),
  /** Who has the call back or the call, by id in the playbook's routing, and words of the reason. */
  escalation: v.optional(v.strictObject({ owner: v.optional(Slug), reason: v.optional(text) })),
  /** The agent must not say it: plain text, any case. */
  never: v.optional(v.array(text), []),
  withinTurns: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(80)), 30),
});
export type Expected = v.InferOutput<typeof Expected>;

const fields = {
  /** One sentence: what this call is about. */
  about: text,
  /** `roofing`, `dental`, `software`, or a playbook folder, relative to this file. */
  playbook: text,
  persona: v.picklist(personas),
  typed: v.optional(v.boolean(), false),
  /** The clock on the business's wall when the call begins. */
  now: v.optional(wallClock, '2026-11-23T10:00'),
  purpose: v.optional(Purpose, { kind: 'inbound' }),
  existing: v.optional(Existing),
  /** On a telephone: phone numbers are taken in pieces. */
  narrowband: v.optional(v.boolean(), false),
  /** How often the call is made, each with other words and other luck. All must pass. */
  seeds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 3),
  caller: Profile,
  moves: v.optional(v.array(Move), []),
  /** What the recogniser does to each word. */
  mishears: v.optional(v.strictObject({ drops: chance, swaps: chance })),
  world: v.optional(World, {}),
  expect: Expected,
};

export const Scenario = v.pipe(
  v.strictObject(fields),
  v.check(
    ({ purpose, existing }) => purpose.kind !== 'confirm-appointment' || existing !== undefined,
    'A call about an appointment needs `existing`: the appointment that it is about.',
  ),
  v.check(
    ({ expect, existing }) => expect.existing.is === 'untouched' || existing !== undefined,
    'Nothing can become of an appointment that does not exist: give `existing`.',
  ),
);
/** `id` is the file's name. */
export type Scenario = v.InferOutput<typeof Scenario> & { readonly id: string; readonly file: string };
