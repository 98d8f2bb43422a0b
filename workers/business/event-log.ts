import * as v from 'valibot';
import { CallEvent } from '../../contract/call-event.ts';
import { fail, succeed, type Answer } from '../answer.ts';
import { trackDisposition } from '../telephony/calls/attempts.ts';
import { trackOptOut } from '../telephony/calls/do-not-call.ts';
import { dialledNumber } from '../telephony/calls/orders.ts';
import { regionOfNumber } from '../privacy/region.ts';
import type { Stored } from '../privacy/sealed-columns.ts';
import { isRemoved } from '../privacy/erase-call.ts';
import { open, seal } from '../privacy/vault.ts';
import { noteCallEvent } from '../webhooks/outbound/call-events.ts';
import { trackCallBack } from './call-backs.ts';
import { noProjection, openProjection, sealProjection } from './call-projection.ts';
import { trackContact } from './contacts.ts';
import { crmCause, nothingYet, project, type CrmCause, type Projection } from './projection.ts';
import { indexCall } from './search.ts';

interface CallRow extends Record<string, SqlStorageValue> {
  next_seq: number;
  projection: Stored;
  /** Events of it are gone that may be sent again. */
  trimmed: 0 | 1;
}

export interface Appended {
  readonly nextSeq: number;
  /** What the owner's CRM is to be told. */
  readonly causes: readonly (CrmCause & { readonly atMs: number })[];
}

/**
 * Stores what is new of a batch, in order. Events that are known already are skipped when they are
 * the same and a conflict when they are not; events past a gap are left to be sent again. Any batch,
 * and an empty one too, says that the call's media node lives. Runs inside a transaction.
 */
export function appendEvents(
  sql: SqlStorage,
  callId: string,
  batch: readonly CallEvent[],
  nowMs: number,
): Answer<Appended> {
  const events = [...batch].sort((a, b) => a.seq - b.seq);
  if (isRemoved(sql, callId)) return succeed({ nextSeq: (events.at(-1)?.seq ?? -1) + 1, causes: [] });
  const row = findCall(sql, callId);
  const nextSeq = row?.next_seq ?? 0;
  const conflict = row?.trimmed === 1 ? null : findConflict(sql, callId, events);
  if (conflict !== null) {
    return fail({
      status: 409,
      code: 'conflict',
      message: `Event ${conflict.seq} of this call is stored with another content.`,
      action: 'An event never changes once it is sent. Send a correction as a new event.',
      field: fieldOf(conflict, batch),
    });
  }
  const fresh = contiguous(events, nextSeq);
  if (row === null) {
    const [first] = fresh;
    if (first === undefined) return succeed({ nextSeq: 0, causes: [] });
    const answer = createCall(sql, callId, first, fieldOf(first, batch));
    if (!answer.ok) return answer;
  }
  const before: Projection = row === null ? nothingYet : openProjection(sql, callId, row.projection);
  let projection = before;
  const causes: (CrmCause & { atMs: number })[] = [];
  for (const event of fresh) {
    const cause = crmCause(projection, event);
    projection = project(projection, event);
    if (cause !== null) causes.push({ ...cause, atMs: event.atMs });
    trackOptOut(sql, callId, event, projection);
    trackDisposition(sql, callId, event);
    noteCallEvent(sql, callId, event, cause, nowMs);
    sql.exec(
      'INSERT INTO events (call_id, seq, body) VALUES (?, ?, ?)',
      callId,
      event.seq,
      seal(sql, 'events.body', { call_id: callId, seq: event.seq }, JSON.stringify(event)),
    );
  }
  const after = nextSeq + fresh.length;
  // A media node that is heard again has not lost the call after all.
  sql.exec(
    `UPDATE calls SET next_seq = ?, projection = ?, last_seen_ms = ?, closed_ms = NULL, closed_reason = NULL, closed_outcome = NULL
     WHERE call_id = ?`,
    after,
    sealProjection(sql, callId, projection),
    nowMs,
    callId,
  );
  if (fresh.length > 0) saveProjection(sql, callId, { before, projection, events: fresh });
  return succeed({ nextSeq: after, causes });
}

export function readEvents(sql: SqlStorage, callId: string): CallEvent[] {
  return sql
    .exec<{ seq: number; body: Stored }>('SELECT seq, body FROM events WHERE call_id = ? ORDER BY seq', callId)
    .toArray()
    .map(({ seq, body }) => v.parse(CallEvent, JSON.parse(openEvent(sql, callId, seq, body))));
}

