import type { Bundle, Line } from '../../dialogue/playbook/bundle.ts';
import { priceText } from '../../dialogue/playbook/prices.ts';

const text = (lines: readonly Line[]): string => lines.map((line) => line.text).join(' ');

/** A bundle as a person would want to read it. */
export function showPlaybook(bundle: Bundle): string {
  const { business } = bundle;
  const out = [
    `${business.name} (${business.id}), answered by ${business.agentName}`,
    `Playbook ${bundle.hash}`,
    '',
    `Greeting: ${text(bundle.greeting)}`,
    `Disclosure ${bundle.disclosure.version}: ${text(bundle.spokenDisclosure)}`,
    ...(bundle.voice.style.length === 0 ? [] : [`Voice: ${bundle.voice.style.join(', ')}`]),
    ...(bundle.voice.forbidden.length === 0 ? [] : [`Never said: ${bundle.voice.forbidden.join(', ')}`]),
    `Flow: ${bundle.flow.join(' → ')}`,
    '',
    'Questions',
    ...bundle.questions.flatMap((question) => [
      `  ${question.id}: ${text(question.ask)}`,
      ...question.options.map((option) => `    ${option.id} (${option.points} points): ${option.label}`),
      ...question.bands.map((band) => `    from ${band.atLeast} (${band.points} points): ${band.label}`),
    ]),
    '',
    'Facts',
    ...bundle.facts.flatMap((fact) => [
      `  ${fact.id}: ${text(fact.lines)}`,
      ...fact.prices.map((price) => `    price: ${priceText(price)}`),
      ...(fact.offer.length === 0 ? [] : [`    offered as: ${text(fact.offer)}`]),
    ]),
    '',
    'Knowledge graph',
    ...bundle.graph.edges.map(({ from, kind, to }) => `  ${from} ${kind} ${to}`),
    '',
    'Objections',
    ...bundle.objections.flatMap((objection) => [
      `  ${objection.id}: ${objection.label}`,
      ...objection.attempts.map((attempt, index) => `    ${index + 1}. ${text(attempt.lines)}`),
      `    then: ${text(objection.stepBack)}`,
    ]),
    '',
    ...peopleLines(bundle),
    ...(bundle.experiments.length === 0
      ? []
      : [
          'Experiments',
          ...bundle.experiments.map(
            ({ id, arms }) => `  ${id}: ${arms.map((arm) => `${arm.id} (weight ${arm.weight})`).join(', ')}`,
          ),
          '',
        ]),
    ...(bundle.locales === undefined ? [] : [`Also in: ${bundle.locales.map(({ locale }) => locale).join(', ')}`, '']),
    'Wording (change any of it under `wording:`)',
    ...Object.entries(bundle.wording).map(([key, lines]) => `  ${key}: ${text(lines)}`),
    '',
    `Speech: ${bundle.speech.phrases.length} phrases, ${bundle.speech.words.length} words, ${bundle.speech.approved.length} sentences synthesised ahead`,
  ];
  return out.join('\n');
}

function peopleLines({ routing, escalation = [], scenarios }: Bundle): string[] {
  return [
    ...(routing === undefined
      ? []
      : [
          'People',
          ...routing.people.map((person) => `  ${person.id}: ${person.saidAs}`),
          ...routing.rules.map(({ to, when }) => `  to ${to} when ${JSON.stringify(when)}`),
          `  to ${routing.otherwise} otherwise`,
          '',
        ]),
    'To a person',
    ...escalation.map(
      (rule) => `  ${rule.id}: ${rule.when}, ${rule.how}${rule.to === undefined ? '' : ` to ${rule.to}`}`,
    ),
    '',
    ...(scenarios === undefined || scenarios.outreach.length === 0
      ? []
      : [
          'Reasons to call somebody',
          ...scenarios.outreach.map((reason) => `  ${reason.id}: ${text(reason.lines)}`),
          '',
        ]),
  ];
}
