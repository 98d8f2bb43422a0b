import * as v from 'valibot';

/**
 * What a language model is asked when the playbook's own understanding has no answer: data only, bounded, without the
 * caller's numbers and addresses. Everything it may refer to is named here by id; other ids mean nothing.
 */
export interface Consultation {
  readonly business: { readonly name: string; readonly agentName: string };
  /** BCP 47: the language of the answer. */
  readonly locale: string;
  /** How the brand sounds. */
  readonly style: readonly string[];
  readonly forbidden: readonly string[];
  /** The last turns, oldest first, without what was just said. */
  readonly turns: readonly ConsultedTurn[];
  /** What the caller just said. */
  readonly heard: string;
  /** What the playbook knows that may help, with its approved sentences. */
  readonly facts: readonly { readonly id: string; readonly lines: readonly string[] }[];
  /** Everything that a caller can mean, with ways to say it. */
  readonly meanings: readonly { readonly id: string; readonly examples: readonly string[] }[];
  /** Questions whose answer is one of a list. */
  readonly questions: readonly {
    readonly id: string;
    readonly label: string;
    readonly options: readonly { readonly id: string; readonly label: string }[];
  }[];
}

export interface ConsultedTurn {
  readonly who: 'caller' | 'agent';
  readonly text: string;
}

/** What the caller meant, as far as it is on the lists of the consultation. */
export const ConsultedMeaning = v.object({
  meanings: v.array(v.object({ id: v.string(), confidence: v.number() })),
  answers: v.array(v.object({ question: v.string(), option: v.string() })),
});
export type ConsultedMeaning = v.InferOutput<typeof ConsultedMeaning>;

/** One sentence of a free answer. Nobody has checked it yet. */
export const ConsultedSentence = v.object({ text: v.string(), cites: v.array(v.string()) });
export type ConsultedSentence = v.InferOutput<typeof ConsultedSentence>;

/** Which model answered, to which prompt, and how long after it was asked. */
export const ConsultedModel = v.object({
  id: v.pipe(v.string(), v.maxLength(100)),
  /** The first 16 hex digits of the SHA-256 of the prompt's fixed text. */
  prompt: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  afterMs: v.pipe(v.number(), v.minValue(0)),
});
export type ConsultedModel = v.InferOutput<typeof ConsultedModel>;
