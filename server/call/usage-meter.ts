import type { EngineUsage } from '../../contract/call-event.ts';

/** What one call used of engines that are paid for: one entry for each task, engine and model. */
export class UsageMeter {
  readonly #entries = new Map<string, EngineUsage>();

  get total(): readonly EngineUsage[] {
    return [...this.#entries.values()];
  }

  add(usage: EngineUsage): void {
    const key = JSON.stringify([usage.task, usage.engine, usage.model]);
    const before = this.#entries.get(key);
    this.#entries.set(key, before ? sum(before, usage) : usage);
  }
}

const measures = ['audioMs', 'characters', 'inputTokens', 'outputTokens', 'costUsd'] as const;

function sum(a: EngineUsage, b: EngineUsage): EngineUsage {
  const added: EngineUsage = { ...a, requests: a.requests + b.requests };
  for (const measure of measures) {
    const amount = b[measure];
    if (amount !== undefined) added[measure] = (a[measure] ?? 0) + amount;
  }
  return added;
}
