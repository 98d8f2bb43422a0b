/** One of our appointments in a calendar elsewhere. */
export interface CalendarLink {
  readonly appointmentId: string;
  readonly remoteId: string | null;
  /** Times at which it may stand there by our own doing. */
  readonly ownTimes: readonly { readonly startMs: number; readonly endMs: number }[];
  /** Counts our writings to the connection: this one's latest. */
  readonly writing: number;
}

interface LinkRow extends Record<string, SqlStorageValue> {
  appointment_id: string;
  remote_id: string | null;
  start_ms: number | null;
  end_ms: number | null;
  written_start_ms: number | null;
  written_end_ms: number | null;
  writing: number;
}

export function linkOf(sql: SqlStorage, connectionId: string, appointmentId: string): CalendarLink | null {
  const [row] = sql
    .exec<LinkRow>(
      'SELECT * FROM calendar_links WHERE connection_id = ? AND appointment_id = ?',
      connectionId,
      appointmentId,
    )
    .toArray();
  return row === undefined ? null : toLink(row);
}

export function linkByRemote(sql: SqlStorage, connectionId: string, remoteId: string): CalendarLink | null {
  const [row] = sql
    .exec<LinkRow>('SELECT * FROM calendar_links WHERE connection_id = ? AND remote_id = ?', connectionId, remoteId)
    .toArray();
  return row === undefined ? null : toLink(row);
}

export function linksOf(sql: SqlStorage, connectionId: string): CalendarLink[] {
  return sql
    .exec<LinkRow>('SELECT * FROM calendar_links WHERE connection_id = ? AND remote_id IS NOT NULL', connectionId)
    .toArray()
    .map(toLink);
}

/** How much has been written to a calendar. What was read there before is older than a link with a higher count. */
export function writingsOf(sql: SqlStorage, connectionId: string): number {
  return (
    sql.exec<{ writings: number }>('SELECT writings FROM calendar_connections WHERE id = ?', connectionId).toArray()[0]
      ?.writings ?? 0
  );
}

/** To be called before it is written: should the answer be lost, a later look knows the time for our own. */
export function noteWriting(
  sql: SqlStorage,
  connectionId: string,
  appointmentId: string,
  { startMs, endMs }: { startMs: number; endMs: number },
): void {
  sql.exec(
    `INSERT INTO calendar_links (connection_id, appointment_id, written_start_ms, written_end_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (connection_id, appointment_id) DO UPDATE SET
       written_start_ms = excluded.written_start_ms, written_end_ms = excluded.written_end_ms`,
    connectionId,
    appointmentId,
    startMs,
    endMs,
  );
}

/** It was written: it stands there, at this time, under this id. */
export function noteWritten(
  sql: SqlStorage,
  connectionId: string,
  appointmentId: string,
  standing: { remoteId: string; startMs: number; endMs: number },
): void {
  noteStanding(sql, connectionId, appointmentId, standing);
  sql.exec('UPDATE calendar_connections SET writings = writings + 1 WHERE id = ?', connectionId);
  sql.exec(
    `UPDATE calendar_links SET writing = (SELECT writings FROM calendar_connections WHERE id = connection_id)
     WHERE connection_id = ? AND appointment_id = ?`,
    connectionId,
    appointmentId,
  );
}

/** It was seen there. */
export function noteStanding(
  sql: SqlStorage,
  connectionId: string,
  appointmentId: string,
  { remoteId, startMs, endMs }: { remoteId: string; startMs: number; endMs: number },
): void {
  sql.exec(
    `INSERT INTO calendar_links (connection_id, appointment_id, remote_id, start_ms, end_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (connection_id, appointment_id) DO UPDATE SET
       remote_id = excluded.remote_id, start_ms = excluded.start_ms, end_ms = excluded.end_ms`,
    connectionId,
    appointmentId,
    remoteId,
    startMs,
    endMs,
  );
}

export function dropLink(sql: SqlStorage, connectionId: string, appointmentId: string): void {
  sql.exec('DELETE FROM calendar_links WHERE connection_id = ? AND appointment_id = ?', connectionId, appointmentId);
}

function toLink(row: LinkRow): CalendarLink {
  const times = [
    [row.start_ms, row.end_ms],
    [row.written_start_ms, row.written_end_ms],
  ] as const;
  return {
    appointmentId: row.appointment_id,
    remoteId: row.remote_id,
    writing: row.writing,
    ownTimes: times.flatMap(([startMs, endMs]) => (startMs === null || endMs === null ? [] : [{ startMs, endMs }])),
  };
}
