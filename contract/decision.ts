import * as v from 'valibot';
import { BundleHash, Confidence, EpochMs, Slug } from './primitives.ts';
import { ConsultedModel } from './consultation.ts';
import { Hypothesis } from './session.ts';

/** The arm of an experiment that a call got. */
export const ExperimentArm = v.object({ id: Slug, arm: Slug });
export type ExperimentArm = v.InferOutput<typeof ExperimentArm>;

/** Why the agent said and did what it did in one turn. */
export const DecisionRecord = v.object({
  turn: v.pipe(v.number(), v.integer(), v.minValue(0)),
  atMs: EpochMs,
  playbook: BundleHash,
  experiment: v.optional(ExperimentArm),
  /** What caused this turn: `call-start`, `caller-said`, `caller-silent`, `slots-found` … */
  trigger: v.string(),
  heard: v.optional(
    v.object({
      text: v.string(),
      confidence: Confidence,
      alternatives: v.array(Hypothesis),
      typed: v.boolean(),
    }),
  ),
  understood: v.object({
    /** Best first. Empty: none of the playbook's intents. */
    intents: v.array(v.object({ id: Slug, confidence: Confidence })),
    slots: v.array(v.object({ slot: Slug, value: v.string(), confidence: Confidence })),
    sentiment: v.picklist(['negative', 'neutral', 'positive']),
  }),
  /** Everything that was weighed; the chosen one among them. */
  candidates: v.array(v.object({ act: v.string(), score: v.number(), why: v.string() })),
  chosen: v.object({
    act: v.string(),
    /** The rule's name, as in the playbook or the engine. */
    rule: v.string(),
    /** One sentence for a person. */
    reason: v.string(),
  }),
  /** A language model was asked. */
  model: v.optional(
    v.object({
      ...ConsultedModel.entries,
      /** What the guard said to the sentence that the model wanted to speak. */
      verdict: v.optional(
        v.object({ text: v.pipe(v.string(), v.maxLength(400)), ok: v.boolean(), reasons: v.array(v.string()) }),
      ),
    }),
  ),
  /** The escalation rule that applied, and the person it goes to. */
  escalation: v.optional(v.object({ rule: Slug, to: v.optional(Slug) })),
  /** Facts in the agent's sentences, by id in the knowledge graph. */
  cites: v.array(Slug),
});
export type DecisionRecord = v.InferOutput<typeof DecisionRecord>;
