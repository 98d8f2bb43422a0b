import type { SchedulingRules, Slot } from '../../contract/scheduling.ts';
import { addDays, wallClock } from '../../dialogue/calendar/local-time.ts';
import { openingsOn } from '../../dialogue/calendar/opening.ts';
import { afterMs, beforeMs, fits, type Service, type Taken } from './capacity.ts';

/** Where an appointment can be: with one of the staff, or, in a business without a list of them, with anybody. */
export interface Place {
  readonly staff: string | null;
}

/** Who shall do it. */
export interface PlaceWish {
  /** By id: goes before the others. */
  readonly staff?: string | null | undefined;
  /** Nobody else will do. */
  readonly isFixed?: boolean;
  /** Where nobody who is at work is free, somebody who is not. */
  readonly anyHour?: boolean;
}

/**
 * The place for one more appointment beside all that is taken, or null. Of the staff who do the service
 * and are free the wanted one goes first, then who has the least booked.
 */
export function placeFor(
  rules: SchedulingRules,
  service: Service,
  slot: Slot,
  taken: readonly Taken[],
  { staff: wanted = null, isFixed = false, anyHour = false }: PlaceWish = {},
): Place | null {
  const collides = (other: Taken): boolean => {
    const theirs = rules.services.find(({ id }) => id === other.service);
    const gapBeforeMs = Math.max(beforeMs(service), theirs === undefined ? 0 : afterMs(theirs));
    const gapAfterMs = Math.max(afterMs(service), theirs === undefined ? 0 : beforeMs(theirs));
    return other.startMs < slot.endMs + gapAfterMs && slot.startMs < other.endMs + gapBeforeMs;
  };
  const colliding = taken.filter(collides);
  if (colliding.some((other) => other.service === null && other.staff === null)) return null;
  const same = taken.filter((other) => other.service === service.id);
  if (!fits(service, slot, same)) return null;
  if (rules.staff === undefined) return { staff: null };
  const idle = rules.staff.filter(
    ({ id, services }) => (services?.includes(service.id) ?? true) && !colliding.some((other) => other.staff === id),
  );
  const atWork = idle.filter(({ openingHours: hours }) => hours === undefined || covers(rules, hours, slot));
  const isThere = isFixed ? atWork.some(({ id }) => id === wanted) : atWork.length > 0;
  const able = anyHour && !isThere ? idle : atWork;
  // Booked before there was a list of staff: each takes one of those who are free.
  const unassigned = colliding.filter((other) => other.staff === null).length;
  if (able.length <= unassigned) return null;
  if (isFixed && !able.some(({ id }) => id === wanted)) return null;
  const load = (id: string): number =>
    id === wanted ? -1 : taken.filter((other) => other.staff === id && other.service !== null).length;
  return { staff: able.reduce((best, each) => (load(each.id) < load(best.id) ? each : best)).id };
}

function covers(rules: SchedulingRules, hours: SchedulingRules['openingHours'], slot: Slot): boolean {
  const { date } = wallClock(slot.startMs, rules.timeZone);
  return [addDays(date, -1), date]
    .flatMap((day) => openingsOn(rules, day, hours))
    .some(({ fromMs, toMs }) => fromMs <= slot.startMs && slot.endMs <= toMs);
}
