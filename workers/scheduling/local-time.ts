import { DateTime, IANAZone } from 'luxon';

/**
 * The instant at which a wall clock in `zone` first shows `time` on `date`. A time that daylight
 * saving skips is the instant of the jump; of a time that comes twice it is the first.
 */
export function instantOf(date: string, time: string, zone: string): number {
  const asUtcMs = DateTime.fromISO(`${date}T${time}`, { zone: 'utc' }).toMillis();
  const offsetMs = (instantMs: number): number => IANAZone.create(zone).offset(instantMs) * 60_000;
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

/** What a calendar and a clock on the wall show. Dates, and times, compare as text. */
export interface WallClock {
  /** As `2026-11-23`. */
  readonly date: string;
  /** As `09:30`. */
  readonly time: string;
  /** 1 is Monday, 7 is Sunday. */
  readonly weekday: number;
}

export function wallClock(instantMs: number, zone: string): WallClock {
  // Read off as UTC after adding the offset: formatting in the zone is ten times slower.
  const shown = new Date(instantMs + IANAZone.create(zone).offset(instantMs) * 60_000);
  const text = shown.toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 16), weekday: shown.getUTCDay() || 7 };
}

export function addDays(date: string, days: number): string {
  return DateTime.fromISO(date, { zone: 'utc' }).plus({ days }).toFormat('yyyy-MM-dd');
}
