import type { Appointment } from '../../contract/scheduling.ts';
import type { FinishedCall } from './call.ts';
import type { Expected } from './scenario.ts';
import { suits } from './suitable-time.ts';

/** Everything that is not as it should be when the call is over, one sentence each. Empty: passed. */
export function grade(expected: Expected, call: FinishedCall): string[] {
  const { tools, outcome, turns } = call;
  return [
    ...(expected.outcome.includes(outcome)
      ? []
      : [`The outcome is "${outcome}", not ${expected.outcome.map((one) => `"${one}"`).join(' or ')}.`]),
    ...leadFaults(expected.lead, call.lead),
    ...appointmentFaults(expected.appointment, tools.booked),
    ...existingFaults(expected.existing, tools),
    ...(expected.callBack === tools.callBacks.length > 0
      ? []
      : [
          expected.callBack
            ? 'No call back is recorded.'
            : `A call back is recorded: ${tools.callBacks.map(({ reason }) => reason).join('; ')}.`,
        ]),
    ...(expected.transferred === tools.transfers.some(({ accepted }) => accepted)
      ? []
      : [expected.transferred ? 'Nobody has taken over the call.' : 'A person has taken over the call.']),
    ...escalationFaults(expected.escalation, tools),
    ...(turns > expected.withinTurns ? [`The call took ${turns} turns, more than ${expected.withinTurns}.`] : []),
    ...call.falseClaims.map((claim) => `The agent ${claim}.`),
  ];
}

function escalationFaults(expected: Expected['escalation'], { callBacks, transfers }: FinishedCall['tools']): string[] {
  if (expected === undefined) return [];
  const { owner, reason } = expected;
  const handed = [...callBacks, ...transfers];
  const right = handed.some(
    (one) =>
      (owner === undefined || one.owner === owner) &&
      (reason === undefined || one.reason.toLowerCase().includes(reason.toLowerCase())),
  );
  const seen = handed.map((one) => `${one.owner ?? 'nobody'}: ${one.reason}`).join('; ');
  return right ? [] : [`No person has it for the right reason: ${seen === '' ? 'nobody was asked' : seen}.`];
}

function leadFaults(expected: Expected['lead'], lead: FinishedCall['lead']): string[] {
  const faults: string[] = [];
  const is = (field: string, wanted: unknown, actual: unknown) => {
    if (wanted === undefined || (wanted ?? undefined) === actual) return;
    const shown = (value: unknown) => (value === undefined || value === null ? 'not known' : JSON.stringify(value));
    faults.push(`The lead's ${field} is ${shown(actual)}; it should be ${shown(wanted)}.`);
  };
  is('name', expected.name, lead?.name);
  is('phone', expected.phone, lead?.phone);
  is('email', expected.email, lead?.email);
  is('stage', expected.stage, lead?.stage);
  for (const [id, value] of Object.entries(expected.answers)) is(`"${id}"`, value, lead?.answers[id]?.value);
  const has = (what: string, wanted: readonly string[], actual: readonly string[]) => {
    const missing = wanted.filter((one) => !actual.includes(one));
    if (missing.length > 0) faults.push(`The lead has no ${what} ${missing.map((one) => `"${one}"`).join(', ')}.`);
  };
  has('question about', expected.askedAbout, lead?.askedAbout ?? []);
  has('objection', expected.objections, lead?.objections.map(({ id }) => id) ?? []);
  has('tag', expected.tags, lead?.tags ?? []);
  return faults;
}

function appointmentFaults(expected: Expected['appointment'], booked: readonly Appointment[]): string[] {
  const [appointment] = booked;
  if (expected === undefined)
    return appointment === undefined ? [] : [`Booked ${described(appointment)}; nothing should be.`];
  if (appointment === undefined) return ['Nothing is booked.'];
  if (booked.length > 1) return [`Booked ${booked.length} appointments instead of one.`];
  const { service, name, phone, email, ...limits } = expected;
  const { attendee } = appointment;
  const faults: string[] = [];
  if (!suits(appointment, limits, appointment.timeZone))
    faults.push(`Booked ${described(appointment)}, a time that does not suit.`);
  if (service !== undefined && service !== appointment.service)
    faults.push(`Booked the service "${appointment.service}", not "${service}".`);
  for (const [field, wanted, actual] of [
    ['name', name, attendee.name],
    ['phone', phone, attendee.phone],
    ['email', email, attendee.email],
  ]) {
    if (wanted !== undefined && wanted !== actual)
      faults.push(`The appointment's ${field} is "${actual ?? ''}", not "${wanted}".`);
  }
  return faults;
}

function existingFaults({ is, ...limits }: Expected['existing'], { existingNow }: FinishedCall['tools']): string[] {
  if (existingNow === null) return [];
  const { appointment } = existingNow;
  if (existingNow.is !== is) return [`The appointment that existed is ${existingNow.is}, not ${is}.`];
  return suits(appointment, limits, appointment.timeZone)
    ? []
    : [`The appointment is now ${described(appointment)}, a time that does not suit.`];
}

const described = ({ service, startMs, timeZone }: Appointment): string =>
  `${service} at ${new Date(startMs).toLocaleString('en-US', { timeZone, dateStyle: 'medium', timeStyle: 'short' })}`;
