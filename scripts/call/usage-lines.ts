import type { CallEvent, EngineUsage } from '../../contract/call-event.ts';
import { printable } from './layout.ts';

/** What engines that are paid for did in the call, and what it cost where the price is known. */
export function usageLines(events: readonly CallEvent[]): string[] {
  return events.flatMap(({ fact }) => (fact.type === 'usage' ? fact.used : [])).map(usageLine);
}

function usageLine({ task, engine, model, requests, ...amounts }: EngineUsage): string {
  const { audioMs, characters, inputTokens, outputTokens, costUsd } = amounts;
  const parts = [
    `${requests} ${requests === 1 ? 'request' : 'requests'}`,
    ...(audioMs === undefined ? [] : [`${(audioMs / 1_000).toFixed(1)} s of sound`]),
    ...(characters === undefined ? [] : [`${characters} characters`]),
    ...(inputTokens === undefined ? [] : [`${inputTokens} tokens in`]),
    ...(outputTokens === undefined ? [] : [`${outputTokens} tokens out`]),
    ...(costUsd === undefined ? [] : [`$${costUsd.toFixed(4)}`]),
  ];
  return `  ${task.padEnd(13)}${printable(engine)} ${printable(model)}: ${parts.join(', ')}`;
}
