import type { CallRecord } from '../../contract/call-record.ts';
import type { Appointment } from '../../contract/scheduling.ts';
import type { Lead } from '../../contract/lead.ts';
import { factsOf } from '../product/staff-client.ts';
import { differences } from './differences.ts';
import type { DoorName } from './door.ts';

/** What the agent says of the world, as against asking and passing the time. */
const statements: ReadonlySet<string> = new Set([
  'answer',
  'handle-objection',
  'confirm-booking',
  'confirm-change',
  'goodbye',
]);

/** What a call leaves behind, without what differs between any two calls (ids, times) and between doors. */
export function leftBehind(record: CallRecord, door: DoorName) {
  const { summary, lead, appointments } = record;
  const own: ReadonlySet<string> = new Set(differences.facts[door]);
  return {
    outcome: summary.outcome,
    endReason: summary.endReason,
    mode: summary.mode,
    leadName: summary.leadName,
    score: summary.score,
    lead: lead && comparableLead(lead),
    appointments: appointments.map((appointment) => comparable(appointment, record)),
    crm: [...new Set(record.deliveries.map(({ type, status }) => `${type} ${status}`))].toSorted(),
    facts: [...new Set(record.events.map(({ fact }) => fact.type))].filter((type) => !own.has(type)).toSorted(),
    stated: factsOf(record, 'agent-turn')
      .filter(({ act }) => statements.has(act))
      .map(({ text }) => withoutTimes(text)),
    cites: [...new Set(factsOf(record, 'decision').flatMap((fact) => fact.record.cites))],
  };
}

/** The rules by which the agent decided about what the caller said, in order. */
export function stepsOf(record: CallRecord): string[] {
  return factsOf(record, 'decision')
    .filter((fact) => fact.record.trigger === 'caller-said')
    .map((fact) => fact.record.chosen.rule);
}

function comparableLead({ answers, callBack, ...lead }: Lead) {
  const known = Object.entries(answers).map(([question, { value, display, confirmed }]) => [
    question,
    { value, display, confirmed },
  ]);
  return {
    ...lead,
    answers: Object.fromEntries(known),
    callBack: callBack && { ...callBack, promisedForMs: undefined },
  };
}

/** Of the free times, the one that the caller chose of those that were offered: the times themselves depend on the clock. */
function comparable(appointment: Appointment, record: CallRecord) {
  const { service, serviceName, startMs, endMs, timeZone, attendee, status } = appointment;
  const turns = factsOf(record, 'agent-turn');
  const offer = turns.findLast(({ act }) => act === 'offer-slots')?.text ?? '';
  const chosen = timeIn(turns.findLast(({ act }) => act === 'read-back')?.text ?? '');
  const offered: string[] = [...(offer.match(times) ?? [])];
  return {
    service,
    serviceName,
    lengthMs: endMs - startMs,
    timeZone,
    attendee,
    status,
    place: offered.indexOf(chosen),
  };
}

const times = /[A-Z][a-z]+day, [A-Z][a-z]+ \d+ at \d+(?::\d\d)? [AP]M/g;

function timeIn(text: string): string {
  return text.match(times)?.[0] ?? '';
}

function withoutTimes(text: string): string {
  return text.replaceAll(times, '(a time)');
}
