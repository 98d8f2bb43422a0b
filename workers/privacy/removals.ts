import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Removal } from '../../contract/privacy.ts';
import { addUp, type Counts } from './erase-call.ts';

interface RemovalRow extends Record<string, SqlStorageValue> {
  id: string;
  kind: Removal['kind'];
  begun_ms: number;
  done_ms: number | null;
  counts: string;
  crm: string;
  digest: string;
  calls_left: number;
}

const rows = `SELECT r.*, (SELECT COUNT(*) FROM removal_calls WHERE removal_id = r.id) AS calls_left FROM removals r`;

/** @param subject a keyed hash of who asked, so that the same request finds what it began; null for retention. */
export function beginRemoval(
  sql: SqlStorage,
  {
    kind,
    subject,
    callIds,
    nowMs,
  }: Pick<Removal, 'kind'> & { subject: string | null; callIds: readonly string[]; nowMs: number },
): string {
  const id = crypto.randomUUID();
  sql.exec(
    "INSERT INTO removals (id, kind, subject, begun_ms, counts, crm, digest) VALUES (?, ?, ?, ?, '{}', '[]', '')",
    id,
    kind,
    subject,
    nowMs,
  );
  for (const callId of callIds) sql.exec('INSERT INTO removal_calls (removal_id, call_id) VALUES (?, ?)', id, callId);
  return id;
}

/** Counts what was removed, and takes the ids of it into the digest. */
export function noteRemoved(sql: SqlStorage, id: string, removedIds: readonly string[], more: Counts): void {
  const { counts, digest } = sql
    .exec<{ counts: string; digest: string }>('SELECT counts, digest FROM removals WHERE id = ?', id)
    .one();
  const next = removedIds.reduce(
    (before, removed) => bytesToHex(sha256(new TextEncoder().encode(`${before} ${removed}`))),
    digest,
  );
  sql.exec(
    'UPDATE removals SET counts = ?, digest = ? WHERE id = ?',
    JSON.stringify(addUp(JSON.parse(counts), more)),
    next,
    id,
  );
}

export function noteCrm(sql: SqlStorage, id: string, crm: Removal['crm']): void {
  sql.exec('UPDATE removals SET crm = ? WHERE id = ?', JSON.stringify(crm), id);
}

/** The next call that a removal has to go through; null where it has been through all. */
export function nextCall(sql: SqlStorage, id: string): string | null {
  const [row] = sql
    .exec<{ call_id: string }>('SELECT call_id FROM removal_calls WHERE removal_id = ? ORDER BY call_id LIMIT 1', id)
    .toArray();
  return row?.call_id ?? null;
}

export function callDone(sql: SqlStorage, id: string, callId: string): void {
  sql.exec('DELETE FROM removal_calls WHERE removal_id = ? AND call_id = ?', id, callId);
}

export function finishRemoval(sql: SqlStorage, id: string, nowMs: number): void {
  sql.exec('UPDATE removals SET done_ms = ?, subject = NULL WHERE id = ?', nowMs, id);
}

export function runningRemovals(sql: SqlStorage): string[] {
  return sql
    .exec<{ id: string }>('SELECT id FROM removals WHERE done_ms IS NULL ORDER BY begun_ms, id')
    .toArray()
    .map(({ id }) => id);
}

export const isRunning = (sql: SqlStorage, id: string): boolean =>
  sql.exec('SELECT 1 FROM removals WHERE id = ? AND done_ms IS NULL', id).toArray().length > 0;

export function runningFor(sql: SqlStorage, subject: string): string | null {
  const [row] = sql
    .exec<{ id: string }>('SELECT id FROM removals WHERE done_ms IS NULL AND subject = ?', subject)
    .toArray();
  return row?.id ?? null;
}

export function readRemoval(sql: SqlStorage, id: string): Removal | null {
  const [row] = sql.exec<RemovalRow>(`${rows} WHERE id = ?`, id).toArray();
  return row === undefined ? null : toRemoval(row);
}

/** Newest first. */
export function listRemovals(sql: SqlStorage): Removal[] {
  return sql.exec<RemovalRow>(`${rows} ORDER BY begun_ms DESC, id LIMIT 200`).toArray().map(toRemoval);
}

function toRemoval(row: RemovalRow): Removal {
  return {
    id: row.id,
    kind: row.kind,
    status: row.done_ms === null ? 'running' : 'done',
    begunAtMs: row.begun_ms,
    doneAtMs: row.done_ms,
    callsLeft: row.calls_left,
    removed: JSON.parse(row.counts),
    crm: JSON.parse(row.crm),
    digest: row.digest,
  };
}
