import { DateTime } from 'luxon';
import type { SchedulingRules, Slot, SlotPreference } from '../../contract/scheduling.ts';
import { fits, type Service } from './capacity.ts';
import { addDays, localDateOf, localTimeOf } from './local-time.ts';
import { openingsOn } from './opening.ts';

const minuteMs = 60_000;

/** How far ahead appointments are offered. */
export const horizonDays = 60;

export interface SlotSearch {
  readonly rules: SchedulingRules;
  readonly service: Service;
  /** Booked appointments of this service. */
  readonly busy: readonly Slot[];
  readonly preference: SlotPreference;
  readonly nowMs: number;
}

/**
 * Every free slot that honours the preference, earliest first. Start times lie `stepMin` of elapsed
 * time apart from the opening on, so an hour skipped by daylight saving has none and one that
 * comes twice has both.
 */
export function freeSlots({ rules, service, busy, preference, nowMs }: SlotSearch): Slot[] {
  const earliestMs = nowMs + service.leadTimeMin * minuteMs;
  const today = localDateOf(nowMs, rules.timeZone);
  const lastDate = min(preference.toDate, addDays(today, horizonDays));
  const slots = new Map<number, Slot>();
  // An opening that lasts past midnight may have begun the day before.
  const firstDate = addDays(max(preference.fromDate, today), -1);
  for (let date = firstDate; date <= lastDate; date = addDays(date, 1)) {
    for (const startMs of startsOn(rules, service, date)) {
      const slot = { startMs, endMs: startMs + service.durationMin * minuteMs };
      if (startMs >= earliestMs && honours(slot, preference, rules.timeZone) && fits(service, slot, busy)) {
        slots.set(startMs, slot);
      }
    }
  }
  return [...slots.values()].sort((a, b) => a.startMs - b.startMs);
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
function honours(slot: Slot, preference: SlotPreference, zone: string): boolean {
  const date = localDateOf(slot.startMs, zone);
  const time = localTimeOf(slot.startMs, zone);
  const { weekday } = DateTime.fromMillis(slot.startMs, { zone });
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
