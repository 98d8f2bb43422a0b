import type { Recording, RecordingPart } from '../../contract/recording.ts';

export interface StoredPart extends Record<string, SqlStorageValue> {
  part: number;
  bytes: number;
}

/** Parts are known until the bucket has deleted them, so that it can be asked again; they are nobody's any more. */
const isLeft = 'call_id NOT IN (SELECT call_id FROM recordings_erased)';

/** What is kept of a call's sound; null where there is nothing. */
export function recordingOf(sql: SqlStorage, callId: string): Recording | null {
  const { parts, bytes, duration_ms, last_part } = sql
    .exec<{ parts: number; bytes: number; duration_ms: number; last_part: number | null }>(
      `SELECT COUNT(*) AS parts, COALESCE(SUM(bytes), 0) AS bytes, COALESCE(SUM(duration_ms), 0) AS duration_ms,
         MAX(CASE WHEN is_last = 1 THEN part END) AS last_part
       FROM recording_parts WHERE call_id = ? AND ${isLeft}`,
      callId,
    )
    .one();
  return parts === 0 ? null : { parts, bytes, durationMs: duration_ms, complete: last_part === parts - 1 };
}

/** In their order. */
export function partsOf(sql: SqlStorage, callId: string): StoredPart[] {
  return sql
    .exec<StoredPart>(`SELECT part, bytes FROM recording_parts WHERE call_id = ? AND ${isLeft} ORDER BY part`, callId)
    .toArray();
}

export function hasPart(sql: SqlStorage, { callId, part }: Pick<RecordingPart, 'callId' | 'part'>): boolean {
  return sql.exec('SELECT 1 FROM recording_parts WHERE call_id = ? AND part = ?', callId, part).toArray().length > 0;
}

export function keepPart(
  sql: SqlStorage,
  { callId, part, durationMs, last }: RecordingPart,
  bytes: number,
  nowMs: number,
): void {
  sql.exec(
    'INSERT OR IGNORE INTO recording_parts (call_id, part, bytes, duration_ms, is_last, stored_ms) VALUES (?, ?, ?, ?, ?, ?)',
    callId,
    part,
    bytes,
    durationMs,
    last ? 1 : 0,
    nowMs,
  );
}

export function isErased(sql: SqlStorage, callId: string): boolean {
  return sql.exec('SELECT 1 FROM recordings_erased WHERE call_id = ?', callId).toArray().length > 0;
}

/** From now on nothing is kept of this call's sound, and what comes late is turned away. */
export function markErased(sql: SqlStorage, callId: string, nowMs: number): void {
  sql.exec('INSERT OR IGNORE INTO recordings_erased (call_id, erased_ms) VALUES (?, ?)', callId, nowMs);
}

/** The bucket has none of them any more. */
export function forgetParts(sql: SqlStorage, callId: string): void {
  sql.exec('DELETE FROM recording_parts WHERE call_id = ?', callId);
}

export type RecordingConsent = 'given' | 'not-wanted' | 'unknown-call';

/** Whether the playbook that the call was answered with says that calls are recorded, as its disclosure then does. */
export function recordingConsent(sql: SqlStorage, callId: string): RecordingConsent {
  const [row] = sql
    .exec<{ recording: number | null }>(
      `SELECT json_extract(essentials, '$.business.recording') AS recording
       FROM calls LEFT JOIN playbooks ON calls.playbook = playbooks.hash WHERE call_id = ?`,
      callId,
    )
    .toArray();
  if (row === undefined) return 'unknown-call';
  return row.recording === 1 ? 'given' : 'not-wanted';
}
