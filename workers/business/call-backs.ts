import type { CallBack, CallBackDone } from '../../contract/call-back.ts';
import type { CallEvent } from '../../contract/call-event.ts';
import { fail, succeed, type Answer } from '../answer.ts';
import type { Stored } from '../privacy/sealed-columns.ts';
import { open, seal } from '../privacy/vault.ts';
import { openProjection } from './call-projection.ts';
import { noteEvent } from '../webhooks/outbound/events.ts';
import { unknownCallBack } from './faults.ts';

interface CallBackRow extends Record<string, SqlStorageValue> {
  call_id: string;
  reason: Stored;
  owner: Stored | null;
  promised_ms: number;
  due_ms: number | null;
  done_ms: number | null;
  done_by: string | null;
  projection: Stored;
}

/** More than staff can look through at once. */
const listLimit = 500;

const rows = `
  SELECT b.call_id, reason, owner, promised_ms, due_ms, done_ms, done_by, projection
  FROM call_backs b JOIN calls USING (call_id)`;

/** Keeps the list of call backs in step with a call's events. Runs inside the transaction that stores them. */
export function trackCallBack(sql: SqlStorage, callId: string, { atMs, fact }: CallEvent): void {
  if (fact.type === 'call-back-promised') {
    // A second promise in a call stands for both, and is to be kept even if the first was.
    sql.exec(
      'INSERT OR REPLACE INTO call_backs (call_id, reason, owner, promised_ms, due_ms) VALUES (?, ?, ?, ?, ?)',
      callId,
      seal(sql, 'call_backs.reason', { call_id: callId }, fact.reason),
      seal(sql, 'call_backs.owner', { call_id: callId }, fact.owner === undefined ? null : JSON.stringify(fact.owner)),
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
  return sql
    .exec<CallBackRow>(`${rows} WHERE done_ms IS NULL ${order} LIMIT ?`, listLimit)
    .toArray()
    .map((row) => toCallBack(sql, row));
}

/** Those that were made, newest first. */
export function doneCallBacks(sql: SqlStorage): CallBack[] {
  const order = 'ORDER BY done_ms DESC, b.call_id';
  return sql
    .exec<CallBackRow>(`${rows} WHERE done_ms IS NOT NULL ${order} LIMIT ?`, listLimit)
    .toArray()
    .map((row) => toCallBack(sql, row));
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
  return row === undefined ? null : toCallBack(sql, row);
}

function toCallBack(sql: SqlStorage, row: CallBackRow): CallBack {
  const key = { call_id: row.call_id };
  const owner = open(sql, 'call_backs.owner', key, row.owner);
  const { lead, start } = openProjection(sql, row.call_id, row.projection);
  return {
    callId: row.call_id,
    reason: open(sql, 'call_backs.reason', key, row.reason),
    owner: owner === null ? null : JSON.parse(owner),
    promisedAtMs: row.promised_ms,
    dueMs: row.due_ms,
    name: lead?.name ?? null,
    phone: lead?.phone ?? start?.callerNumber ?? null,
    email: lead?.email ?? null,
    done: row.done_ms === null ? null : { atMs: row.done_ms, by: row.done_by ?? '' },
  };
}
