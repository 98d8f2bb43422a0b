import { IANAZone } from 'luxon';

const dayMs = 86_400_000;

/** Clocks change on whole quarters of an hour, so within one the offset is the same. */
const quarterMs = 900_000;
const maxKnownOffsets = 20_000;
const knownOffsets = new Map<string, number>();

/** How far the zone's clocks are ahead of UTC at an instant. Remembered: asking takes longer than all the rest. */
function offsetMs(instantMs: number, zone: string): number {
  const quarter = Math.floor(instantMs / quarterMs);
  const key = `${zone} ${quarter}`;
  const known = knownOffsets.get(key);
  if (known !== undefined) return known;
  const found = IANAZone.create(zone).offset(quarter * quarterMs) * 60_000;
  if (knownOffsets.size >= maxKnownOffsets) knownOffsets.clear();
  knownOffsets.set(key, found);
  return found;
}

/** The instants at which a wall clock in `zone` shows `time` on `date`, earliest first: none of a time that is skipped. */
export function instantsOf(date: string, time: string, zone: string): number[] {
  const asUtcMs = Date.parse(`${date}T${time}Z`);
  return [...new Set(aroundMs(asUtcMs, zone))]
    .filter((candidate) => candidate + offsetMs(candidate, zone) === asUtcMs)
    .sort((a, b) => a - b);
}

/**
 * The instant at which a wall clock in `zone` first shows `time` on `date`. A time that daylight
 * saving skips is the instant of the jump; of a time that comes twice it is the first.
 */
export function instantOf(date: string, time: string, zone: string): number {
  const [first] = instantsOf(date, time, zone);
  if (first !== undefined) return first;
  const [before, after] = aroundMs(Date.parse(`${date}T${time}Z`), zone);
  // In a gap: `after` is still before the jump, `before` is past it. Close in on the jump, in quarters of an hour.
  let low = Math.floor(after / quarterMs);
  let high = Math.ceil(before / quarterMs);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMs(middle * quarterMs, zone) === offsetMs(before, zone)) high = middle;
    else low = middle;
  }
  return high * quarterMs;
}

/** The instants meant if the zone's clocks are as they are a day before, and a day after. */
function aroundMs(asUtcMs: number, zone: string): readonly [before: number, after: number] {
  return [asUtcMs - offsetMs(asUtcMs - dayMs, zone), asUtcMs - offsetMs(asUtcMs + dayMs, zone)];
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
  const shown = new Date(instantMs + offsetMs(instantMs, zone));
  const text = shown.toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 16), weekday: shown.getUTCDay() || 7 };
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10);
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf(date: string): number {
  return new Date(date).getUTCDay() || 7;
}
