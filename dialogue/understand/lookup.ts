import type { Bundle, Fact, Objection, Question } from '../playbook/bundle.ts';

/** A bundle's parts by name, made once for each bundle. Holds nothing of a call. */
interface Lookup {
  readonly questions: ReadonlyMap<string, Question>;
  readonly facts: ReadonlyMap<string, Fact>;
  readonly objections: ReadonlyMap<string, Objection>;
  /** By question: option phrases as words, longest first. */
  readonly phrases: ReadonlyMap<string, readonly { readonly option: string; readonly words: readonly string[] }[]>;
  readonly approved: ReadonlySet<string>;
}

const lookups = new WeakMap<Bundle, Lookup>();

export function lookupOf(bundle: Bundle): Lookup {
  const known = lookups.get(bundle);
  if (known !== undefined) return known;
  const made: Lookup = {
    questions: new Map(bundle.questions.map((question) => [question.id, question])),
    facts: new Map(bundle.facts.map((fact) => [fact.id, fact])),
    objections: new Map(bundle.objections.map((objection) => [objection.id, objection])),
    phrases: new Map(
      bundle.questions.map((question) => [
        question.id,
        question.options
          .flatMap((option) => option.phrases.map((phrase) => ({ option: option.id, words: phrase.split(' ') })))
          .sort((a, b) => b.words.length - a.words.length),
      ]),
    ),
    approved: new Set(bundle.speech.approved),
  };
  lookups.set(bundle, made);
  return made;
}
