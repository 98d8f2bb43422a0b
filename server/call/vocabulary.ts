import type { Bundle } from '../../dialogue/playbook/bundle.ts';

/** Names and terms of the business, the most telling first: for recognisers that can be told what may come up. */
export function vocabularyOf({ business, scheduling, questions, facts, voice }: Bundle): string[] {
  const terms = [
    business.name,
    business.agentName,
    business.representative,
    ...scheduling.services.map((service) => service.name),
    ...Object.keys(voice.pronounce),
    ...questions.flatMap((question) => question.options.map((option) => option.label)),
    ...facts.map((fact) => fact.id.replaceAll('-', ' ')),
  ];
  return [...new Set(terms.map((term) => term.trim()).filter(Boolean))];
}
