import { escalationRules } from './build-people.ts';
import type { SourceSentences } from './sentence-source.ts';
import type { Source } from './source.ts';

type Path = readonly (string | number)[];

/** How `check.ts` looks at things, for the sections on people and scenarios. */
interface Checks {
  error(path: Path, message: string, suggestion?: string): void;
  unique(items: readonly { id: string }[], base: Path): void;
  refers(id: string, known: readonly string[], path: Path, what: string): void;
  templates(examples: readonly string[], path: Path): void;
  short(says: SourceSentences | undefined, path: Path): void;
}

/** References between people, rules, questions and facts; `steps` may stand in a flow. */
export function checkPeople(source: Source, steps: readonly string[], checks: Checks): void {
  const { routing, escalation, scenarios } = source;
  const { error, unique, refers, templates, short } = checks;
  const people = routing?.people.map((person) => person.id) ?? [];
  const numeric = source.questions.filter(({ type }) => type === 'quantity' || type === 'money').map(({ id }) => id);

  unique(escalation, ['escalation']);
  escalation.forEach((rule, index) => {
    const path = ['escalation', index];
    short(rule.says, [...path, 'says']);
    if (rule.to !== undefined && routing === undefined)
      error([...path, 'to'], `There are no people to send "${rule.to}" to.`, 'add `routing:` with `people:`');
    else if (rule.to !== undefined) refers(rule.to, people, [...path, 'to'], 'person');
    if (rule.when === 'high-stakes') {
      templates(rule.examples, [...path, 'examples']);
      templates(rule.phrases, [...path, 'phrases']);
    }
    if (rule.when === 'large-deal') refers(rule.question, numeric, [...path, 'question'], 'quantity or money question');
  });
  if (routing !== undefined) {
    const topics = [
      ...escalationRules(source).map((rule) => rule.id),
      ...source.facts.map((fact) => fact.id),
      ...source.objections.map((objection) => objection.id),
    ];
    unique(routing.people, ['routing', 'people']);
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
  unique(scenarios.outreach, ['scenarios', 'outreach']);
  scenarios.outreach.forEach((reason, index) => {
    const path = ['scenarios', 'outreach', index];
    short(reason.says, [...path, 'says']);
    reason.flow.forEach((step, at) => refers(step, steps, [...path, 'flow', at], 'question or step'));
  });
}
