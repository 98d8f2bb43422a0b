import { DateTime } from 'luxon';
import type { Slot, SlotPreference } from '../../contract/scheduling.ts';
import { byDay, clockText } from './clock-time.ts';
import type { When } from './when.ts';

type SlotChoice =
  | { readonly kind: 'chosen'; readonly slot: Slot }
  /** More than one offered slot fits. */
  | { readonly kind: 'several'; readonly slots: readonly Slot[] }
  /** None of the offered: look again with this. */
  | { readonly kind: 'other'; readonly preference: SlotPreference }
  | { readonly kind: 'nothing-said' };

/** Which of the offered slots the caller means, or what to look for instead. */
export function chooseSlot(offered: readonly Slot[], when: When): SlotChoice {
  const { zone } = when;
  const first = offered[0];
  const last = offered.at(-1);
  const constrained = Object.keys(when.preference).length > 0 || when.time !== null || when.monthDay !== null;
  if (
    when.ordinal !== null &&
    when.preference.days === undefined &&
    when.preference.fromDate === undefined &&
    when.time === null
  ) {
    const slot = when.ordinal === -1 ? last : offered[when.ordinal - 1];
    // "the second" can also be a date.
    if (slot !== undefined) return { kind: 'chosen', slot };
  }
  if (constrained) {
    const fits = offered.filter((slot) => fitsWhen(slot, when));
    if (fits.length === 1 && fits[0] !== undefined) return { kind: 'chosen', slot: fits[0] };
    // "not Monday" only takes away; what is left is offered again.
    if (fits.length > 1 && fits.length < offered.length) return { kind: 'several', slots: fits };
    if (fits.length === offered.length && when.any && first !== undefined) return { kind: 'chosen', slot: first };
    if (fits.length > 1) return { kind: 'several', slots: fits };
    return { kind: 'other', preference: withTime(when) };
  }
  if (when.later && last !== undefined) {
    return {
      kind: 'other',
      preference: { fromDate: isoDate(DateTime.fromMillis(last.startMs, { zone }).plus({ days: 1 })) },
    };
  }
  if (when.earlier && first !== undefined) {
    return { kind: 'other', preference: { toDate: isoDate(DateTime.fromMillis(first.startMs, { zone })) } };
  }
  if (when.any && first !== undefined) return { kind: 'chosen', slot: first };
  return { kind: 'nothing-said' };
}

/** A wished clock time becomes a window around it. */
export function withTime(when: When): SlotPreference {
  if (when.time === null) return when.preference;
  const time = byDay(when.time);
  return {
    ...when.preference,
    notBefore: clockText({ ...time, hour: Math.max(0, time.hour - 1) }),
    notAfter: clockText({ ...time, hour: Math.min(23, time.hour + 2) }),
  };
}

const isoDate = (at: DateTime): string => at.toISODate() ?? '';

function fitsWhen(slot: Slot, when: When): boolean {
  const at = DateTime.fromMillis(slot.startMs, { zone: when.zone });
  const { days, notDays, fromDate, toDate, notBefore, notAfter } = when.preference;
  const date = isoDate(at);
  const clock = at.toFormat('HH:mm');
  if (days?.some((day) => day === at.weekday) === false) return false;
  if (notDays?.some((day) => day === at.weekday) === true) return false;
  if (fromDate !== undefined && date < fromDate) return false;
  if (toDate !== undefined && date > toDate) return false;
  if (notBefore !== undefined && clock < notBefore) return false;
  if (notAfter !== undefined && clock >= notAfter) return false;
  if (when.monthDay !== null && fromDate === undefined && at.day !== when.monthDay) return false;
  if (when.time === null) return true;
  const hours = when.time.sure ? [when.time.hour] : [when.time.hour, when.time.hour + 12];
  return hours.includes(at.hour) && at.minute === when.time.minute;
}
