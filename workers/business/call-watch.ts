import type { Stored } from '../privacy/sealed-columns.ts';
import { openProjection } from './call-projection.ts';
import { dutyDueMs } from './duties.ts';
import { outcomeSoFar } from './projection.ts';

/** A media node sends at least an empty batch well within this. */
const silenceMs = 60_000;

/** A visitor who has a session but has not connected after this is gone. */
const neverConnectedMs = 300_000;

/** An alarm that rings later than this was held up by the control plane's own absence. */
const lateMs = 5_000;

interface OpenRow extends Record<string, SqlStorageValue> {
  call_id: string;
  start_ms: number;
  last_seen_ms: number | null;
  projection: Stored;
}

const open = 'end_ms IS NULL AND closed_ms IS NULL';
const deadline = `CASE WHEN last_seen_ms IS NULL THEN start_ms + CASE door WHEN 'phone' THEN ${silenceMs} ELSE ${neverConnectedMs} END
  ELSE MAX(last_seen_ms, (SELECT listening_since_ms FROM config)) + ${silenceMs} END`;

/** Whether a call is known to be over, by its media node's word or without it. */
export function isOver(sql: SqlStorage, callId: string): boolean {
  return sql.exec(`SELECT 1 FROM calls WHERE call_id = ? AND NOT (${open})`, callId).toArray().length > 0;
}

/** When the next open call will be closed, should its media node stay silent: what the alarm is asked for. */
export function nextSilenceMs(sql: SqlStorage): number | null {
  return dutyDueMs(sql, 'calls', nextDeadlineMs(sql));
}

const nextDeadlineMs = (sql: SqlStorage): number | null =>
  sql.exec<{ due: number | null }>(`SELECT MIN(${deadline}) AS due FROM calls WHERE ${open}`).one().due;

/**
 * To be called when the alarm rings. If it is late, nobody could be heard for a while: media nodes get
 * their full time again before their silence means anything.
 */
export function noteAbsence(sql: SqlStorage, nowMs: number): void {
  const dueMs = nextDeadlineMs(sql);
  if (dueMs !== null && nowMs - dueMs > lateMs) sql.exec('UPDATE config SET listening_since_ms = ?', nowMs);
}

/**
 * Closes each call whose media node has fallen silent, at its last sign of life, and each session
 * that never became a call. Returns the ids of the former: there is nothing to tell of the latter.
 */
export function closeSilentCalls(sql: SqlStorage, nowMs: number): string[] {
  return closeCalls(sql, `${deadline} <= ?`, nowMs);
}

/** The same for the calls of a media node that is dead, and for sessions on it: nobody can use them any more. */
export function closeCallsOfNode(sql: SqlStorage, node: string): string[] {
  return closeCalls(sql, 'node = ?', node);
}

function closeCalls(sql: SqlStorage, which: string, value: string | number): string[] {
  const rows = sql
    .exec<OpenRow>(`SELECT call_id, start_ms, last_seen_ms, projection FROM calls WHERE ${open} AND ${which}`, value)
    .toArray();
  return rows.flatMap((row) => {
    const projection = openProjection(sql, row.call_id, row.projection);
    const connected = row.last_seen_ms !== null;
    sql.exec(
      'UPDATE calls SET closed_ms = ?, closed_reason = ?, closed_outcome = ? WHERE call_id = ?',
      row.last_seen_ms ?? row.start_ms,
      connected ? 'interrupted' : 'connection-lost',
      outcomeSoFar(projection),
      row.call_id,
    );
    return connected ? [row.call_id] : [];
  });
}
