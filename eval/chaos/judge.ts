import type { CallRecord } from '../../contract/call-record.ts';
import { factsOf } from '../product/staff-client.ts';
import { judgeAppointments } from './judge-appointments.ts';
import type { Evidence, Finding, Testimony } from './evidence.ts';
import { findings, type Note } from './findings.ts';

/** Leads at these stages are deals, by the connection's defaults. */
const dealStages: ReadonlySet<string> = new Set(['qualified', 'booked', 'call-back']);

/** Whether all that was accepted is there, once, and as it was told. */
export function judge(evidence: Evidence): Finding[] {
  const { found, note } = findings();
  for (const testimony of evidence.testimonies) {
    const of = note(testimony.callId);
    const record = evidence.records.get(testimony.callId);
    if (record === undefined) of('lost', 'the whole record');
    else {
      judgeRecord(testimony, record, evidence, of);
      judgeTelling(record, evidence, of);
    }
  }
  judgeAppointments(evidence, note);
  for (const email of repeated(evidence.contacts)) note(null)('duplicated', `the contact ${email}`);
  const crmContacts = evidence.crm.flatMap(({ type, email }) => (type === 'contacts' && email !== null ? [email] : []));
  for (const email of repeated(crmContacts)) note(null)('duplicated', `the CRM's contact ${email}`);
  for (const violation of evidence.violations) note(null)('wrong', `to the CRM: ${violation}`);
  for (const table of evidence.differences) note(null)('wrong', `the table ${table} is not what the log says`);
  for (const what of evidence.unsettled) note(null)('lost', `${what} is not settled`);
  return found;
}

/** The record against what was said, what was sent, and what the caller was told at the end. */
function judgeRecord(testimony: Testimony, record: CallRecord, { sent }: Evidence, note: Note): void {
  const { summary, events } = record;
  if (summary.endReason === null) note('lost', 'the end');
  const ends = factsOf(record, 'call-end').length;
  if (ends > 1) note('duplicated', 'the end');
  if (ends === 0 && summary.endReason !== null && summary.endReason !== 'interrupted')
    note('wrong', `closed as ${summary.endReason} by nobody's word`);
  if (events[0]?.fact.type !== 'call-start') note('lost', 'the start');
  const stored = new Map(events.map((event) => [event.seq, JSON.stringify(event)]));
  if (stored.size < events.length) note('duplicated', 'events');
  for (let seq = 0; seq <= (events.at(-1)?.seq ?? -1); seq += 1) if (!stored.has(seq)) note('lost', `event ${seq}`);
  for (const [seq, bodies] of sent.get(testimony.callId) ?? []) {
    const kept = stored.get(seq);
    if (bodies.size > 1) note('wrong', `event ${seq} was sent with two contents`);
    if (kept === undefined) note('lost', `event ${seq}, which was sent`);
    else if (!bodies.has(kept)) note('wrong', `event ${seq} is not what was sent`);
  }
  const turns = factsOf(record, 'caller-turn').map(({ text }) => text);
  for (const text of new Set(testimony.said)) {
    const kept = count(turns, text);
    if (kept < count(testimony.accepted, text)) note('lost', `"${text}", which the agent went on from`);
    if (kept > count(testimony.said, text)) note('duplicated', `"${text}"`);
  }
  if (turns.some((text) => !testimony.said.includes(text))) note('wrong', 'words that the caller did not say');
  const { ended, told, email } = testimony;
  // Nobody is told of a time who has not said how to reach them.
  if (told.some(({ startMs }) => startMs !== null) && record.lead?.email === undefined) note('lost', 'the lead');
  if (record.lead?.email !== undefined && record.lead.email !== email)
    note('wrong', `the lead is ${record.lead.email}, the caller ${email}`);
  if (ended !== null && (ended.reason !== summary.endReason || ended.outcome !== summary.outcome))
    note(
      'wrong',
      `told ${ended.reason}, ${ended.outcome}; recorded ${String(summary.endReason)}, ${String(summary.outcome)}`,
    );
}

/** What the owner's systems have of a call. */
function judgeTelling(record: CallRecord, { crm, contacts, messages }: Evidence, note: Note): void {
  const { callId } = record.summary;
  const told = messages.filter((one) => one.callId === callId);
  // A message may come twice; its id says that it is the same.
  const completed = new Set(told.filter(({ type }) => type === 'call.completed').map(({ webhookId }) => webhookId));
  if (completed.size === 0) note('lost', "the webhook's call.completed");
  if (completed.size > 1) note('duplicated', "the webhook's call.completed");
  // Of one that was held to be dead and came back it is told later how it was.
  if (completed.size > 0 && !told.some(({ endReason }) => endReason === record.summary.endReason))
    note('wrong', `the webhook was never told that it ended as ${String(record.summary.endReason)}`);
  const { lead } = record;
  const email = lead?.email;
  const count = (type: string): number =>
    crm.filter((object) => object.type === type && object.callId === callId).length;
  const expect = (type: string, wanted: boolean): void => {
    if (wanted && count(type) === 0) note('lost', `the CRM's ${type}`);
    if (count(type) > 1) note('duplicated', `the CRM's ${type}`);
  };
  const known = email !== undefined;
  if (known && !contacts.includes(email)) note('lost', `the contact ${email}`);
  if (known && !crm.some((object) => object.type === 'contacts' && object.email === email))
    note('lost', `the CRM's contact ${email}`);
  expect('deals', known && dealStages.has(lead?.stage ?? ''));
  expect('calls', known);
  expect('notes', known);
  expect('tasks', known && lead?.callBack !== undefined);
}

const count = (texts: readonly string[], wanted: string): number => texts.filter((text) => text === wanted).length;

const repeated = (texts: readonly string[]): string[] => [
  ...new Set(texts.filter((text, index) => texts.indexOf(text) !== index)),
];
