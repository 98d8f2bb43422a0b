/** Counters of the agent's audio as `getStats()` has them (W3C webrtc-stats). */
export interface PlayoutCounters {
  readonly jitterBufferDelayS: number;
  readonly emittedCount: number;
}

export interface MediaStats {
  readonly roundTripMs: number;
  readonly jitterBufferMs: number;
}

/** Reads what the call reports: null until both numbers are known. */
export function readStats(
  report: Iterable<unknown>,
  before: PlayoutCounters | null,
): { readonly stats: MediaStats | null; readonly counters: PlayoutCounters | null } {
  let roundTripMs: number | null = null;
  let counters: PlayoutCounters | null = null;
  for (const entry of report) {
    if (!isRecord(entry)) continue;
    const roundTripS = entry['currentRoundTripTime'];
    if (entry['type'] === 'candidate-pair' && entry['state'] === 'succeeded' && typeof roundTripS === 'number')
      roundTripMs = roundTripS * 1_000;
    const jitterBufferDelayS = entry['jitterBufferDelay'];
    const emittedCount = entry['jitterBufferEmittedCount'];
    if (entry['type'] === 'inbound-rtp' && typeof jitterBufferDelayS === 'number' && typeof emittedCount === 'number')
      counters = { jitterBufferDelayS, emittedCount };
  }
  const jitterBufferMs = jitterBufferBetween(before, counters);
  if (roundTripMs === null || jitterBufferMs === null) return { stats: null, counters };
  return { stats: { roundTripMs, jitterBufferMs }, counters };
}

/** The counters are totals since the start: their difference is the mean over the time between. */
function jitterBufferBetween(before: PlayoutCounters | null, now: PlayoutCounters | null): number | null {
  if (now === null) return null;
  const restarted = before === null || now.emittedCount < before.emittedCount;
  const delayS = now.jitterBufferDelayS - (restarted ? 0 : before.jitterBufferDelayS);
  const samples = now.emittedCount - (restarted ? 0 : before.emittedCount);
  return samples > 0 ? Math.max(0, (delayS / samples) * 1_000) : null;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
