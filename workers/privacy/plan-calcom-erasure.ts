import { appointmentRow } from '../business/appointment-rows.ts';
import { tellOwner } from '../business/notices.ts';

interface BookingRow extends Record<string, SqlStorageValue> {
  connection_id: string;
  remote_id: string | null;
}

/**
 * A booking in Cal.com can be cancelled by Parley, not rid of its attendee: the owner has to do that. Runs inside a
 * transaction, before what we know of the appointments is forgotten. Also of those that were cancelled: Cal.com keeps them.
 */
export function planCalComErasure(
  sql: SqlStorage,
  removalId: string,
  appointmentIds: readonly string[],
  nowMs: number,
): void {
  for (const appointmentId of appointmentIds) {
    for (const { connection_id: connection, remote_id: remoteId } of bookingsOf(sql, appointmentId)) {
      sql.exec(
        `INSERT OR IGNORE INTO removal_crm (removal_id, kind, object, remote_id, outcome)
         VALUES (?, 'calcom', 'booking', ?, 'for-the-owner')`,
        removalId,
        `${connection} ${appointmentId}`,
      );
      const text = `Somebody was erased here, in removal ${removalId}. Parley cannot take an attendee out of Cal.com: delete ${named(sql, appointmentId, remoteId)} there by hand.`;
      const key = `erase ${removalId} calcom ${connection} ${appointmentId}`;
      tellOwner(sql, { key, kind: 'erase-by-hand', text }, nowMs);
    }
  }
}

/** Those that are there, and those that were. */
const bookingsOf = (sql: SqlStorage, appointmentId: string): BookingRow[] =>
  sql
    .exec<BookingRow>(
      `SELECT id AS connection_id, remote_id FROM calendar_connections
       LEFT JOIN calendar_links ON connection_id = id AND appointment_id = ?1
       WHERE kind = 'calcom' AND (appointment_id IS NOT NULL
         OR id IN (SELECT connection_id FROM jobs WHERE jobs.kind = 'push' AND jobs.appointment_id = ?1))`,
      appointmentId,
    )
    .toArray();

function named(sql: SqlStorage, appointmentId: string, remoteId: string | null): string {
  if (remoteId !== null) return `booking ${remoteId}`;
  const row = appointmentRow(sql, appointmentId);
  return row === undefined ? 'the booking' : `the booking for ${new Date(row.start_ms).toISOString()}`;
}
