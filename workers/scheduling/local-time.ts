import { DateTime } from 'luxon';

/**
 * The instant at which a wall clock in `zone` first shows `time` on `date`. A time that daylight
 * saving skips is the instant of the jump; of a time that comes twice it is the first.
 */
export function instantOf(date: string, time: string, zone: string): number {
  const asUtcMs = DateTime.fromISO(`${date}T${time}`, { zone: 'utc' }).toMillis();
  const offsetMs = (instantMs: number): number => DateTime.fromMillis(instantMs, { zone }).offset * 60_000;
  const dayMs = 86_400_000;
  const before = asUtcMs - offsetMs(asUtcMs - dayMs);
  const after = asUtcMs - offsetMs(asUtcMs + dayMs);
  for (const candidate of [Math.min(before, after), Math.max(before, after)]) {
    if (candidate + offsetMs(candidate) === asUtcMs) return candidate;
  }
  // In a gap: `after` is still before the jump, `before` is past it. Close in on the jump itself.
  let [low, high] = [after, before];
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2_000) * 1_000;
    if (offsetMs(middle) === offsetMs(before)) high = middle;
    else low = middle;
  }
  return high;
}

/** The calendar date in `zone` at an instant, as `2026-11-23`. */
export function localDateOf(instantMs: number, zone: string): string {
  return DateTime.fromMillis(instantMs, { zone }).toFormat('yyyy-MM-dd');
}

/** The wall-clock time in `zone` at an instant, as `09:30`. Comparable as text. */
export function localTimeOf(instantMs: number, zone: string): string {
  return DateTime.fromMillis(instantMs, { zone }).toFormat('HH:mm');
}

export function addDays(date: string, days: number): string {
  return DateTime.fromISO(date, { zone: 'utc' }).plus({ days }).toFormat('yyyy-MM-dd');
}
