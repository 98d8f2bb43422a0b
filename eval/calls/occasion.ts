import { DateTime } from 'luxon';
import type { CallPurpose } from '../../contract/purpose.ts';
import type { Appointment } from '../../contract/scheduling.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { MemoryCalendar } from '../../workers/scheduling/memory-calendar.ts';
import { ScenarioError } from './read-scenarios.ts';
import type { Scenario } from './scenario.ts';
import type { Tools } from './tools.ts';

/** A clock on the business's wall as a moment. */
export const onTheWall = ({ scheduling }: Bundle, clock: string): number =>
  DateTime.fromISO(clock, { zone: scheduling.timeZone }).toMillis();

/** The appointment that is there when the call begins, booked by the calendar's own rules; null without one. */
export function existingOf({ existing, file, now }: Scenario, bundle: Bundle): Appointment | null {
  if (existing === undefined) return null;
  const { at, attendee, service = bundle.service } = existing;
  const answer = new MemoryCalendar(bundle.scheduling).book(
    { service, startMs: onTheWall(bundle, at), attendee },
    onTheWall(bundle, now),
  );
  if (answer.status === 'booked') return answer.appointment;
  const why = answer.status === 'refused' ? answer.reason : 'nobody is free';
  throw new ScenarioError(`${file}: existing: The calendar cannot have "${service}" at ${at}: ${why}.`);
}

/** What the agent is told that the call is for. */
export function purposeOf({ purpose }: Scenario, { existing, named }: Tools): CallPurpose {
  if (purpose.kind !== 'confirm-appointment') return purpose;
  if (existing === null) return { kind: 'inbound' };
  // Whoever calls about it may name its time.
  named.push(existing);
  return { kind: 'confirm-appointment', appointment: existing };
}
