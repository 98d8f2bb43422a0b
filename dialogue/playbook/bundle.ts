import * as v from 'valibot';
import { BundleHash, Locale, PhoneNumber, ShortText, Slug } from '../../contract/primitives.ts';
import { ExperimentArm } from '../../contract/decision.ts';
import { OutboundRules } from '../../contract/outbound.ts';
import { HandoverAcceptance, HandoverWay } from '../../contract/handover.ts';
import { SchedulingRules } from '../../contract/scheduling.ts';
import { Disclosure } from '../../contract/session.ts';
import { Owner } from '../../contract/lead.ts';
import { contentHash } from './content-hash.ts';
import { factKinds } from './knowledge-source.ts';

/** A fixed sentence. `spoken` is how the voice reads it, where that differs. */
export const Line = v.object({ text: v.string(), spoken: v.optional(v.string()) });
export type Line = v.InferOutput<typeof Line>;

const lines = v.array(Line);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A price of a fact: a range, open where an end is missing; both ends are the same for one amount. 0 is free. */
export const Price = v.object({
  /** In the currency's main unit. */
  from: v.optional(v.number()),
  to: v.optional(v.number()),
  /** ISO 4217. */
  currency: v.string(),
  /** Paid for each of these: "month", "visit". */
  per: v.optional(v.string()),
  /** Whom or what it is for, where a fact has several. */
  for: v.optional(v.string()),
});
export type Price = v.InferOutput<typeof Price>;

/** Something the agent may state: a node of the knowledge graph. */
export const Fact = v.object({
  id: Slug,
  kind: v.picklist(factKinds),
  lines,
  /** The only sums that may be named with this fact. */
  prices: v.optional(v.array(Price), []),
  /** Said to offer it after an answer near it. Empty: it is not offered. */
  offer: v.optional(lines, []),
});
export type Fact = v.InferOutput<typeof Fact>;

/** Something callers want that several facts answer. */
export const Intent = v.object({ id: Slug, answers: v.array(Slug) });
export type Intent = v.InferOutput<typeof Intent>;

/** The knowledge graph: what hangs together. `graph.ts` makes it. */
export const Graph = v.object({
  /** `key` is the kind and the id: "fact:warranty", "answer:need/repair". */
  nodes: v.array(
    v.object({
      key: v.string(),
      kind: v.picklist(['fact', 'intent', 'objection', 'question', 'answer', 'action']),
    }),
  ),
  edges: v.array(
    v.object({
      from: v.string(),
      kind: v.picklist(['relates-to', 'part-of', 'priced-by', 'answers', 'cites', 'leads-to', 'asked-after']),
      to: v.string(),
    }),
  ),
});
export type Graph = v.InferOutput<typeof Graph>;

/** How the brand sounds, for a language model and for the guard. */
export const Voice = v.object({
  style: v.array(v.string()),
  /** Never said, in any case, as whole words. */
  forbidden: v.array(v.string()),
  /** Words that the voice gets wrong → how to spell them for it. */
  pronounce: v.record(v.string(), v.string()),
});
export type Voice = v.InferOutput<typeof Voice>;

export const Option = v.object({
  id: Slug,
  /** As it stands in a note: "New roof". */
  label: ShortText,
  points: v.number(),
  /** Lower-case phrases that mean this option wherever they occur. */
  phrases: v.array(v.string()),
  /** Timeline only: a time up to this many days away belongs here. */
  withinDays: v.optional(v.number()),
  /** A mere yes or no to the question means this option. */
  reply: v.optional(v.picklist(['yes', 'no'])),
  /** The business does not serve this: the lead is not qualified. */
  disqualifies: v.boolean(),
});
export type Option = v.InferOutput<typeof Option>;

export const Unit = v.object({
  /** As it stands in a note: "square feet". */
  name: v.string(),
  /** How callers say it. */
  words: v.array(v.string()),
  /** Other units, as roofers' squares: 1 square = 100 square feet. */
  also: v.array(v.object({ words: v.array(v.string()), times: v.number() })),
  min: v.number(),
  max: v.number(),
});
export type Unit = v.InferOutput<typeof Unit>;

