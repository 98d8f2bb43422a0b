import { checkPeople } from './check-people.ts';
import { builtInIntents } from '../understand/common-intents.ts';
import { checkGraph } from './check-graph.ts';
import { checkPrices } from './check-prices.ts';
import { checkVoice } from './check-voice.ts';
import { nearest, type PlaybookIssue } from './issue.ts';
import { expand, TemplateError } from './expand.ts';
import type { Located } from './read-yaml.ts';
import { newReport } from './report.ts';
import { linesOf, maxWords } from './sentences.ts';
import type { SourceSentences } from './sentence-source.ts';

/** Steps of the flow that are the engine's own. */
const builtInSteps = ['name', 'contact', 'appointment'] as const;

type Path = readonly (string | number)[];

/** What a schema cannot see: duplicate ids, references, templates, gaps in questions. All problems at once. */
export function check({ source, locate, whole }: Located): { errors: PlaybookIssue[]; warnings: PlaybookIssue[] } {
  const errors: PlaybookIssue[] = [];
  const warnings: PlaybookIssue[] = [];
  const add = (to: PlaybookIssue[], path: Path, message: string, suggestion?: string) =>
    to.push({ ...locate(path), message, ...(suggestion === undefined ? {} : { suggestion }) });

  const unique = (items: readonly { id: string }[], base: Path) => {
    const seen = new Map<string, number>();
    items.forEach(({ id }, index) => {
      const first = seen.get(id);
      if (first === undefined) seen.set(id, index);
      else {
        const { file, line } = locate([...base, first, 'id']);
        add(errors, [...base, index, 'id'], `The id "${id}" is taken.`, `first used at ${file}:${line}`);
      }
    });
  };
  const refers = (id: string, known: readonly string[], path: Path, what: string) => {
    if (known.includes(id)) return;
    const near = nearest(id, known);
    add(
      errors,
      path,
      `There is no ${what} "${id}".`,
      near === undefined ? `known: ${known.join(', ')}` : `did you mean "${near}"?`,
    );
  };
  const templates = (examples: readonly string[], path: Path) =>
    examples.forEach((example, index) => {
      try {
        expand(example, source.lists, 1);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        add(errors, [...path, index], error.message, 'use (a|b), [optional] and {list}');
      }
    });
  const short = (says: SourceSentences | undefined, path: Path) => {
    if (says === undefined) return;
    for (const line of linesOf(says)) {
      const length = (line.spoken ?? line.text).split(' ').length;
      if (length > maxWords)
        add(
          warnings,
          path,
          `A sentence of ${length} words is long for the ear: "${line.text.slice(0, 40)}…"`,
          'split it in two',
        );
    }
  };

  const factIds = source.facts.map((fact) => fact.id);
  const questionIds = source.questions.map((question) => question.id);
  const serviceIds = source.scheduling.services.map((service) => service.id);
  unique(source.facts, ['facts']);
  unique(source.intents, ['intents']);
  unique(source.questions, ['questions']);
  unique(source.objections, ['objections']);
  unique(source.scheduling.services, ['scheduling', 'services']);
  refers(source.scheduling.service, serviceIds, ['scheduling', 'service'], 'service');
  source.scheduling.openingHours.forEach(({ from, to }, index) => {
    if (from >= to)
      add(errors, ['scheduling', 'openingHours', index, 'to'], `Closes at ${to}, before it opens at ${from}.`);
  });

  source.facts.forEach((fact, index) => {
    const path = ['facts', index];
    fact.relatesTo.forEach((id, at) => refers(id, factIds, [...path, 'relatesTo', at], 'fact'));
    fact.priceOf.forEach((id, at) => refers(id, factIds, [...path, 'priceOf', at], 'fact'));
    if (fact.partOf !== undefined) refers(fact.partOf, factIds, [...path, 'partOf'], 'fact');
    short(fact.offer, [...path, 'offer']);
    templates(fact.examples, [...path, 'examples']);
    short(fact.says, [...path, 'says']);
    if (fact.examples.length > 0 && fact.examples.length < 3)
      add(
        warnings,
        [...path, 'examples'],
        `Only ${fact.examples.length} of them; callers ask in many ways.`,
        'give five or more',
      );
  });
  source.intents.forEach((intent, index) => {
    const path = ['intents', index];
    templates(intent.examples, [...path, 'examples']);
    intent.answers.forEach((id, at) => refers(id, factIds, [...path, 'answers', at], 'fact'));
    if (builtInIntents.includes(intent.id)) {
      if (intent.answers.length > 0)
        add(errors, [...path, 'answers'], `"${intent.id}" is built in: it only takes examples.`, 'choose another id');
    } else if (intent.answers.length === 0)
      add(
        errors,
        path,
        `Nothing answers "${intent.id}".`,
        `add \`answers:\`; built in are ${builtInIntents.join(', ')}`,
      );
  });
  source.objections.forEach((objection, index) => {
    templates(objection.examples, ['objections', index, 'examples']);
    short(objection.stepBack, ['objections', index, 'stepBack']);
    objection.attempts.forEach((attempt, at) => {
      attempt.cites.forEach((id, cite) =>
        refers(id, factIds, ['objections', index, 'attempts', at, 'cites', cite], 'fact'),
      );
      short(attempt.says, ['objections', index, 'attempts', at, 'says']);
    });
  });
  source.questions.forEach((question, index) => {
    const path = ['questions', index];
    unique(question.options, [...path, 'options']);
    short(question.ask, [...path, 'ask']);
    short(question.again, [...path, 'again']);
    templates(question.examples, [...path, 'examples']);
    for (const [other, options] of Object.entries(question.when)) {
      const asked = source.questions.find(({ id }) => id === other);
      refers(other, questionIds, [...path, 'when', other], 'question');
      const known = asked?.options.map(({ id }) => id) ?? [];
      if (asked !== undefined)
        options.forEach((id, at) => refers(id, known, [...path, 'when', other, at], `answer to "${other}"`));
      if (source.flow.indexOf(other) > source.flow.indexOf(question.id) && source.flow.includes(question.id))
        add(
          warnings,
          [...path, 'when', other],
          `"${question.id}" comes before "${other}" in the flow, so it is never asked.`,
          'move it behind',
        );
    }
    question.options.forEach((option, at) => {
      option.about.forEach((id, which) => refers(id, factIds, [...path, 'options', at, 'about', which], 'fact'));
      templates(option.examples, [...path, 'options', at, 'examples']);
      templates(option.phrases, [...path, 'options', at, 'phrases']);
      if (
        option.phrases.length + option.examples.length === 0 &&
        option.withinDays === undefined &&
        option.reply === undefined
      ) {
        add(
          errors,
          [...path, 'options', at],
          `Nothing a caller says leads to "${option.id}".`,
          'give it `phrases:` or `examples:`',
        );
      }
    });
    const choice = question.type === 'choice' || question.type === 'timeline';
    if (choice && question.options.length === 0)
      add(errors, path, `A ${question.type} question needs options.`, 'add `options:`');
    if (question.type === 'quantity' && question.unit === undefined)
      add(errors, path, 'A quantity question needs a unit.', 'add `unit:`');
    if ((builtInSteps as readonly string[]).includes(question.id))
      add(errors, [...path, 'id'], `"${question.id}" is a built-in step.`, 'choose another id');
  });
  const steps = [...source.questions.map((question) => question.id), ...builtInSteps];
  source.flow.forEach((step, index) => {
    refers(step, steps, ['flow', index], 'question or step');
    if (source.flow.indexOf(step) < index) add(errors, ['flow', index], `"${step}" stands in the flow twice.`);
  });
  source.questions.forEach((question, index) => {
    if (!source.flow.includes(question.id))
      add(warnings, ['questions', index, 'id'], `"${question.id}" is never asked.`, 'add it to `flow:`');
  });
  checkPeople(source, steps, {
    error: (path, message, suggestion) => add(errors, path, message, suggestion),
    unique,
    refers,
    templates,
    short,
  });
  short(source.greeting, ['greeting']);
  short(source.disclosure.spoken, ['disclosure', 'spoken']);
  for (const [key, says] of Object.entries(source.wording)) short(says, ['wording', key]);
  const report = newReport(locate);
  checkVoice(source, report);
  // Where a fact or a reference is missing, sums and ways through the graph would only mislead.
  if (whole && errors.length === 0) {
    checkPrices(source, report);
    checkGraph(source, report);
  }
  return { errors: [...errors, ...report.errors], warnings: [...warnings, ...report.warnings] };
}
