import type { Booking } from '../call/call-state.ts';

export interface AppointmentTime {
  /** In the business's zone, as "Tuesday, November 24". */
  readonly date: string;
  /** In the business's zone, with its name: "9:00 – 10:00 AM MST". */
  readonly hours: string;
  /** The same hours for a visitor whose clock differs. */
  readonly visitorHours: string | null;
}

/** Words for an appointment's time, in the visitor's language. */
export function appointmentTime(
  { startMs, endMs, timeZone }: Pick<Booking, 'startMs' | 'endMs' | 'timeZone'>,
  language: string,
  visitorZone = Intl.DateTimeFormat().resolvedOptions().timeZone,
): AppointmentTime {
  const zone = isZone(timeZone) ? timeZone : visitorZone;
  const format = (options: Intl.DateTimeFormatOptions, inZone: string): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(language, { ...options, timeZone: inZone });
  const hours: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };
  const own = format(hours, zone).formatRange(startMs, endMs);
  const weekdayHours: Intl.DateTimeFormatOptions = { ...hours, weekday: 'short' };
  const sameClock = format(weekdayHours, zone).format(startMs) === format(weekdayHours, visitorZone).format(startMs);
  const zoneName = format({ timeZoneName: 'short' }, zone)
    .formatToParts(startMs)
    .find(({ type }) => type === 'timeZoneName')?.value;
  return {
    date: format({ weekday: 'long', day: 'numeric', month: 'long' }, zone).format(startMs),
    hours: zoneName === undefined ? own : `${own} ${zoneName}`,
    visitorHours: sameClock ? null : format(weekdayHours, visitorZone).formatRange(startMs, endMs),
  };
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
