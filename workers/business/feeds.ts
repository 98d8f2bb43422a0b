import type { Invitation } from '../scheduling/invitation.ts';
import { appointmentRows, type AppointmentRow } from './appointment-rows.ts';

/** A subscriber sees what was booked in the last month, and all that is to come. */
const pastMs = 30 * 86_400_000;
const maxEntries = 2_000;

export function replaceFeed(sql: SqlStorage, digest: string, nowMs: number): void {
  sql.exec('DELETE FROM feeds');
  sql.exec('INSERT INTO feeds (secret_sha256, made_ms) VALUES (?, ?)', digest, nowMs);
}

export function hasFeed(sql: SqlStorage, digest: string): boolean {
  return sql.exec('SELECT 1 FROM feeds WHERE secret_sha256 = ?', digest).toArray().length > 0;
}

export function feedEntries(
  sql: SqlStorage,
  { business, name, nowMs }: { business: string; name: string; nowMs: number },
): (Invitation & { readonly attendeeName: string })[] {
  return appointmentRows(
    sql,
    "WHERE status = 'booked' AND start_ms >= ? ORDER BY start_ms, id LIMIT ?",
    nowMs - pastMs,
    maxEntries,
  ).map((row) => toEntry(row, business, name));
}

/** An appointment as the business's own calendars show it: with whom, and how to reach them. */
export function toEntry(
  row: AppointmentRow,
  business: string,
  businessName: string,
): Invitation & { readonly attendeeName: string } {
  const { attendee } = row;
  const notes = [attendee.phone, attendee.email, row.notes].filter((line) => line !== undefined && line !== null);
  return {
    appointmentId: row.id,
    business,
    businessName,
    serviceName: row.service_name,
    startMs: row.start_ms,
    endMs: row.end_ms,
    status: row.status,
    sequence: row.sequence,
    changedAtMs: row.changed_ms,
    notes: notes.length === 0 ? null : notes.join('\n'),
    attendeeName: attendee.name,
  };
}
