/** Longest wait between two attempts. */
const maxDelayS = 3_600;

/** The longest a queue can hold a message back. */
const maxQueueDelayS = 43_200;

/**
 * Seconds to wait after the `attempt`th failure (from 1): doubling from `baseS`, half of it random so that
 * deliveries that failed together do not come back together. What the receiver asked for goes first.
 */
export function retryDelayS(attempt: number, baseS: number, retryAfterS: number | null, random: () => number): number {
  if (retryAfterS !== null) return Math.min(retryAfterS, maxQueueDelayS);
  const fullS = Math.min(baseS * 2 ** (attempt - 1), maxDelayS);
  return Math.round(fullS / 2 + (fullS / 2) * random());
}

/** `Retry-After` in seconds: a number or a date (RFC 9110 §10.2.3). Null when absent or unreadable. */
export function readRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header);
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? null : Math.max(0, Math.ceil((dateMs - nowMs) / 1_000));
}
