import { checkPeople } from './check-people.ts';
import { nearest, type PlaybookIssue } from './issue.ts';
import { expand, TemplateError } from './expand.ts';
import type { Located } from './read-yaml.ts';
import { linesOf, maxWords } from './sentences.ts';
import type { SourceSentences } from './source.ts';

/** Steps of the flow that are the engine's own. */
const builtInSteps = ['name', 'contact', 'appointment'] as const;

type Path = readonly (string | number)[];

/** What a schema cannot see: duplicate ids, references, templates, gaps in questions. All problems at once. */
export function check({ source, locate }: Located): { errors: PlaybookIssue[]; warnings: PlaybookIssue[] } {
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
  const serviceIds = source.scheduling.services.map((service) => service.id);
  unique(source.facts, ['facts']);
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
    templates(fact.examples, [...path, 'examples']);
    short(fact.says, [...path, 'says']);
    if (fact.examples.length < 3)
      add(
        warnings,
        [...path, 'examples'],
        `Only ${fact.examples.length} of them; callers ask in many ways.`,
        'give five or more',
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
    question.options.forEach((option, at) => {
      templates(option.examples, [...path, 'options', at, 'examples']);
      templates(option.phrases, [...path, 'options', at, 'phrases']);
      if (option.phrases.length + option.examples.length === 0 && option.withinDays === undefined) {
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
  return { errors, warnings };
}
