import { commonIntents } from '../understand/common-intents.ts';
import { exactKey } from '../understand/classify.ts';
import { expand } from './expand.ts';
import type { Report } from './report.ts';
import type { Source } from './source.ts';

/** More than these teach nothing new, and take minutes to learn from. */
const maxExamples = 5_000;
/** So many sentences of a template are compared. */
const perTemplate = 40;
/** From this share of the smaller set on, two sets are called nearly the same. */
const nearly = 0.5;

interface Meaning {
  readonly path: readonly (string | number)[];
  readonly name: string;
  /** Answers to different questions may sound the same: the open question tells them apart. */
  readonly question?: string;
  readonly templates: readonly string[];
}

/** The same words cannot mean two things. The templates must be known to be good. */
export function checkExamples(source: Source, report: Report): void {
  const meanings = meaningsOf(source);
  const count = meanings.reduce((sum, { templates }) => sum + templates.length, 0);
  if (count > maxExamples) {
    report.error(
      ['facts'],
      `There are ${count} examples; at most ${maxExamples} are learnt from.`,
      'use (a|b) and {lists}',
    );
    return;
  }
  const keysOf = (templates: readonly string[]) =>
    new Set(
      templates
        .flatMap((template) => expand(template, source.lists, perTemplate))
        .map(exactKey)
        .filter(Boolean),
    );
  const known = meanings.map((meaning) => ({ meaning, keys: keysOf(meaning.templates) }));
  const builtIn = Object.entries(commonIntents).map(([id, templates]) => ({
    meaning: { path: [], name: `${id} (built in)`, templates },
    keys: keysOf(templates),
  }));
  known.forEach((one, index) => {
    for (const other of known.slice(index + 1)) {
      const questions = [one.meaning.question, other.meaning.question];
      if (questions[0] === undefined || questions[1] === undefined || questions[0] === questions[1])
        compare(other, one, report);
    }
    for (const other of builtIn)
      if (other.meaning.name !== `${one.meaning.name} (built in)`) compare(one, other, report);
  });
}

interface Known {
  readonly meaning: Meaning;
  readonly keys: ReadonlySet<string>;
}

function compare(one: Known, other: Known, report: Report): void {
  const shared = [...one.keys].filter((key) => other.keys.has(key));
  const [example] = shared;
  if (example === undefined) return;
  const names = `"${one.meaning.name}" and "${other.meaning.name}"`;
  const { path } = one.meaning;
  const where = other.meaning.path.length === 0 ? undefined : report.locate(other.meaning.path);
  const place = where === undefined ? '' : `; the other stands at ${where.file}:${where.line}`;
  if (shared.length === one.keys.size && shared.length === other.keys.size)
    report.error(path, `${names} have the same examples.`, `make them one, or say what tells them apart${place}`);
  else if (shared.length >= nearly * Math.min(one.keys.size, other.keys.size))
    report.warn(path, `${names} have nearly the same examples, as "${example}".`, `say what tells them apart${place}`);
  else report.warn(path, `"${example}" is an example of ${names}.`, `leave it with one of them${place}`);
}

function meaningsOf(source: Source): Meaning[] {
  const { facts, intents, objections, questions, escalation } = source;
  return [
    ...facts.map(({ id, examples }, at) => ({ path: ['facts', at, 'examples'], name: id, templates: examples })),
    ...intents.map(({ id, examples }, at) => ({ path: ['intents', at, 'examples'], name: id, templates: examples })),
    ...objections.map(({ id, examples }, at) => ({
      path: ['objections', at, 'examples'],
      name: id,
      templates: examples,
    })),
    ...escalation.flatMap((rule, at) =>
      rule.when === 'high-stakes'
        ? [{ path: ['escalation', at, 'examples'], name: rule.id, templates: [...rule.phrases, ...rule.examples] }]
        : [],
    ),
    ...questions.flatMap((question, at) =>
      question.options.map(({ id, phrases, examples }, place) => ({
        path: ['questions', at, 'options', place],
        name: `${question.id}: ${id}`,
        question: question.id,
        templates: [...phrases, ...examples],
      })),
    ),
  ];
}
