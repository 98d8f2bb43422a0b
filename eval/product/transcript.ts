import type { CallRecord } from '../../contract/call-record.ts';

/** How a call went, a line for each turn and decision: for the message of a test that failed. */
export function transcriptOf({ events, summary }: CallRecord): string {
  const lines = events.flatMap(({ fact }) => {
    switch (fact.type) {
      case 'agent-turn':
        return `agent   ${fact.text}${fact.interrupted ? ` (heard: "${fact.heardText}")` : ''}`;
      case 'caller-turn':
        return `caller  ${fact.text}`;
      case 'decision':
        return `        [${fact.record.trigger}: ${fact.record.chosen.rule}]`;
      default:
        return [];
    }
  });
  return [...lines, `        (${summary.endReason ?? 'not ended'})`].join('\n');
}
