import type { Outcome } from '../../contract/act.ts';
import type { CallFilter } from '../../contract/call-filter.ts';
import type { CallList, CallRecord, CallSummary } from '../../contract/call-record.ts';
import type { Stored } from '../privacy/sealed-columns.ts';
import { open } from '../privacy/vault.ts';
import { appointmentsOfCall } from './appointments.ts';
import { recordingOf } from '../recordings/parts.ts';
import { crmData } from '../crm/message.ts';
import { callNote } from './call-note.ts';
import { deliveriesOfCall } from './deliveries.ts';
import { readEvents } from './event-log.ts';
import { openProjection } from './call-projection.ts';
import { unknownLead } from './projection.ts';
import { searchQuery } from './search.ts';

interface SummaryRow extends Record<string, SqlStorageValue> {
  call_id: string;
  door: CallSummary['door'];
  mode: CallSummary['mode'];
  playbook: string;
  start_ms: number;
  end_ms: number | null;
  end_reason: CallSummary['endReason'];
  outcome: CallSummary['outcome'];
  booked: number;
  changed: 'move' | 'cancel' | 'confirm' | null;
  name: Stored | null;
  score: number | null;
  stage: CallSummary['stage'];
}

/**
 * What the media node said of the end goes before what the control plane made of its silence. Of what
 * was booked the calendar has the last word: a caller may be gone before the node hears of it. But a node that promised to call
 * back never had the calendar's answer, and told the caller so.
 */
const summary = `
  SELECT call_id, door, mode, playbook, start_ms,
    COALESCE(end_ms, closed_ms) AS end_ms, COALESCE(end_reason, closed_reason) AS end_reason, COALESCE(outcome, closed_outcome) AS outcome,
    calls.outcome IS NOT 'call-back-promised'
      AND EXISTS (SELECT 1 FROM appointments a WHERE a.call_id = calls.call_id AND a.status = 'booked') AS booked,
    CASE WHEN calls.outcome IS NOT 'call-back-promised' THEN
      (SELECT kind FROM appointment_changes c WHERE c.call_id = calls.call_id AND c.appointment_id IS NOT NULL
       ORDER BY at_ms DESC LIMIT 1) END AS changed,
    name, score, stage
  FROM calls LEFT JOIN leads USING (call_id)`;

const pageSize = 50;

/** Where a page ends: its last line. */
export interface Cursor {
  readonly startMs: number;
  readonly callId: string;
}

/** Calls, newest first. A search finds those that are over. */
export function listCalls(sql: SqlStorage, cursor: Cursor | null, filter: CallFilter = {}): CallList {
  const { conditions, values } = conditionsOf(sql, filter);
  const where = ['(start_ms, call_id) < (?, ?)', ...conditions].join(' AND ');
  const rows = sql
    .exec<SummaryRow>(
      `SELECT * FROM (${summary}) WHERE ${where} ORDER BY start_ms DESC, call_id DESC LIMIT ?`,
      cursor?.startMs ?? Number.MAX_SAFE_INTEGER,
      cursor?.callId ?? '',
      ...values,
      pageSize + 1,
    )
    .toArray();
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  return {
    calls: page.map((row) => toSummary(sql, row)),
    nextCursor: rows.length > pageSize && last !== undefined ? `${last.start_ms}.${last.call_id}` : null,
  };
}

function conditionsOf(
  sql: SqlStorage,
  { search, stage, outcome, door, minScore }: CallFilter,
): { conditions: string[]; values: (string | number)[] } {
  const found = search === undefined ? null : searchQuery(sql, search);
  const wanted: [string, string | number | undefined][] = [
    [
      'call_id IN (SELECT call_id FROM call_search JOIN call_search_rows ON search_row = call_search.rowid WHERE call_search MATCH ?)',
      found ?? undefined,
    ],
    ['stage = ?', stage],
    [`${outcomeInSql} = ?`, outcome],
    ['door = ?', door],
    ['score >= ?', minScore],
  ];
  const asked = wanted.flatMap(([condition, value]) => (value === undefined ? [] : [{ condition, value }]));
  // Signs without a word in them are in no call.
  const none = search !== undefined && found === null ? ['FALSE'] : [];
  return { conditions: [...none, ...asked.map(({ condition }) => condition)], values: asked.map(({ value }) => value) };
}

