import type { DecisionRecord } from '../../contract/decision.ts';

/** "Hold on a second": they look something up, or speak to somebody else. */
const askedForTimeMs = 25_000;

/** The caller's latest words were "one moment please", and the agent said to take their time. */
export function askedForTime(latest: DecisionRecord | null): boolean {
  return latest?.chosen.rule === 'caller-needs-time';
}

/** How long the caller may be silent before being asked whether they are still there. */
export function patienceMs(usualMs: number, latest: DecisionRecord | null): number {
  return askedForTime(latest) ? Math.max(usualMs, askedForTimeMs) : usualMs;
}
