import * as v from 'valibot';
import { LocalTime } from '../../contract/scheduling.ts';
import { dayNames, weekdays } from '../capture/calendar-names.ts';

/** Hours as an owner writes them: wall-clock times on days of the week. */
export const openingHours = v.array(
  v.strictObject({ days: v.array(v.picklist(dayNames)), from: LocalTime, to: LocalTime }),
);
type SourceHours = v.InferOutput<typeof openingHours>;

export function hoursOf(hours: SourceHours) {
  return hours.map(({ days, from, to }) => ({
    days: days.map((day) => weekdays[dayNames.indexOf(day)] ?? 1),
    from,
    to,
  }));
}
