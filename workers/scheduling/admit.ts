import type { BookingAnswer, SchedulingRules, Slot } from '../../contract/scheduling.ts';
import type { Service, Taken } from './capacity.ts';
import { freeSlots, horizonDaysOf, startsOn } from './free-slots.ts';
import { addDays, wallClock } from '../../dialogue/calendar/local-time.ts';
import { openingsOn } from '../../dialogue/calendar/opening.ts';
import { placeFor, type PlaceWish } from './place.ts';
import { spareDays, spreadSlots } from './spread.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const alternativeCount = 3;

export interface BookingCheck {
  readonly rules: SchedulingRules;
  readonly serviceId: string;
  readonly startMs: number;
  /** Without the appointment that this booking replaces, and what this call itself holds. */
  readonly taken: readonly Taken[];
  /** Who shall do it, if they can. */
  readonly staff?: string | null;
  /** Staff book, not a caller: what is asked of callers, to book early and not too early, is not asked of them. */
  readonly byStaff?: StaffWish;
  readonly nowMs: number;
}

export interface StaffWish {
  /** Who must do it; null where anybody may. */
  readonly staff: string | null;
  /** At a time that callers are never offered: when the business is closed, or between the steps. */
  readonly outsideHours: boolean;
}

/** A time that can be had, and with whom. */
export interface Admitted {
  readonly status: 'free';
  readonly service: Service;
  readonly slot: Slot;
  readonly staff: string | null;
}

export type Admission = Admitted | Exclude<BookingAnswer, { status: 'booked' }>;

/** Whether an appointment may be booked: every rule again, whatever was offered before. */
export function admitBooking(check: BookingCheck): Admission {
  const { rules, serviceId, startMs, taken, nowMs, byStaff } = check;
  const service = rules.services.find(({ id }) => id === serviceId);
  if (service === undefined) {
    return refuse(
      'unknown-service',
      `There is no service '${serviceId}'. Known: ${rules.services.map(({ id }) => id).join(', ')}.`,
    );
  }
  if (startMs < nowMs) return refuse('in-the-past', 'That time has already passed.');
  if (byStaff === undefined && startMs < nowMs + service.leadTimeMin * minuteMs) {
    return refuse('too-soon', `It must be booked at least ${service.leadTimeMin} minutes ahead.`);
  }
  const horizonDays = horizonDaysOf(service);
  if (byStaff === undefined && startMs > nowMs + horizonDays * dayMs) {
    return refuse('outside-hours', `Appointments can be booked at most ${horizonDays} days ahead.`);
  }
  const slot = { startMs, endMs: startMs + service.durationMin * minuteMs };
  const { date } = wallClock(startMs, rules.timeZone);
  const dates = [addDays(date, -1), date];
  if (byStaff?.outsideHours !== true) {
    const inside = dates
      .flatMap((day) => openingsOn(rules, day))
      .some((opening) => opening.fromMs <= slot.startMs && slot.endMs <= opening.toMs);
    if (!inside) return refuse('outside-hours', 'The business is not open for all of that time.');
    if (!dates.some((day) => startsOn(rules, service, day).includes(startMs))) {
      return refuse('not-on-step', `Appointments begin every ${service.stepMin} minutes from the opening time.`);
    }
  }
  const wish: PlaceWish = {
    staff: byStaff?.staff ?? check.staff,
    isFixed: typeof byStaff?.staff === 'string',
    anyHour: byStaff?.outsideHours === true,
  };
  const place = placeFor(rules, service, slot, taken, wish);
  if (place !== null) return { status: 'free', service, slot, staff: place.staff };
  return { status: 'taken', alternatives: alternatives(check, service, date, { ...wish, anyHour: false }) };
}

/** The free slot nearest to the one wished for, and others unlike it. */
function alternatives(
  { rules, startMs, taken, nowMs }: BookingCheck,
  service: Service,
  date: string,
  wish: PlaceWish,
): Slot[] {
  const free = freeSlots({
    rules,
    service,
    taken,
    preference: { fromDate: date },
    nowMs,
    maxDays: alternativeCount + spareDays,
    wish,
  });
  const nearest = free.reduce<Slot | undefined>(
    (best, slot) =>
      best === undefined || Math.abs(slot.startMs - startMs) < Math.abs(best.startMs - startMs) ? slot : best,
    undefined,
  );
  return spreadSlots(free, alternativeCount, rules.timeZone, nearest);
}

function refuse(reason: Extract<BookingAnswer, { status: 'refused' }>['reason'], message: string): Admission {
  return { status: 'refused', reason, message };
}
