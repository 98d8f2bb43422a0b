import { forgetCall } from '../business/search.ts';
import { vaultOf } from './vault.ts';

/** How much was removed of what. */
export type Counts = Record<string, number>;

export function addUp(counts: Counts, more: Counts): Counts {
  const sum = { ...counts };
  for (const [what, n] of Object.entries(more)) if (n > 0) sum[what] = (sum[what] ?? 0) + n;
  return sum;
}

/** Tables with rows of a call, each of which goes with it. */
const ofCall = [
  'events',
  'leads',
  'call_backs',
  'consents',
  'booking_answers',
  'appointment_changes',
  'deliveries',
  'contact_keys',
  'contact_calls',
  'carrier_calls',
] as const;

/**
 * Takes everything away that is known of a call, but that there was one: when, by which door, how it ended. Its key is
 * destroyed, and what still comes of it is not kept. Runs inside a transaction; the same again removes nothing more.
 */
export function eraseCall(sql: SqlStorage, callId: string, nowMs: number): Counts {
  const counts: Counts = {};
  sql.exec('INSERT OR IGNORE INTO removed_calls (call_id, removed_ms) VALUES (?, ?)', callId, nowMs);
  forgetCall(sql, callId);
  for (const table of ofCall)
    counts[table] = removeRows(sql, `DELETE FROM ${table} WHERE call_id = ? RETURNING 1`, callId);
  counts['contacts'] = removeRows(sql, 'DELETE FROM contacts WHERE id = ? RETURNING 1', callId);
  counts['crm_links'] = removeRows(sql, 'DELETE FROM crm_links WHERE key = ? RETURNING 1', callId);
  counts['keys'] = removeRows(sql, 'SELECT 1 FROM call_keys WHERE call_id = ?', callId);
  vaultOf(sql).destroy(callId);
  sql.exec("UPDATE call_attempts SET number_key = '' WHERE call_id = ?", callId);
  sql.exec("UPDATE calls SET projection = '' WHERE call_id = ?", callId);
  return counts;
}

/** Whether the content of a call was taken away: nothing of it may come back. */
export function isRemoved(sql: SqlStorage, callId: string): boolean {
  return sql.exec('SELECT 1 FROM removed_calls WHERE call_id = ?', callId).toArray().length > 0;
}

export function removeRows(sql: SqlStorage, statement: string, ...values: SqlStorageValue[]): number {
  return sql.exec(statement, ...values).toArray().length;
}
