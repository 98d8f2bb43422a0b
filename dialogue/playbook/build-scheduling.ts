import type { SchedulingRules, Weekday } from '../../contract/scheduling.ts';
import { dayNames, weekdays } from '../capture/calendar-names.ts';
import type { Source } from './source.ts';

type Hours = Source['scheduling']['openingHours'];

/** What is absent stays absent, so that a playbook which does not use a rule keeps its hash. */
export function buildScheduling({ scheduling }: Source): SchedulingRules {
  const { timeZone, closedOn, closures, services, staff, reminders, confirmationCall } = scheduling;
  return {
    timeZone,
    openingHours: hoursOf(scheduling.openingHours),
    closedOn,
    ...(closures === undefined ? {} : { closures }),
    services,
    ...(staff === undefined
      ? {}
      : {
          staff: staff.map(({ openingHours, ...person }) => ({
            ...person,
            ...(openingHours === undefined ? {} : { openingHours: hoursOf(openingHours) }),
          })),
        }),
    ...(reminders === undefined ? {} : { remindersMin: [...new Set(reminders)].sort((a, b) => b - a) }),
    ...(confirmationCall === undefined ? {} : { confirmationCallMin: confirmationCall }),
  };
}

export const hoursOf = (written: Hours): SchedulingRules['openingHours'] =>
  written.map(({ days, from, to }) => ({ days: days.map(weekdayOf), from, to }));

const weekdayOf = (day: (typeof dayNames)[number]): Weekday => weekdays[dayNames.indexOf(day)] ?? 1;
