import * as v from 'valibot';
import { HandoverAcceptance, HandoverWay } from '../../contract/handover.ts';
import { Owner } from '../../contract/lead.ts';
import { Slug, ShortText } from '../../contract/primitives.ts';
import { openingHours } from './scheduling-source.ts';
import { examples } from './example-source.ts';
import { sentences } from './sentence-source.ts';

/** The sections on people: who takes a lead (`routing`), and when a person takes over (`escalation`). */

const points = v.pipe(v.number(), v.minValue(0), v.maxValue(100));
const whole = v.pipe(v.number(), v.integer(), v.minValue(1));

const owner = v.strictObject({
  ...Owner.entries,
  /** How the agent speaks of them: "Dana from our office". */
  saidAs: v.optional(ShortText),
  /** How they take calls that are handed over. */
  takesCalls: v.optional(
    v.strictObject({
      way: v.optional(HandoverWay, 'bridge'),
      accept: v.optional(HandoverAcceptance, 'key'),
      ringSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(60)), 20),
      /** When; the opening hours where there are none. An empty list: never. */
      hours: v.optional(openingHours),
      /** Topics that they also take when whoever the routing names cannot. */
      skills: v.optional(v.array(Slug), []),
    }),
  ),
});

/** All that is given must hold. */
const condition = v.strictObject({
  /** Question → any of these options. */
  answers: v.optional(v.record(Slug, v.array(Slug)), {}),
  /** Question → at least this number. */
  atLeast: v.optional(v.record(Slug, v.number()), {}),
  scoreFrom: v.optional(points),
  scoreBelow: v.optional(points),
  /** Any of these: an escalation rule that applied, a fact asked about, an objection made. */
  topics: v.optional(v.array(Slug)),
  /** By the opening hours, at that moment. */
  hours: v.optional(v.picklist(['open', 'closed'])),
});

export const routing = v.strictObject({
  people: v.pipe(v.array(owner), v.minLength(1, 'Name at least one person.')),
  /** The first that holds decides. */
  rules: v.optional(v.array(v.strictObject({ to: Slug, when: condition })), []),
  /** Who takes what no rule is about. */
  otherwise: Slug,
  /** When a promised call-back is due: the end of the day's opening hours so many open days on, 0 is today. */
  callBackWithinOpenDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10)), 1),
  /** When a person who had the call hangs up: the agent says goodbye, or asks whether there is anything else. */
  afterwards: v.optional(v.picklist(['goodbye', 'return']), 'goodbye'),
});

const escalation = {
  id: Slug,
  /** The reason, as it stands in the CRM and in the call's record. */
  label: ShortText,
  /** Said before the person is fetched. */
  says: v.optional(sentences),
  /** Someone of `routing`; otherwise the routing decides. */
  to: v.optional(Slug),
};

/** Transfer the call at once, promise a call-back, offer one, or only note it and route the lead. */
const how = v.picklist(['transfer', 'call-back', 'offer', 'go-on']);

export const escalationRule = v.variant('when', [
  v.strictObject({ ...escalation, when: v.literal('asked-for-person'), how: v.optional(how, 'transfer') }),
  v.strictObject({
    ...escalation,
    when: v.literal('not-understood'),
    /** Replies in a row that made no sense. */
    times: v.optional(whole, 2),
    how: v.optional(how, 'offer'),
  }),
  v.strictObject({
    ...escalation,
    when: v.literal('upset'),
    /** Unhappy replies in a row; a complaint in strong words needs no second. */
    turns: v.optional(whole, 2),
    how: v.optional(how, 'offer'),
  }),
  v.strictObject({
    ...escalation,
    when: v.literal('high-stakes'),
    /** Always with a person: it can be neither answered nor gone over. */
    how: v.optional(v.picklist(['transfer', 'call-back']), 'transfer'),
    examples,
    /** Words that mean it wherever they occur. */
    phrases: v.optional(v.array(v.string()), []),
  }),
  v.strictObject({
    ...escalation,
    when: v.literal('large-deal'),
    /** A quantity or money question, and the number from which on the deal is large. */
    question: Slug,
    atLeast: v.number(),
    how: v.optional(how, 'go-on'),
  }),
]);
export type SourceEscalation = v.InferOutput<typeof escalationRule>;
