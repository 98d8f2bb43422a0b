import * as v from 'valibot';
import type { CrmMessage } from '../../contract/crm-message.ts';
import { Slug } from '../../contract/primitives.ts';
import type { FieldValue, Identity } from './crm.ts';
import { nextStepsOf, summaryOf } from '../business/call-note.ts';
import { durationText, noteHtml, noteText, type CallNote } from './note.ts';

/** What a mapping may name, and what it stands for. `answers.<question>` besides, as the caller's words. */
export const sources = {
  'contact.label': 'the name, else the e-mail address or number',
  'contact.name': 'the whole name',
  'contact.firstName': 'the name without its last word',
  'contact.lastName': "the name's last word",
  'contact.email': 'e-mail address',
  'contact.phone': 'number, as E.164: the one that was given, else the one on the line',
  'lead.score': '0 to 100',
  'lead.scoreReasons': 'points and reasons, as +40 owns the house; …',
  'lead.stage': 'new, qualifying, qualified, unqualified, booked or call-back',
  'lead.tags': 'tags, separated by semicolons',
  'lead.objections': 'objections and what became of them',
  'lead.disqualifiedBy': 'why the business cannot serve this lead',
  owner: "the CRM's id of who takes care of the lead, by the connection's owners",
  'owner.name': 'their name in the playbook',
  'call.id': "the call's id",
  'call.direction': 'inbound or outbound',
  'call.door': 'browser or phone',
  'call.customerNumber': 'the number of the other side, as E.164',
  'call.startedAt': 'ISO 8601, UTC',
  'call.startDate': 'YYYY-MM-DD, UTC',
  'call.startTime': 'HH:MM, UTC',
  'call.startMs': 'milliseconds since 1970',
  'call.endedAt': 'ISO 8601, UTC',
  'call.durationMs': 'milliseconds',
  'call.durationS': 'whole seconds',
  'call.durationHhMm': 'HH:MM, rounded up',
  'call.duration': '3 min 05 s',
  'call.outcome': 'the disposition, as appointment-booked',
  'call.endReason': 'as caller-hang-up',
  'call.transcriptUrl': 'a link to what was said',
  'appointment.service': 'the service of the appointment that stands',
  'appointment.startsAt': 'ISO 8601, UTC',
  'appointment.startMs': 'milliseconds since 1970',
  nextStep: 'what was agreed, as Free roof inspection',
  'nextStep.dueAt': 'ISO 8601, UTC',
  'nextStep.dueDate': 'YYYY-MM-DD, UTC',
  'nextStep.dueMs': 'milliseconds since 1970',
  'deal.title': 'Call with …; of an appointment that staff booked, what for whom',
  'deal.closeDate': 'YYYY-MM-DD, UTC: when the next step is due, else thirty days after the call',
  'callBack.reason': 'why a call back was promised',
  'callBack.promisedFor': 'the time as the caller was told it',
  'task.dueAt': 'when the call back is due; a day after the call where no time was named',
  'task.dueDate': 'YYYY-MM-DD, UTC',
  'task.dueTime': 'HH:MM, UTC',
  'task.dueMs': 'milliseconds since 1970',
  'task.owner': "the CRM's id of who calls back",
  'note.at': 'ISO 8601, UTC: the end of the call; when staff booked or changed the appointment',
  'note.summary': 'the call in a few sentences',
  'note.text': 'the call in a few lines',
  'note.html': 'the same, as HTML',
} as const;

export type Values = ReadonlyMap<string, FieldValue>;

export interface ValueContext {
  readonly transcriptUrl: string | null;
  /** The CRM's ids of people, by their ids in the playbook; `*` for whoever is not named. */
  readonly owners: Readonly<Record<string, string>>;
}

const dayMs = 86_400_000;

export function isSource(name: string): boolean {
  if (Object.hasOwn(sources, name)) return true;
  const [group, id, ...more] = name.split('.');
  return group === 'answers' && more.length === 0 && v.is(Slug, id);
}

/** Who called, as far as it tells them apart; null where nobody could find them again. */
export function identityOf({ data: { lead, call } }: CrmMessage): Identity | null {
  const phone = lead.phone ?? call.customerNumber;
  if (lead.email === undefined && phone === undefined) return null;
  return {
    ...(lead.email === undefined ? {} : { email: lead.email.trim().toLowerCase() }),
    ...(phone === undefined ? {} : { phone }),
  };
}

export const labelOf = (name: string | undefined, identity: Identity | null): string | undefined =>
  name ?? identity?.email ?? identity?.phone;

