/** How a destination has been doing. */
export interface Health {
  /** In a row. */
  readonly failures: number;
  /** Nothing is sent before, but for the probe. */
  readonly waitUntilMs: number;
  /** The one delivery that tries whether the destination is back. */
  readonly probeId: string | null;
}

export const healthy: Health = { failures: 0, waitUntilMs: 0, probeId: null };

/** So many failures in a row and the destination is left alone for a while. */
export const failuresToOpen = 5;

const maxDoublings = 4;

/** A destination gets no more time than this at once, or one wrong header would silence it for good. */
const maxAskedS = 3_600;

/** Whether a delivery may go now. */
export const mayGo = ({ waitUntilMs, probeId }: Health, id: string, nowMs: number): boolean =>
  waitUntilMs <= nowMs || probeId === id;

/** Whether the next delivery goes alone, to see how it fares. */
export const needsProbe = ({ failures }: Health): boolean => failures >= failuresToOpen;

/** The health once a probe is on its way: the others wait until it is back, or is believed lost. */
export const probing = (health: Health, id: string, lostAtMs: number): Health => ({
  ...health,
  waitUntilMs: lostAtMs,
  probeId: id,
});

/**
 * The health after the failure of the delivery `id`. A destination that asks for time (`Retry-After`) gets it, up to an hour,
 * and is not held to be broken. From the fifth failure in a row on it is left alone: for `openMs`, doubling up to sixteen
 * times that, half of it random.
 */
export function afterFailure(
  health: Health,
  id: string,
  nowMs: number,
  { retryAfterS, openMs, random }: { retryAfterS: number | null; openMs: number; random: () => number },
): Health {
  const { failures, waitUntilMs, probeId } = health;
  if (retryAfterS !== null) {
    return { failures, waitUntilMs: Math.max(nowMs + Math.min(retryAfterS, maxAskedS) * 1_000, 0), probeId: null };
  }
  // One outage fails all that was under way: only the probe tells anything new of it.
  if (needsProbe(health) && nowMs < waitUntilMs && id !== probeId) return health;
  const count = failures + 1;
  if (count < failuresToOpen) return { failures: count, waitUntilMs, probeId: null };
  const fullMs = openMs * 2 ** Math.min(count - failuresToOpen, maxDoublings);
  return { failures: count, waitUntilMs: nowMs + Math.round(fullMs / 2 + (fullMs / 2) * random()), probeId: null };
}
