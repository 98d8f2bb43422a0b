import * as v from 'valibot';
import { ShortText, Slug, TimeZone } from '../../contract/primitives.ts';
import { LocalDate, LocalTime } from '../../contract/scheduling.ts';
import { dayNames } from '../capture/calendar-names.ts';

export const openingHours = v.array(
  v.strictObject({ days: v.array(v.picklist(dayNames)), from: LocalTime, to: LocalTime }),
);

const bufferMin = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(240));

/** `30m`, `2h` or `1d`, from 5 minutes to two weeks; in minutes. */
const leadTime = v.pipe(
  v.string(),
  v.check((text) => /^[1-9][0-9]{0,4}[mhd]$/.test(text), 'Write a time such as 30m, 2h or 1d.'),
  v.transform((text) => Number(text.slice(0, -1)) * (text.endsWith('m') ? 1 : text.endsWith('h') ? 60 : 1_440)),
  v.minValue(5, 'Give at least 5 minutes.'),
  v.maxValue(20_160, 'Give at most 14 days.'),
);

/** When a business sees customers, who does it, and what for. */
export const scheduling = v.strictObject({
  timeZone: TimeZone,
  service: Slug,
  openingHours,
  closedOn: v.optional(v.array(LocalDate), []),
  closures: v.optional(v.array(v.strictObject({ from: LocalDate, to: LocalDate }))),
  staff: v.optional(
    v.pipe(
      v.array(
        v.strictObject({
          id: Slug,
          name: ShortText,
          services: v.optional(v.array(Slug)),
          openingHours: v.optional(openingHours),
        }),
      ),
      v.maxLength(50),
    ),
  ),
  reminders: v.optional(v.pipe(v.array(leadTime), v.maxLength(5))),
  confirmationCall: v.optional(leadTime),
  services: v.array(
    v.strictObject({
      id: Slug,
      name: ShortText,
      durationMin: v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(480)),
      bufferMin: v.optional(bufferMin, 0),
      bufferBeforeMin: v.optional(bufferMin),
      bufferAfterMin: v.optional(bufferMin),
      leadTimeMin: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 60),
      capacity: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 1),
      stepMin: v.optional(v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(240)), 30),
      horizonDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(365))),
    }),
  ),
});
