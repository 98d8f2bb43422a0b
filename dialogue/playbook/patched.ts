import type { SourcePatch } from './experiment-source.ts';
import type { Source } from './source.ts';

/** A playbook with an arm's changes in it. Ids that the playbook does not have change nothing. */
export function patched(source: Source, patch: SourcePatch): Source {
  return {
    ...source,
    greeting: patch.greeting ?? source.greeting,
    wording: { ...source.wording, ...patch.wording },
    flow: patch.flow ?? source.flow,
    qualification: patch.qualification ?? source.qualification,
    facts: source.facts.map((fact) => {
      const own = ownOf(patch.facts, fact.id);
      const offer = own?.offer ?? fact.offer;
      const price = own?.price ?? fact.price;
      return {
        ...fact,
        says: own?.says ?? fact.says,
        ...(offer === undefined ? {} : { offer }),
        ...(price === undefined ? {} : { price }),
      };
    }),
    questions: source.questions.map((question) => {
      const own = ownOf(patch.questions, question.id);
      const again = own?.again ?? question.again;
      return {
        ...question,
        ask: own?.ask ?? question.ask,
        ...(again === undefined ? {} : { again }),
        bands: own?.bands ?? question.bands,
        options: question.options.map((option) => ({
          ...option,
          points: ownOf(own?.points ?? {}, option.id) ?? option.points,
        })),
      };
    }),
    objections: source.objections.map((objection) => {
      const own = ownOf(patch.objections, objection.id);
      return {
        ...objection,
        attempts: own?.attempts ?? objection.attempts,
        stepBack: own?.stepBack ?? objection.stepBack,
        afterwards: own?.afterwards ?? objection.afterwards,
      };
    }),
  };
}

const ownOf = <Value>(record: Readonly<Record<string, Value>>, id: string): Value | undefined =>
  Object.hasOwn(record, id) ? record[id] : undefined;
