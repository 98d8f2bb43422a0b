import { defaultWording } from '../phrase/wording.ts';
import type { SourceSentences } from './sentence-source.ts';
import type { Source } from './source.ts';

/** Sentences that the agent says together, where they are written, and the facts behind them. */
export interface Said {
  readonly path: readonly (string | number)[];
  readonly says: SourceSentences | readonly string[];
  /** Null: it may speak of any fact. */
  readonly cites: readonly string[] | null;
}

/** All that the agent can say by heart, for checks that hold everywhere. */
export function everySentence(source: Source): Said[] {
  const all: Said[] = [];
  const add = (
    path: Said['path'],
    says: SourceSentences | readonly string[] | undefined,
    cites: Said['cites'] = null,
  ): void => {
    if (says !== undefined) all.push({ path, says, cites });
  };
  add(['greeting'], source.greeting);
  add(['disclosure', 'spoken'], source.disclosure.spoken);
  source.facts.forEach((fact, index) => {
    const near = [fact.id, ...fact.relatesTo, ...fact.priceOf, ...(fact.partOf === undefined ? [] : [fact.partOf])];
    const priced = source.facts.filter(({ priceOf }) => priceOf.includes(fact.id)).map(({ id }) => id);
    add(['facts', index, 'says'], fact.says, [...near, ...priced]);
    add(['facts', index, 'offer'], fact.offer, [...near, ...priced]);
  });
  source.questions.forEach((question, index) => {
    add(['questions', index, 'ask'], question.ask);
    add(['questions', index, 'again'], question.again);
  });
  source.objections.forEach((objection, index) => {
    objection.attempts.forEach((attempt, at) =>
      add(['objections', index, 'attempts', at, 'says'], attempt.says, attempt.cites),
    );
    add(
      ['objections', index, 'stepBack'],
      objection.stepBack,
      objection.attempts.flatMap(({ cites }) => cites),
    );
  });
  source.escalation.forEach((rule, index) => add(['escalation', index, 'says'], rule.says));
  source.scenarios.outreach.forEach((reason, index) => add(['scenarios', 'outreach', index, 'says'], reason.says));
  for (const [key, sentences] of Object.entries(defaultWording))
    add(['wording', key], source.wording[key] ?? sentences);
  return all;
}
