import type { ProjectionReport, ProjectionRequest } from '../../contract/projection-check.ts';
import { replayAppointments } from './appointment-log.ts';
import { rebuildContacts } from './contacts.ts';
import { readEvents, saveProjection } from './event-log.ts';
import { sealProjection } from './call-projection.ts';
import { nothingYet, project, type Projection } from './projection.ts';

/** What the logs of events and of appointments decide, and by what a row of it is compared. Hashes of words stand for the search. */
const derived = {
  calls: `SELECT call_id, door, mode, playbook, node, start_ms, next_seq, projection, end_ms, end_reason, outcome FROM calls
    WHERE next_seq > 0`,
  leads: 'SELECT * FROM leads',
  call_backs: 'SELECT call_id, reason, owner, promised_ms, due_ms FROM call_backs',
  contacts: 'SELECT * FROM contacts',
  contact_calls: 'SELECT * FROM contact_calls',
  appointments: 'SELECT * FROM appointments',
  holds: 'SELECT * FROM holds',
  search: 'SELECT call_id, said, person FROM call_search_rows JOIN call_search ON search_row = call_search.rowid',
} as const;

/** Thrown to undo what a check has made. */
class OnlyAsked extends Error {
  readonly report: ProjectionReport;

  constructor(report: ProjectionReport) {
    super('The check is done; what it made is undone.');
    this.report = report;
  }
}

/**
 * Makes every projection again from its log and says what differs from what was there. One transaction: a
 * check leaves everything as it was. What staff wrote, as that a call back was made, is no projection and stays.
 */
export function rebuild(storage: DurableObjectStorage, { mode }: ProjectionRequest): ProjectionReport {
  const { sql } = storage;
  try {
    return storage.transactionSync(() => {
      for (const [name, query] of Object.entries(derived)) sql.exec(`CREATE TABLE old_${name} AS ${query}`);
      sql.exec(
        'CREATE TABLE old_done AS SELECT call_id, promised_ms, done_ms, done_by FROM call_backs WHERE done_ms IS NOT NULL',
      );
      const counts = replay(sql);
      replayAppointments(sql);
      // What was done was done for this promise; another one is still to be kept.
      sql.exec(
        `UPDATE call_backs SET done_ms = d.done_ms, done_by = d.done_by FROM old_done d
         WHERE d.call_id = call_backs.call_id AND d.promised_ms = call_backs.promised_ms`,
      );
      const report = { ...counts, differences: compare(sql), rebuilt: mode === 'rebuild' };
      for (const name of [...Object.keys(derived), 'done']) sql.exec(`DROP TABLE old_${name}`);
      if (mode === 'check') throw new OnlyAsked(report);
      return report;
    });
  } catch (error) {
    if (error instanceof OnlyAsked) return error.report;
    throw error;
  }
}

/** Deletes every projection and makes it again from the events. Runs inside a transaction. */
export function replay(sql: SqlStorage): { calls: number; events: number } {
  for (const table of ['leads', 'call_backs', 'call_search', 'call_search_rows']) sql.exec(`DELETE FROM ${table}`);
  const ids = sql
    .exec<{
      call_id: string;
    }>(`SELECT call_id FROM calls WHERE next_seq > 0 AND call_id NOT IN (SELECT call_id FROM removed_calls)
       ORDER BY start_ms, call_id`)
    .toArray();
  let count = 0;
  for (const { call_id: callId } of ids) {
    const events = readEvents(sql, callId);
    count += events.length;
    const projection: Projection = events.reduce(project, nothingYet);
    sql.exec(
      `UPDATE calls SET projection = ?, next_seq = CASE
         -- Of these, events are gone that were counted.
         WHEN transcript_removed_ms IS NOT NULL OR contact_removed_ms IS NOT NULL THEN next_seq ELSE ? END
       WHERE call_id = ?`,
      sealProjection(sql, callId, projection),
      events.length,
      callId,
    );
    saveProjection(sql, callId, { before: nothingYet, projection, events });
  }
  rebuildContacts(sql);
  return { calls: ids.length, events: count };
}

function compare(sql: SqlStorage): ProjectionReport['differences'] {
  return Object.entries(derived).flatMap(([table, query]) => {
    const count = (a: string, b: string): number =>
      sql.exec<{ n: number }>(`SELECT COUNT(*) AS n FROM (${a} EXCEPT ${b})`).one().n;
    const old = `SELECT * FROM old_${table}`;
    const [missing, unexplained] = [count(`SELECT * FROM (${query})`, old), count(old, `SELECT * FROM (${query})`)];
    return missing + unexplained === 0 ? [] : [{ table, missing, unexplained }];
  });
}
