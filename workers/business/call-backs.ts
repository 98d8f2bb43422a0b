import type { CallBack, CallBackDone } from '../../contract/call-back.ts';
import type { CallEvent } from '../../contract/call-event.ts';
import { fail, succeed, type Answer } from '../answer.ts';
import { noteEvent } from '../webhooks/outbound/events.ts';
import { unknownCallBack } from './faults.ts';

interface CallBackRow extends Record<string, SqlStorageValue> {
  call_id: string;
  reason: string;
  owner: string | null;
  promised_ms: number;
  due_ms: number | null;
  done_ms: number | null;
  done_by: string | null;
  name: string | null;
  phone: string | null;
  email: string | null;
}

/** More than staff can look through at once. */
const listLimit = 500;

const rows = `
  SELECT b.call_id, reason, owner, promised_ms, due_ms, done_ms, done_by,
    json_extract(projection, '$.lead.name') AS name,
    COALESCE(json_extract(projection, '$.lead.phone'), json_extract(projection, '$.start.callerNumber')) AS phone,
    json_extract(projection, '$.lead.email') AS email
  FROM call_backs b JOIN calls USING (call_id)`;

/** Keeps the list of call backs in step with a call's events. Runs inside the transaction that stores them. */
export function trackCallBack(sql: SqlStorage, callId: string, { atMs, fact }: CallEvent): void {
  if (fact.type === 'call-back-promised') {
    // A second promise in a call stands for both, and is to be kept even if the first was.
    sql.exec(
      'INSERT OR REPLACE INTO call_backs (call_id, reason, owner, promised_ms, due_ms) VALUES (?, ?, ?, ?, ?)',
      callId,
      fact.reason,
      fact.owner === undefined ? null : JSON.stringify(fact.owner),
      atMs,
      fact.promisedForMs ?? null,
    );
  } else if (fact.type === 'lead' && fact.lead.callBack === undefined) {
    // The caller wants none any more, as who asks not to be called again.
    sql.exec('DELETE FROM call_backs WHERE call_id = ? AND done_ms IS NULL', callId);
  }
}

/** Open ones, soonest due first and those without a time last. */
export function openCallBacks(sql: SqlStorage): CallBack[] {
  const order = 'ORDER BY due_ms IS NULL, due_ms, promised_ms, b.call_id';
  return sql.exec<CallBackRow>(`${rows} WHERE done_ms IS NULL ${order} LIMIT ?`, listLimit).toArray().map(toCallBack);
}

/** Those that were made, newest first. */
export function doneCallBacks(sql: SqlStorage): CallBack[] {
  const order = 'ORDER BY done_ms DESC, b.call_id';
  return sql
    .exec<CallBackRow>(`${rows} WHERE done_ms IS NOT NULL ${order} LIMIT ?`, listLimit)
    .toArray()
    .map(toCallBack);
}

/** Notes who called back and when. Whoever says so first stands: the same again changes nothing. */
export function markCallBackDone(
  sql: SqlStorage,
  callId: string,
  { by }: CallBackDone,
  nowMs: number,
): Answer<CallBack> {
  const [done] = sql
    .exec<{ promised_ms: number }>(
      'UPDATE call_backs SET done_ms = ?, done_by = ? WHERE call_id = ? AND done_ms IS NULL RETURNING promised_ms',
      nowMs,
      by,
      callId,
    )
    .toArray();
  if (done !== undefined) {
    const cause = `call-back ${callId} ${done.promised_ms} done`;
    noteEvent(sql, { type: 'call-back.done', cause, subject: callId, atMs: nowMs }, nowMs);
  }
  const callBack = readCallBack(sql, callId);
  return callBack === null ? fail(unknownCallBack) : succeed(callBack);
}

export function readCallBack(sql: SqlStorage, callId: string): CallBack | null {
  const [row] = sql.exec<CallBackRow>(`${rows} WHERE b.call_id = ?`, callId).toArray();
  return row === undefined ? null : toCallBack(row);
}

function toCallBack(row: CallBackRow): CallBack {
  return {
    callId: row.call_id,
    reason: row.reason,
    owner: row.owner === null ? null : JSON.parse(row.owner),
    promisedAtMs: row.promised_ms,
    dueMs: row.due_ms,
    name: row.name,
    phone: row.phone,
    email: row.email,
    done: row.done_ms === null ? null : { atMs: row.done_ms, by: row.done_by ?? '' },
  };
}