const openEvent = (sql: SqlStorage, callId: string, seq: number, body: Stored): string =>
  open(sql, 'events.body', { call_id: callId, seq }, body);

function findCall(sql: SqlStorage, callId: string): CallRow | null {
  return (
    sql
      .exec<CallRow>(
        `SELECT next_seq, projection, transcript_removed_ms IS NOT NULL OR contact_removed_ms IS NOT NULL AS trimmed
       FROM calls WHERE call_id = ?`,
        callId,
      )
      .toArray()[0] ?? null
  );
}

/** Where an event stands in the batch as it was sent: its sender finds it there, and its `seq` in it. */
function fieldOf(event: CallEvent, batch: readonly CallEvent[]): string {
  return `events.${batch.indexOf(event)}`;
}

/** The first event whose `seq` also stands for another one, in storage or earlier in the batch. */
function findConflict(sql: SqlStorage, callId: string, sorted: readonly CallEvent[]): CallEvent | null {
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return null;
  const bodies = new Map(
    sql
      .exec<{ seq: number; body: Stored }>(
        'SELECT seq, body FROM events WHERE call_id = ? AND seq BETWEEN ? AND ?',
        callId,
        first.seq,
        last.seq,
      )
      .toArray()
      .map(({ seq, body }) => [seq, openEvent(sql, callId, seq, body)]),
  );
  for (const event of sorted) {
    const body = JSON.stringify(event);
    const known = bodies.get(event.seq);
    if (known !== undefined && known !== body) return event;
    bodies.set(event.seq, body);
  }
  return null;
}

/** The events that follow on from `nextSeq` without a gap, each once. */
function contiguous(sorted: readonly CallEvent[], nextSeq: number): CallEvent[] {
  const run: CallEvent[] = [];
  for (const event of sorted) {
    if (event.seq === nextSeq + run.length) run.push(event);
  }
  return run;
}

/** A call without a session, as from a phone: its first event says what it is. */
function createCall(sql: SqlStorage, callId: string, first: CallEvent, field: string): Answer<null> {
  if (first.fact.type !== 'call-start') {
    return fail({
      status: 400,
      code: 'bad-request',
      message: 'The first event of a call without a session is not call-start.',
      action: 'Send call-start as event 0.',
      field: `${field}.fact.type`,
    });
  }
  const { door, mode, playbook, node } = first.fact;
  sql.exec(
    'INSERT INTO calls (call_id, door, mode, playbook, node, start_ms, projection) VALUES (?, ?, ?, ?, ?, ?, ?)',
    callId,
    door,
    mode,
    playbook,
    node,
    first.atMs,
    noProjection,
  );
  return succeed(null);
}

/** What lists and look-ups need of the projection, as rows of their own. Nothing but the events decides what is in them. */
export function saveProjection(
  sql: SqlStorage,
  callId: string,
  { before, projection, events }: { before: Projection; projection: Projection; events: readonly CallEvent[] },
): void {
  const { start, startMs, lead, end } = projection;
  if (start !== null) {
    const number = start.callerNumber ?? dialledNumber(sql, callId);
    const region = number === undefined ? null : regionOfNumber(number);
    sql.exec(
      `UPDATE calls SET door = ?, mode = ?, playbook = ?, node = ?, start_ms = ?, region = COALESCE(region, ?)
       WHERE call_id = ?`,
      start.door,
      start.mode,
      start.playbook,
      start.node,
      startMs,
      region,
      callId,
    );
  }
  if (end !== null) {
    sql.exec(
      'UPDATE calls SET end_ms = ?, end_reason = ?, outcome = ? WHERE call_id = ?',
      end.atMs,
      end.reason,
      end.outcome,
      callId,
    );
  }
  if (lead !== null) {
    sql.exec(
      'INSERT OR REPLACE INTO leads (call_id, name, score, stage) VALUES (?, ?, ?, ?)',
      callId,
      seal(sql, 'leads.name', { call_id: callId }, lead.name ?? null),
      lead.score,
      lead.stage,
    );
  }
  for (const event of events) trackCallBack(sql, callId, event);
  trackContact(sql, callId, before, projection);
  if (end !== null) indexCall(sql, callId, projection, readEvents(sql, callId));
}
