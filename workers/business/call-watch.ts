import { outcomeSoFar, type Projection } from './projection.ts';

/** A media node sends at least an empty batch well within this. */
const silenceMs = 60_000;

/** A visitor who has a session but has not connected after this is gone. */
const neverConnectedMs = 300_000;

interface OpenRow extends Record<string, SqlStorageValue> {
  call_id: string;
  start_ms: number;
  last_seen_ms: number | null;
  projection: string;
  booked: number;
}

const open = 'end_ms IS NULL AND closed_ms IS NULL';
const deadline = `CASE WHEN last_seen_ms IS NULL THEN start_ms + ${neverConnectedMs} ELSE last_seen_ms + ${silenceMs} END`;

/** When the next open call will be closed, should its media node stay silent. */
export function nextSilenceMs(sql: SqlStorage): number | null {
  return sql.exec<{ due: number | null }>(`SELECT MIN(${deadline}) AS due FROM calls WHERE ${open}`).one().due;
}

/**
 * Closes each call whose media node has fallen silent, at its last sign of life, and each session
 * that never became a call. Returns the ids of the former: there is nothing to tell of the latter.
 */
export function closeSilentCalls(sql: SqlStorage, nowMs: number): string[] {
  const rows = sql
    .exec<OpenRow>(
      `SELECT call_id, start_ms, last_seen_ms, projection,
         EXISTS (SELECT 1 FROM appointments a WHERE a.call_id = calls.call_id AND a.status = 'booked') AS booked
       FROM calls WHERE ${open} AND ${deadline} <= ?`,
      nowMs,
    )
    .toArray();
  return rows.flatMap((row) => {
    const projection: Projection = JSON.parse(row.projection);
    const connected = row.last_seen_ms !== null;
    sql.exec(
      'UPDATE calls SET closed_ms = ?, closed_reason = ?, closed_outcome = ? WHERE call_id = ?',
      row.last_seen_ms ?? row.start_ms,
      connected ? 'interrupted' : 'connection-lost',
      outcomeSoFar(projection, row.booked === 1),
      row.call_id,
    );
    return connected ? [row.call_id] : [];
  });
}
