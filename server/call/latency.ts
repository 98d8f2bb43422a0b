import type { CallFact } from '../../contract/call-event.ts';
import type { HeardTurn } from './hearing.ts';

/** What the page measured of the way between it and here. */
export interface MediaStats {
  readonly roundTripMs: number;
  readonly jitterBufferMs: number;
}

export interface ReplyTimes {
  readonly turn: number;
  readonly heard: HeardTurn;
  /** Epoch ms, each: the reply was decided and phrased; its audio was ready; its first packet left. */
  readonly decidedAtMs: number;
  readonly readyAtMs: number;
  readonly sentAtMs: number;
}

/** Row I1: from the caller's last sample to the first audible one, each stage counted from the one before. */
export function turnLatency(times: ReplyTimes, stats: MediaStats | undefined): CallFact {
  const { heard, decidedAtMs, readyAtMs, sentAtMs } = times;
  const finalAtMs = Math.max(heard.finalAtMs, heard.endpointAtMs);
  const since = (laterMs: number, earlierMs: number): number => Math.max(0, laterMs - earlierMs);
  const stagesMs = {
    endpointing: since(heard.endpointAtMs, heard.endMs),
    recognition: since(finalAtMs, heard.endpointAtMs),
    decision: since(decidedAtMs, finalAtMs),
    synthesis: since(readyAtMs, decidedAtMs),
    packet: since(sentAtMs, Math.max(readyAtMs, decidedAtMs)),
  };
  const here = Object.values(stagesMs).reduce((sum, ms) => sum + ms, 0);
  if (!stats) return { type: 'turn-latency', turn: times.turn, stagesMs, totalMs: here };
  const playoutMs = stats.roundTripMs / 2 + stats.jitterBufferMs;
  // The caller's last sample was half a round trip old when it came.
  const totalMs = here + playoutMs + stats.roundTripMs / 2;
  return { type: 'turn-latency', turn: times.turn, stagesMs, playoutMs, totalMs };
}
