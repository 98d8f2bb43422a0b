import { builtInIntents } from '../understand/common-intents.ts';
import { builtInSteps } from './check-flow.ts';
import { expand, TemplateError } from './expand.ts';
import type { Path, Report } from './report.ts';
import type { Source } from './source.ts';

/** Ids that are taken, references to nothing, templates that cannot be read, questions without answers. */
export function checkReferences(source: Source, report: Report): void {
  const factIds = source.facts.map(({ id }) => id);
  const facts = (ids: readonly string[], path: Path) =>
    ids.forEach((id, at) => report.refers(id, factIds, [...path, at], 'fact'));

  unique(source.facts, ['facts'], report);
  unique(source.intents, ['intents'], report);
  unique(source.questions, ['questions'], report);
  unique(source.objections, ['objections'], report);
  checkScheduling(source, report);
  source.facts.forEach((fact, index) => {
    const path = ['facts', index];
    facts(fact.relatesTo, [...path, 'relatesTo']);
    facts(fact.priceOf, [...path, 'priceOf']);
    if (fact.partOf !== undefined) report.refers(fact.partOf, factIds, [...path, 'partOf'], 'fact');
    checkTemplates(fact.examples, [...path, 'examples'], source, report);
    if (fact.examples.length > 0 && fact.examples.length < 3)
      report.warn(
        [...path, 'examples'],
        `Only ${fact.examples.length} of them; callers ask in many ways.`,
        'give five or more',
      );
  });
  source.intents.forEach(({ id, examples, answers }, index) => {
    const path = ['intents', index];
    checkTemplates(examples, [...path, 'examples'], source, report);
    facts(answers, [...path, 'answers']);
    if (builtInIntents.includes(id)) {
      if (answers.length > 0)
        report.error([...path, 'answers'], `"${id}" is built in: it only takes examples.`, 'choose another id');
    } else if (answers.length === 0)
      report.error(path, `Nothing answers "${id}".`, `add \`answers:\`; built in are ${builtInIntents.join(', ')}`);
  });
  source.objections.forEach((objection, index) => {
    const path = ['objections', index];
    checkTemplates(objection.examples, [...path, 'examples'], source, report);
    objection.attempts.forEach(({ cites }, at) => facts(cites, [...path, 'attempts', at, 'cites']));
  });
  source.questions.forEach((question, index) => checkQuestion(source, question, ['questions', index], report));
}

function checkQuestion(source: Source, question: Source['questions'][number], path: Path, report: Report): void {
  const factIds = source.facts.map(({ id }) => id);
  const questionIds = source.questions.map(({ id }) => id);
  unique(question.options, [...path, 'options'], report);
  checkTemplates(question.examples, [...path, 'examples'], source, report);
  for (const [other, options] of Object.entries(question.when)) {
    report.refers(other, questionIds, [...path, 'when', other], 'question');
    const asked = source.questions.find(({ id }) => id === other);
    const known = asked?.options.map(({ id }) => id) ?? [];
    if (asked !== undefined)
      options.forEach((id, at) => report.refers(id, known, [...path, 'when', other, at], `answer to "${other}"`));
  }
  question.options.forEach((option, at) => {
    const place = [...path, 'options', at];
    option.about.forEach((id, which) => report.refers(id, factIds, [...place, 'about', which], 'fact'));
    checkTemplates(option.examples, [...place, 'examples'], source, report);
    checkTemplates(option.phrases, [...place, 'phrases'], source, report);
    const understood =
      option.phrases.length + option.examples.length > 0 ||
      option.withinDays !== undefined ||
      option.reply !== undefined;
    if (!understood)
      report.error(place, `Nothing a caller says leads to "${option.id}".`, 'give it `phrases:` or `examples:`');
  });
  const choice = question.type === 'choice' || question.type === 'timeline';
  if (choice && question.options.length === 0)
    report.error(path, `A ${question.type} question needs options.`, 'add `options:`');
  if (question.type === 'quantity' && question.unit === undefined)
    report.error(path, 'A quantity question needs a unit.', 'add `unit:`');
  if (builtInSteps.includes(question.id))
    report.error([...path, 'id'], `"${question.id}" is a built-in step.`, 'choose another id');
}

function checkScheduling({ scheduling }: Source, report: Report): void {
  unique(scheduling.services, ['scheduling', 'services'], report);
  const services = scheduling.services.map(({ id }) => id);
  report.refers(scheduling.service, services, ['scheduling', 'service'], 'service');
  checkOpening(scheduling.openingHours, ['scheduling', 'openingHours'], report);
  scheduling.closures?.forEach(({ from, to }, index) => {
    if (from > to) report.error(['scheduling', 'closures', index, 'to'], `Ends on ${to}, before it begins on ${from}.`);
  });
  const staff = scheduling.staff ?? [];
  unique(staff, ['scheduling', 'staff'], report);
  staff.forEach((person, index) => {
    const path = ['scheduling', 'staff', index];
    person.services?.forEach((id, nth) => report.refers(id, services, [...path, 'services', nth], 'service'));
    checkOpening(person.openingHours ?? [], [...path, 'openingHours'], report);
  });
  scheduling.services.forEach(({ id }, index) => {
    if (staff.length > 0 && !staff.some((person) => person.services?.includes(id) ?? true))
      report.error(
        ['scheduling', 'services', index, 'id'],
        `Nobody does "${id}".`,
        'add it to the services of one of the staff',
      );
  });
}

function checkOpening(openingHours: readonly { from: string; to: string }[], path: Path, report: Report): void {
  openingHours.forEach(({ from, to }, index) => {
    if (from >= to) report.error([...path, index, 'to'], `Closes at ${to}, before it opens at ${from}.`);
  });
}

export function unique(items: readonly { id: string }[], base: Path, report: Report): void {
  const seen = new Map<string, number>();
  items.forEach(({ id }, index) => {
    const first = seen.get(id);
    if (first === undefined) seen.set(id, index);
    else {
      const { file, line } = report.locate([...base, first, 'id']);
      report.error([...base, index, 'id'], `The id "${id}" is taken.`, `first used at ${file}:${line}`);
    }
  });
}

export function checkTemplates(examples: readonly string[], path: Path, { lists }: Source, report: Report): void {
  examples.forEach((example, index) => {
    try {
      expand(example, lists, 1);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      report.error([...path, index], error.message, 'use (a|b), [optional] and {list}');
    }
  });
}