/** The calls of a person, newest first. */
export function callsOfContact(sql: SqlStorage, contactId: string): CallSummary[] {
  return sql
    .exec<SummaryRow>(
      `${summary} WHERE call_id IN (SELECT call_id FROM contact_calls WHERE contact_id = ?) ORDER BY start_ms DESC LIMIT 200`,
      contactId,
    )
    .toArray()
    .map((row) => toSummary(sql, row));
}

/** Everything that is known of one call. */
export function readCall(sql: SqlStorage, callId: string, business: string, publicUrl: string): CallRecord | null {
  const [row] = sql.exec<SummaryRow>(`${summary} WHERE call_id = ?`, callId).toArray();
  if (row === undefined) return null;
  const { projection: body } = sql
    .exec<{ projection: Stored }>('SELECT projection FROM calls WHERE call_id = ?', callId)
    .one();
  const { lead } = openProjection(sql, callId, body);
  const recording = recordingOf(sql, callId);
  const record: CallRecord = {
    business,
    summary: toSummary(sql, row),
    consent: readConsent(sql, callId),
    events: readEvents(sql, callId),
    lead: row.booked === 1 ? { ...(lead ?? unknownLead), stage: 'booked' } : lead,
    appointments: appointmentsOfCall(sql, callId, business, publicUrl),
    deliveries: deliveriesOfCall(sql, callId),
    ...(recording === null ? {} : { recording }),
  };
  return record.summary.endMs === null ? record : { ...record, note: callNote(crmData(record)) };
}

function readConsent(sql: SqlStorage, callId: string): CallRecord['consent'] {
  const [row] = sql
    .exec<{
      version: string;
      text: string;
      text_sha256: string;
      accepted_ms: number;
      origin: string;
      user_agent: Stored;
    }>('SELECT version, text, text_sha256, accepted_ms, origin, user_agent FROM consents WHERE call_id = ?', callId)
    .toArray();
  if (row === undefined) return null;
  return {
    version: row.version,
    text: row.text,
    textSha256: row.text_sha256,
    acceptedAtMs: row.accepted_ms,
    origin: row.origin,
    userAgent: open(sql, 'consents.user_agent', { call_id: callId }, row.user_agent),
  };
}

const changes = {
  move: 'appointment-moved',
  cancel: 'appointment-cancelled',
  confirm: 'appointment-confirmed',
} as const;

/** As `outcomeOf`. */
const outcomeInSql = `CASE WHEN outcome IS NULL THEN NULL WHEN booked = 1 THEN 'appointment-booked'
  WHEN changed = 'move' THEN '${changes.move}' WHEN changed = 'cancel' THEN '${changes.cancel}'
  WHEN changed = 'confirm' THEN '${changes.confirm}' ELSE outcome END`;

function outcomeOf({ booked, changed }: SummaryRow, reported: Outcome): Outcome {
  if (booked === 1) return 'appointment-booked';
  return changed === null ? reported : changes[changed];
}

function toSummary(sql: SqlStorage, row: SummaryRow): CallSummary {
  return {
    callId: row.call_id,
    door: row.door,
    mode: row.mode,
    playbook: row.playbook,
    startMs: row.start_ms,
    endMs: row.end_ms,
    endReason: row.end_reason,
    outcome: row.outcome === null ? null : outcomeOf(row, row.outcome),
    leadName: open(sql, 'leads.name', { call_id: row.call_id }, row.name),
    score: row.score,
    stage: row.stage,
  };
}