export const Question = v.object({
  id: Slug,
  label: ShortText,
  type: v.picklist(['choice', 'timeline', 'quantity', 'money']),
  /** Only asked of callers who gave one of these answers, by question. */
  when: v.optional(v.record(v.string(), v.array(Slug)), {}),
  ask: lines,
  /** Shorter, for the second time. */
  again: lines,
  options: v.array(Option),
  unit: v.optional(Unit),
  /** Quantity and money: highest `atLeast` first. */
  bands: v.array(v.object({ atLeast: v.number(), points: v.number(), label: ShortText })),
});
export type Question = v.InferOutput<typeof Question>;

export const Objection = v.object({
  id: Slug,
  label: ShortText,
  attempts: v.array(v.object({ lines, cites: v.array(Slug) })),
  /** Said when the attempts are used up. */
  stepBack: lines,
  /** After that: stop selling, go on with the open question, or offer a person. */
  afterwards: v.picklist(['stop', 'go-on', 'escalate']),
});
export type Objection = v.InferOutput<typeof Objection>;

/** How and when somebody takes calls that are handed over. */
const TakesCalls = v.object({
  way: HandoverWay,
  accept: HandoverAcceptance,
  ringSeconds: count,
  /** Topics that they take when whoever the routing names cannot. */
  skills: v.array(Slug),
  /** In the business's zone. Absent: the opening hours. Empty: never. */
  hours: v.optional(SchedulingRules.entries.openingHours),
});
export type TakesCalls = v.InferOutput<typeof TakesCalls>;

/** Who takes a lead, a call or a call-back. */
export const Routing = v.object({
  people: v.array(
    v.object({
      ...Owner.entries,
      saidAs: ShortText,
      /** What came later is optional; without it a person is called as most are. */
      takesCalls: v.optional(TakesCalls),
    }),
  ),
  /** The first whose every condition holds decides. */
  rules: v.array(
    v.object({
      to: Slug,
      when: v.object({
        answers: v.record(Slug, v.array(Slug)),
        atLeast: v.record(Slug, v.number()),
        scoreFrom: v.optional(v.number()),
        scoreBelow: v.optional(v.number()),
        topics: v.optional(v.array(Slug)),
        hours: v.optional(v.picklist(['open', 'closed'])),
      }),
    }),
  ),
  otherwise: Slug,
  callBackWithinOpenDays: count,
  /** What the agent does when a person who had the call has hung up. */
  afterwards: v.optional(v.picklist(['goodbye', 'return'])),
});
export type Routing = v.InferOutput<typeof Routing>;

/** When a person takes over, and how. */
export const Escalation = v.object({
  id: Slug,
  label: ShortText,
  when: v.picklist(['asked-for-person', 'not-understood', 'upset', 'high-stakes', 'large-deal']),
  how: v.picklist(['transfer', 'call-back', 'offer', 'go-on']),
  lines,
  to: v.optional(Slug),
  /** Replies in a row, for those not understood and those upset. */
  times: v.optional(count),
  /** High stakes: lower-case phrases that mean it wherever they occur. */
  phrases: v.array(v.string()),
  /** A large deal. */
  question: v.optional(Slug),
  atLeast: v.optional(v.number()),
});
export type Escalation = v.InferOutput<typeof Escalation>;

/** Calls that are not a lead calling in. */
export const Scenarios = v.object({
  outreach: v.array(v.object({ id: Slug, label: ShortText, lines, flow: v.array(Slug) })),
  appointments: v.object({ move: v.boolean(), cancel: v.boolean() }),
});
export type Scenarios = v.InferOutput<typeof Scenarios>;

/** What an utterance can mean. */
export const Label = v.object({
  kind: v.picklist(['intent', 'fact', 'objection', 'answer', 'high-stakes', 'none']),
  id: Slug,
  /** For an answer: the question. */
  question: v.optional(Slug),
});
export type Label = v.InferOutput<typeof Label>;

/** A linear model for each label, over word and character n-grams. */
export const Classifier = v.object({
  labels: v.array(Label),
  bias: v.array(v.number()),
  /** By feature: its rarity × 100, then label index, weight × 100, label index, weight × 100 … */
  weights: v.record(v.string(), v.array(v.number())),
  /** The rarity of a feature that no example has. */
  unseen: v.number(),
  /** From a guess's lead over "none of these" to the probability that it is right. */
  calibration: v.object({ slope: v.number(), offset: v.number() }),
  /** An example, normalised → its label's index. */
  exact: v.record(v.string(), count),
});
export type Classifier = v.InferOutput<typeof Classifier>;

