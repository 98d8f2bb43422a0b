import * as v from 'valibot';
import { LocalDate, LocalTime, type Weekday } from '../../contract/scheduling.ts';
import { defaultOutboundRules, OutboundRules } from '../../contract/outbound.ts';
import { dayNames, weekdays } from '../capture/calendar-names.ts';
import type { Report } from './report.ts';

/** The section `outbound`: when and how often the business calls people. All of it has defaults. */
export const outbound = v.strictObject({
  /** On the callee's clock, wherever they are. */
  hours: v.optional(
    v.pipe(
      v.array(v.strictObject({ days: v.array(v.picklist(dayNames)), from: LocalTime, to: LocalTime })),
      v.minLength(1, 'Give at least one stretch of time, or leave `hours:` out.'),
    ),
  ),
  notOn: v.optional(v.array(LocalDate), defaultOutboundRules.notOn),
  attempts: v.optional(OutboundRules.entries.attempts, defaultOutboundRules.attempts),
  spacingMin: v.optional(OutboundRules.entries.spacingMin, defaultOutboundRules.spacingMin),
  perDay: v.optional(OutboundRules.entries.perDay, defaultOutboundRules.perDay),
  concurrent: v.optional(OutboundRules.entries.concurrent, defaultOutboundRules.concurrent),
  ringS: v.optional(OutboundRules.entries.ringS, defaultOutboundRules.ringS),
  leaveMessage: v.optional(v.boolean(), defaultOutboundRules.leaveMessage),
});
type SourceOutbound = v.InferOutput<typeof outbound>;

export function buildOutbound({ hours, ...rest }: SourceOutbound): OutboundRules {
  return {
    ...rest,
    hours:
      hours?.map(({ days, from, to }) => ({
        days: days.map((day): Weekday => weekdays[dayNames.indexOf(day)] ?? 1),
        from,
        to,
      })) ?? defaultOutboundRules.hours,
  };
}

/** Times that no call may be made at, and those that the law of many places forbids. */
export function checkOutbound(
  { outbound: section }: { readonly outbound?: SourceOutbound | undefined },
  report: Report,
): void {
  section?.hours?.forEach(({ from, to }, index) => {
    const path = ['outbound', 'hours', index];
    if (to <= from) report.error([...path, 'to'], `Calling hours end at ${to}, before they begin at ${from}.`);
    else if (from < '08:00' || to > '21:00')
      report.warn(path, 'Sales calls before 8 and after 21 h are against the law in the United States and elsewhere.');
  });
}
