import type { Finding } from './evidence.ts';

export type Note = (kind: Finding['kind'], what: string) => void;

/** A list of findings, and who writes in it about one call. */
export function findings(): { found: Finding[]; note: (callId: string | null) => Note } {
  const found: Finding[] = [];
  return { found, note: (callId) => (kind, what) => void found.push({ kind, callId, what }) };
}