const Qualification = v.object({ qualifiedFrom: v.number(), contactPoints: v.number(), appointmentPoints: v.number() });

/** What an arm of an experiment or a locale changes: whole parts, by their ids, in the place of the playbook's own. */
export const Patch = v.object({
  greeting: v.optional(lines),
  disclosure: v.optional(Disclosure),
  spokenDisclosure: v.optional(lines),
  wording: v.record(v.string(), lines),
  flow: v.optional(v.array(Slug)),
  qualification: v.optional(Qualification),
  facts: v.array(Fact),
  questions: v.array(Question),
  objections: v.array(Objection),
});
export type Patch = v.InferOutput<typeof Patch>;

const Experiment = v.object({
  id: Slug,
  arms: v.array(v.object({ id: Slug, weight: v.number(), patch: Patch })),
});

/**
 * A compiled playbook: plain JSON, named by its content. What came later is optional: calls go on with the playbook
 * that is published when a node is updated.
 */
export const BundleSchema = v.object({
  hash: BundleHash,
  business: v.object({
    id: Slug,
    name: ShortText,
    agentName: ShortText,
    /** Who calls back: "Dana" or "one of our roofers". */
    representative: ShortText,
    phone: v.optional(PhoneNumber),
    privacyUrl: v.optional(v.string()),
    /** Absent: no. */
    greetByName: v.optional(v.literal(true)),
    /** Both sides of a call are recorded; the disclosure says so. Absent: no. */
    recording: v.optional(v.literal(true)),
  }),
  locale: Locale,
  disclosure: Disclosure,
  scheduling: SchedulingRules,
  /** The service that calls lead to. */
  service: Slug,
  voice: v.optional(Voice, { style: [], forbidden: [], pronounce: {} }),
  greeting: lines,
  spokenDisclosure: lines,
  /** By telephone: what is said of the keys, and what each means in a caller's words. */
  keypad: v.optional(v.object({ lines, keys: v.record(v.string(), v.string()) })),
  /** Question ids and the built-in steps `name`, `contact`, `appointment`, in order. */
  flow: v.array(Slug),
  questions: v.array(Question),
  facts: v.array(Fact),
  intents: v.optional(v.array(Intent), []),
  graph: v.optional(Graph, { nodes: [], edges: [] }),
  objections: v.array(Objection),
  qualification: Qualification,
  /** Absent in bundles of earlier versions, and in a playbook without people. */
  routing: v.optional(Routing),
  escalation: v.optional(v.array(Escalation)),
  scenarios: v.optional(Scenarios),
  /** Absent: `defaultOutboundRules`. */
  outbound: v.optional(OutboundRules),
  wording: v.record(v.string(), lines),
  experiments: v.optional(v.array(Experiment), []),
  /** The fixed sentences in other languages. Absent where there is none, and in bundles of earlier versions. */
  locales: v.optional(v.array(v.object({ locale: Locale, patch: Patch }))),
  /** In a call: the arm that it got. Not in what is published. */
  arm: v.optional(ExperimentArm),
  classifier: Classifier,
  speech: v.object({
    /** What callers may say, for the recogniser's language model: lower case, no punctuation. */
    phrases: v.array(v.string()),
    words: v.array(v.string()),
    /** Every fixed sentence of the agent, as the voice reads it. */
    approved: v.array(v.string()),
  }),
});
export type Bundle = v.InferOutput<typeof BundleSchema>;

/** Checks a bundle's shape, and that its hash is that of its content as it came, also from an older compiler. */
export async function parseBundle(json: unknown): Promise<Bundle> {
  const bundle = v.parse(BundleSchema, json);
  const actual = await contentHash(v.parse(v.looseObject({}), json));
  if (actual !== bundle.hash) {
    throw new Error(
      `The playbook bundle is damaged: its content hashes to ${actual}, its name is ${bundle.hash}. Compile it again.`,
    );
  }
  return bundle;
}
