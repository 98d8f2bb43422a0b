import * as v from 'valibot';
import { ShortText, Slug } from '../../contract/primitives.ts';
import { examples } from './example-source.ts';
import { sentences } from './sentence-source.ts';

/** The part of a playbook that becomes the knowledge graph. */

export const factKinds = ['product', 'feature', 'price', 'policy', 'faq', 'hours', 'area', 'company'] as const;

/** What the agent may do next. */
export const actions = ['appointment', 'call-back'] as const;

export const currency = v.pipe(v.string(), v.regex(/^[A-Z]{3}$/, 'Write the currency as three capitals, as USD.'));

const amount = v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000_000));

const price = v.pipe(
  v.strictObject({
    /** One price; or a range, open where an end is missing. 0 is free. */
    amount: v.optional(amount),
    from: v.optional(amount),
    to: v.optional(amount),
    currency: v.optional(currency),
    /** What it is paid for each of: "month", "user a month", "visit". */
    per: v.optional(ShortText),
    /** Whom or what this one is for, where a fact has several: "children". */
    for: v.optional(ShortText),
  }),
  v.check(
    ({ amount, from, to }) =>
      amount === undefined ? from !== undefined || to !== undefined : (from ?? to) === undefined,
    'Write `amount:`, or `from:` and `to:`.',
  ),
  v.check(({ from, to }) => from === undefined || to === undefined || from <= to, '`from:` is more than `to:`.'),
);
export type SourcePrice = v.InferOutput<typeof price>;

export const prices = v.union(
  [price, v.pipe(v.array(price), v.minLength(1, 'Write at least one price.'))],
  'Write one price, or a list of prices.',
);

export const fact = v.strictObject({
  id: Slug,
  kind: v.picklist(factKinds),
  says: sentences,
  /** The amounts in `says`, for the checks: nothing else may be named as a price. */
  price: v.optional(prices),
  /** None: it only comes up through others. */
  examples: v.optional(v.array(v.pipe(v.string(), v.minLength(1))), []),
  /** Said to offer this fact, when the caller has asked about something near it. */
  offer: v.optional(sentences),
  relatesTo: v.optional(v.array(Slug), []),
  partOf: v.optional(Slug),
  /** The facts that this is the price of. */
  priceOf: v.optional(v.array(Slug), []),
  next: v.optional(v.picklist(actions)),
});

/** Something callers want that several facts answer; or more ways to say one of the built-in intents. */
export const intent = v.strictObject({
  id: Slug,
  examples,
  answers: v.optional(v.array(Slug), []),
  next: v.optional(v.picklist(actions)),
});
