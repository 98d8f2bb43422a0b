import { escalationRules } from './build-people.ts';
import { stepsOf } from './check-flow.ts';
import { checkTemplates, unique } from './check-references.ts';
import type { Path, Report } from './report.ts';
import type { Source } from './source.ts';

/** References between people, rules, questions and facts. */
export function checkPeople(source: Source, report: Report): void {
  const { routing, escalation, scenarios } = source;
  const { error, refers } = report;
  const steps = stepsOf(source);
  const people = routing?.people.map((person) => person.id) ?? [];
  const numeric = source.questions.filter(({ type }) => type === 'quantity' || type === 'money').map(({ id }) => id);

  unique(escalation, ['escalation'], report);
  escalation.forEach((rule, index) => {
    const path = ['escalation', index];
    if (rule.to !== undefined && routing === undefined)
      error([...path, 'to'], `There are no people to send "${rule.to}" to.`, 'add `routing:` with `people:`');
    else if (rule.to !== undefined) refers(rule.to, people, [...path, 'to'], 'person');
    if (rule.when === 'high-stakes') {
      checkTemplates(rule.examples, [...path, 'examples'], source, report);
      checkTemplates(rule.phrases, [...path, 'phrases'], source, report);
    }
    if (rule.when === 'large-deal') refers(rule.question, numeric, [...path, 'question'], 'quantity or money question');
  });
  if (routing !== undefined) {
    const topics = [
      ...escalationRules(source).map((rule) => rule.id),
      ...source.facts.map((fact) => fact.id),
      ...source.objections.map((objection) => objection.id),
    ];
    unique(routing.people, ['routing', 'people'], report);
    routing.people.forEach((person, index) => checkTakesCalls(person, ['routing', 'people', index], topics, report));
    refers(routing.otherwise, people, ['routing', 'otherwise'], 'person');
    routing.rules.forEach(({ to, when }, index) => {
      const path = ['routing', 'rules', index];
      refers(to, people, [...path, 'to'], 'person');
      when.topics?.forEach((topic, at) => refers(topic, topics, [...path, 'when', 'topics', at], 'topic'));
      for (const id of Object.keys(when.atLeast))
        refers(id, numeric, [...path, 'when', 'atLeast', id], 'quantity or money question');
      for (const [id, options] of Object.entries(when.answers)) {
        const question = source.questions.find((candidate) => candidate.id === id);
        const at = [...path, 'when', 'answers', id];
        refers(
          id,
          source.questions.map((candidate) => candidate.id),
          at,
          'question',
        );
        const known = question?.options.map((option) => option.id) ?? [];
        if (question !== undefined) options.forEach((option, place) => refers(option, known, [...at, place], 'option'));
      }
    });
  }
  unique(scenarios.outreach, ['scenarios', 'outreach'], report);
  scenarios.outreach.forEach((reason, index) => {
    const path = ['scenarios', 'outreach', index];
    reason.flow.forEach((step, at) => refers(step, steps, [...path, 'flow', at], 'question or step'));
  });
}

type SourcePerson = NonNullable<Source['routing']>['people'][number];

/** How somebody takes calls must be possible. */
function checkTakesCalls(person: SourcePerson, path: Path, topics: readonly string[], report: Report): void {
  const { takesCalls, phone, sip } = person;
  if (takesCalls === undefined) return;
  const at = [...path, 'takesCalls'];
  if (takesCalls.way !== 'browser' && phone === undefined && sip === undefined)
    report.error(at, `Nothing says where to call ${person.name}.`, 'add `phone:` or `sip:`, or `way: browser`');
  takesCalls.skills.forEach((skill, index) => report.refers(skill, topics, [...at, 'skills', index], 'topic'));
  takesCalls.hours?.forEach(({ from, to }, index) => {
    if (from >= to) report.error([...at, 'hours', index, 'to'], `Ends at ${to}, before it begins at ${from}.`);
  });
}
