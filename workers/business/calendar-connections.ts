import * as v from 'valibot';
import type { Slot } from '../../contract/scheduling.ts';
import { CalendarSettings } from '../calendars/settings.ts';
import { openText, sealText, type DataKey } from '../privacy/sealed.ts';

/** What staff may see of a calendar elsewhere: never its secrets. */
export interface CalendarConnection {
  readonly id: string;
  readonly kind: CalendarSettings['kind'];
  readonly staff: string | null;
  readonly writes: boolean;
  /** When it last told us what it holds. */
  readonly syncedAtMs: number | null;
  /** Since when it has not answered, or refused to; null while it does. */
  readonly failingSinceMs: number | null;
  readonly lastError: string | null;
}

interface ConnectionRow extends Record<string, SqlStorageValue> {
  id: string;
  kind: CalendarSettings['kind'];
  staff: string | null;
  writes: number;
  sealed: string;
  cursor: string | null;
  synced_ms: number | null;
  failing_since_ms: number | null;
  last_error: string | null;
}

const purposeOf = (id: string): string => `calendar ${id}`;

export async function sealCalendarSettings(id: string, settings: CalendarSettings, key: DataKey): Promise<string> {
  return sealText(key, purposeOf(id), JSON.stringify(settings));
}

/** A connection made again begins anew: what it held is asked for, and what we have is written. */
export function saveConnection(
  sql: SqlStorage,
  id: string,
  { kind, staff, writes }: CalendarSettings,
  { sealed, nowMs }: { sealed: string; nowMs: number },
): void {
  sql.exec(
    `INSERT INTO calendar_connections (id, kind, staff, writes, sealed, changed_ms) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, staff = excluded.staff, writes = excluded.writes,
       sealed = excluded.sealed, changed_ms = excluded.changed_ms, cursor = NULL, failing_since_ms = NULL, last_error = NULL`,
    id,
    kind,
    staff ?? null,
    writes ? 1 : 0,
    sealed,
    nowMs,
  );
}

/** What was written there stays there. Whether there was one. */
export function removeConnection(sql: SqlStorage, id: string): boolean {
  sql.exec('DELETE FROM calendar_links WHERE connection_id = ?', id);
  sql.exec('DELETE FROM busy_elsewhere WHERE connection_id = ?', id);
  sql.exec("UPDATE jobs SET status = 'void' WHERE connection_id = ?", id);
  return sql.exec('DELETE FROM calendar_connections WHERE id = ? RETURNING id', id).toArray().length > 0;
}

export function listConnections(sql: SqlStorage): CalendarConnection[] {
  return sql
    .exec<ConnectionRow>('SELECT * FROM calendar_connections ORDER BY id')
    .toArray()
    .map((row) => ({
      id: row.id,
      kind: row.kind,
      staff: row.staff,
      writes: row.writes === 1,
      syncedAtMs: row.synced_ms,
      failingSinceMs: row.failing_since_ms,
      lastError: row.last_error,
    }));
}

/** The settings, opened with the business's key, and where to go on from. */
export async function readConnection(
  sql: SqlStorage,
  id: string,
  key: DataKey,
): Promise<{ settings: CalendarSettings; cursor: string | null } | null> {
  const [row] = sql.exec<ConnectionRow>('SELECT * FROM calendar_connections WHERE id = ?', id).toArray();
  if (row === undefined) return null;
  const settings = v.parse(CalendarSettings, JSON.parse(await openText(key, purposeOf(id), row.sealed)));
  return { settings, cursor: row.cursor };
}

/** Remembers what a calendar told. Returns whether it had been failing. */
export function noteSynced(
  sql: SqlStorage,
  id: string,
  { busy, cursor, nowMs }: { busy: readonly Slot[]; cursor: string; nowMs: number },
): boolean {
  const [before] = sql
    .exec<{ failing_since_ms: number | null }>('SELECT failing_since_ms FROM calendar_connections WHERE id = ?', id)
    .toArray();
  sql.exec('DELETE FROM busy_elsewhere WHERE connection_id = ?', id);
  for (const { startMs, endMs } of busy) {
    sql.exec('INSERT INTO busy_elsewhere (connection_id, start_ms, end_ms) VALUES (?, ?, ?)', id, startMs, endMs);
  }
  sql.exec(
    'UPDATE calendar_connections SET cursor = ?, synced_ms = ?, failing_since_ms = NULL, last_error = NULL WHERE id = ?',
    cursor,
    nowMs,
    id,
  );
  return before !== undefined && before.failing_since_ms !== null;
}

export function noteFailing(sql: SqlStorage, id: string, error: string, nowMs: number): void {
  sql.exec(
    'UPDATE calendar_connections SET failing_since_ms = COALESCE(failing_since_ms, ?), last_error = ? WHERE id = ?',
    nowMs,
    error.slice(0, 500),
    id,
  );
}
