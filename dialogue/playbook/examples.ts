import { background } from '../understand/background.ts';
import { commonIntents } from '../understand/common-intents.ts';
import type { Label } from './bundle.ts';
import { escalationRules } from './build-people.ts';
import { expand } from './expand.ts';
import { bothWays } from './sounds-like.ts';
import type { Source } from './source.ts';
import type { Example } from './train.ts';

/** Enough of a template to learn its shape; more would drown the others. */
const perTemplate = 10;

/** What is none of these has no shape to learn: a few of each. */
const perBackground = 3;

/** All that the classifier learns from: the playbook's examples, the engine's, and what is neither. */
export function trainingExamples(source: Source): Example[] {
  const examples: Example[] = [];
  const add = (label: Label, templates: readonly string[], limit = perTemplate) => {
    for (const template of templates) {
      const texts = expand(template, source.lists, limit).map((text) => text.toLowerCase());
      for (const text of bothWays(texts, source.soundsLike)) examples.push({ label, text });
    }
  };
  for (const fact of source.facts) add({ kind: 'fact', id: fact.id }, fact.examples);
  for (const { id, examples: said } of source.intents) add({ kind: 'intent', id }, said);
  for (const objection of source.objections) add({ kind: 'objection', id: objection.id }, objection.examples);
  for (const rule of escalationRules(source)) {
    if (rule.when === 'high-stakes') add({ kind: 'high-stakes', id: rule.id }, [...rule.phrases, ...rule.examples]);
  }
  for (const question of source.questions) {
    for (const option of question.options) {
      add({ kind: 'answer', id: option.id, question: question.id }, [...option.phrases, ...option.examples]);
    }
    // Sizes and sums are captured, not classified: here they only must not look like anything else.
    add({ kind: 'none', id: 'none' }, question.examples, 3);
  }
  for (const [id, templates] of Object.entries(commonIntents)) add({ kind: 'intent', id }, templates);
  add({ kind: 'none', id: 'none' }, background, perBackground);
  return examples;
}
