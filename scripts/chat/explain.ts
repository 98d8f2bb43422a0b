import type { DecisionRecord } from '../../contract/decision.ts';

const percent = (confidence: number): string => `${Math.round(confidence * 100)} %`;

/** Why the agent says what it says, in a few lines. */
export function explain(record: DecisionRecord, tools: readonly string[]): string[] {
  const { intents, slots, sentiment } = record.understood;
  const meant = intents
    .filter(({ confidence }) => confidence >= 0.3)
    .slice(0, 3)
    .map(({ id, confidence }) => `${id} ${percent(confidence)}`);
  const values = slots.map(({ slot, value, confidence }) => `${slot} = ${value} (${percent(confidence)})`);
  const heard = record.heard !== undefined;
  return [
    ...(heard ? [`understood  ${[...meant, ...values].join(', ') || 'none of these'}`] : []),
    ...(heard && sentiment !== 'neutral' ? [`sentiment   ${sentiment}`] : []),
    `decided     ${record.chosen.rule}: ${record.chosen.reason}`,
    ...(record.cites.length > 0 ? [`facts       ${record.cites.join(', ')}`] : []),
    ...tools.map((did) => `tool        ${did}`),
  ];
}

/** Everything that was weighed, best first. */
export function explainAll(record: DecisionRecord): string[] {
  return [
    `because of  ${record.trigger}${record.heard === undefined ? '' : `: "${record.heard.text}"`}`,
    ...record.understood.intents.map(({ id, confidence }) => `intent      ${id} ${percent(confidence)}`),
    ...record.understood.slots.map(
      ({ slot, value, confidence }) => `slot        ${slot} = ${value} (${percent(confidence)})`,
    ),
    `sentiment   ${record.understood.sentiment}`,
    ...[...record.candidates]
      .sort((a, b) => b.score - a.score)
      .map(({ act, score, why }) => `candidate   ${score.toFixed(2)} ${act}: ${why}`),
    `chosen      ${record.chosen.act} by ${record.chosen.rule}`,
    ...(record.cites.length > 0 ? [`facts       ${record.cites.join(', ')}`] : []),
  ];
}
