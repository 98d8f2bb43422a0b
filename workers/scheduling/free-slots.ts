import type { SchedulingRules, Slot, SlotPreference } from '../../contract/scheduling.ts';
import type { Service, Taken } from './capacity.ts';
import { addDays, wallClock, type WallClock } from '../../dialogue/calendar/local-time.ts';
import { openingsOn } from '../../dialogue/calendar/opening.ts';
import { placeFor, type PlaceWish } from './place.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** How far ahead appointments of a service are offered. */
export const horizonDaysOf = ({ horizonDays }: Service): number => horizonDays ?? 60;

export interface SlotSearch {
  readonly rules: SchedulingRules;
  readonly service: Service;
  readonly taken: readonly Taken[];
  readonly preference: SlotPreference;
  readonly nowMs: number;
  /** Slots are looked for on so many different days at most, so that none is offered weeks after the others. */
  readonly maxDays: number;
  /** Who shall do it. */
  readonly wish?: PlaceWish;
}

/**
 * Every free slot that honours the preference, earliest first. Start times lie `stepMin` of elapsed
 * time apart from the opening on, so an hour skipped by daylight saving has none and one that
 * comes twice has both.
 */
export function freeSlots({ rules, service, taken, preference, nowMs, maxDays, wish }: SlotSearch): Slot[] {
  const earliestMs = nowMs + service.leadTimeMin * minuteMs;
  const horizonDays = horizonDaysOf(service);
  const latestMs = nowMs + horizonDays * dayMs;
  const today = wallClock(nowMs, rules.timeZone).date;
  const lastDate = min(preference.toDate, addDays(today, horizonDays));
  const slots = new Map<number, Slot>();
  const days = new Set<string>();
  // An opening that lasts past midnight may have begun the day before.
  let date = addDays(max(preference.fromDate, today), -1);
  for (; date <= lastDate && days.size <= maxDays; date = addDays(date, 1)) {
    for (const startMs of startsOn(rules, service, date)) {
      const slot = { startMs, endMs: startMs + service.durationMin * minuteMs };
      const clock = wallClock(startMs, rules.timeZone);
      const isWanted = startMs >= earliestMs && startMs <= latestMs && honours(clock, preference);
      if (isWanted && placeFor(rules, service, slot, taken, wish) !== null) {
        days.add(clock.date);
        slots.set(startMs, slot);
      }
    }
  }
  const kept = new Set([...days].sort().slice(0, maxDays));
  return [...slots.values()]
    .filter(({ startMs }) => kept.has(wallClock(startMs, rules.timeZone).date))
    .sort((a, b) => a.startMs - b.startMs);
}

/** The start times of a service in the openings that begin on `date`. */
export function startsOn(rules: SchedulingRules, service: Service, date: string): number[] {
  return openingsOn(rules, date).flatMap(({ fromMs, toMs }) => {
    const lastMs = toMs - service.durationMin * minuteMs;
    const stepMs = service.stepMin * minuteMs;
    return lastMs < fromMs
      ? []
      : Array.from({ length: Math.floor((lastMs - fromMs) / stepMs) + 1 }, (_, n) => fromMs + n * stepMs);
  });
}

/** `notBefore` and `notAfter` bound the start; an appointment may end after `notAfter`. */
function honours({ date, time, weekday }: WallClock, preference: SlotPreference): boolean {
  return (
    (preference.fromDate === undefined || date >= preference.fromDate) &&
    (preference.toDate === undefined || date <= preference.toDate) &&
    (preference.days === undefined || preference.days.some((day) => day === weekday)) &&
    (preference.notDays === undefined || !preference.notDays.some((day) => day === weekday)) &&
    (preference.notBefore === undefined || time >= preference.notBefore) &&
    (preference.notAfter === undefined || time <= preference.notAfter)
  );
}

const max = (a: string | undefined, b: string): string => (a !== undefined && a > b ? a : b);
const min = (a: string | undefined, b: string): string => (a !== undefined && a < b ? a : b);