/** Everything a mapping may use of a call. What is not known has no entry. */
export function valuesOf(message: CrmMessage, { transcriptUrl, owners }: ValueContext): Values {
  const { callId, lead, call, appointments } = message.data;
  const identity = identityOf(message);
  const label = labelOf(lead.name, identity);
  const appointment = appointments.find(({ status }) => status === 'booked');
  const [step] = nextStepsOf(message.data);
  const stepDueMs = step?.dueMs ?? null;
  const note: CallNote = { message, transcriptUrl };
  const ownerId = (id: string | undefined): string | undefined => ownerIn(owners, id);
  const durationMs = call.endMs === null ? undefined : Math.max(0, call.endMs - call.startMs);
  const taskDueMs = lead.callBack?.promisedForMs ?? (call.endMs ?? call.startMs) + dayMs;
  const known: Known = {
    ...nameValues(lead.name, identity),
    'contact.label': label,
    'lead.score': lead.score,
    'lead.scoreReasons': lead.scoreReasons
      .map(({ points, reason }) => `${points < 0 ? '' : '+'}${points} ${reason}`)
      .join('; '),
    'lead.stage': lead.stage,
    'lead.tags': lead.tags.join('; '),
    'lead.objections': lead.objections.map(({ id, outcome }) => `${id} (${outcome})`).join('; '),
    'lead.disqualifiedBy': lead.disqualifiedBy,
    owner: ownerId(lead.owner?.id),
    'owner.name': lead.owner?.name,
    'call.id': callId,
    'call.direction': call.direction ?? 'inbound',
    'call.door': call.door,
    'call.customerNumber': call.customerNumber,
    'call.startedAt': iso(call.startMs),
    'call.startDate': iso(call.startMs).slice(0, 10),
    'call.startTime': iso(call.startMs).slice(11, 16),
    'call.startMs': call.startMs,
    'call.endedAt': call.endMs === null ? null : iso(call.endMs),
    'call.durationMs': durationMs,
    'call.durationS': durationMs === undefined ? null : Math.round(durationMs / 1_000),
    'call.durationHhMm': durationMs === undefined ? null : hoursAndMinutes(durationMs),
    'call.duration': durationMs === undefined ? null : durationText(durationMs),
    'call.outcome': call.outcome,
    'call.endReason': call.endReason,
    'call.transcriptUrl': transcriptUrl,
    'appointment.service': appointment?.serviceName,
    'appointment.startsAt': appointment === undefined ? null : iso(appointment.startMs),
    'appointment.startMs': appointment?.startMs,
    nextStep: step?.what,
    ...(stepDueMs === null ? {} : dateValues('nextStep', stepDueMs)),
    'deal.title': label === undefined ? null : `Call with ${label}`,
    'deal.closeDate': iso(stepDueMs ?? call.startMs + 30 * dayMs).slice(0, 10),
    'callBack.reason': lead.callBack?.reason,
    'callBack.promisedFor': lead.callBack?.promisedFor,
    ...dateValues('task', taskDueMs),
    'task.dueTime': iso(taskDueMs).slice(11, 16),
    'task.owner': ownerId(lead.callBack?.owner?.id ?? lead.owner?.id),
    'note.at': call.endMs === null ? null : iso(call.endMs),
    'note.summary': summaryOf(message.data),
    'note.text': noteText(note),
    'note.html': noteHtml(note),
  };
  const answers = Object.entries(lead.answers).map(([id, { display }]) => [`answers.${id}`, display] as const);
  return new Map([...knownValues(known), ...answers.filter(([, words]) => words !== '')]);
}

/** By source; what is not known may stand there as nothing. */
type Known = Partial<Record<keyof typeof sources, FieldValue | null | undefined>>;

export const knownValues = (known: Known): Values =>
  new Map(
    Object.entries(known).flatMap(([name, value]) =>
      value === null || value === undefined || value === '' ? [] : [[name, value]],
    ),
  );

export function nameValues(name: string | undefined, identity: Identity | null): Known {
  const [firstName, lastName] = splitName(name);
  return {
    'contact.name': name,
    'contact.firstName': firstName,
    'contact.lastName': lastName,
    'contact.email': identity?.email,
    'contact.phone': identity?.phone,
  };
}

export const dateValues = (of: 'nextStep' | 'task', dueMs: number): Known => ({
  [`${of}.dueAt`]: iso(dueMs),
  [`${of}.dueDate`]: iso(dueMs).slice(0, 10),
  [`${of}.dueMs`]: dueMs,
});

/** The CRM's id of somebody in the playbook, or of whoever stands for all others. */
export const ownerIn = (owners: ValueContext['owners'], id: string | undefined): string | undefined =>
  (id === undefined ? undefined : owners[id]) ?? owners['*'];

const iso = (ms: number): string => new Date(ms).toISOString();

function hoursAndMinutes(durationMs: number): string {
  const minutes = Math.ceil(durationMs / 60_000);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Everything but the last word, and the last word; a single word is a first name. */
function splitName(name: string | undefined): [first: string | undefined, last: string | undefined] {
  const words = name?.trim().split(/\s+/) ?? [];
  if (words.length < 2) return [words[0], undefined];
  return [words.slice(0, -1).join(' '), words.at(-1)];
}
