import { appointmentRow, type AppointmentRow } from './appointment-rows.ts';
import { listConnections } from './calendar-connections.ts';
import { linkOf } from './calendar-links.ts';
import { addJob, dropReminders } from './jobs.ts';
import { mailSummary } from './mail-settings.ts';
import { activePlaybook } from './playbooks.ts';

const minuteMs = 60_000;

/** A calendar was connected: it is told of all that is still to come. */
export function announceAll(sql: SqlStorage, connectionId: string, nowMs: number): void {
  const connection = listConnections(sql).find(({ id, writes }) => id === connectionId && writes);
  if (connection === undefined) return;
  const rows = sql
    .exec<{ id: string; staff: string | null; sequence: number }>(
      "SELECT id, staff, sequence FROM appointments WHERE status = 'booked' AND start_ms > ?",
      nowMs,
    )
    .toArray();
  for (const { id: appointmentId, staff, sequence } of rows) {
    if (connection.staff !== null && connection.staff !== staff) continue;
    addJob(sql, { kind: 'push', appointmentId, connectionId, sequence, dueMs: nowMs }, nowMs);
  }
}

/**
 * Writes who is to be told that an appointment was booked, moved or cancelled. Runs in the transaction of the change, so
 * that neither is without the other. Where nothing is connected it writes nothing. The calendar that it was `changedIn` knows.
 */
export function announce(sql: SqlStorage, appointmentId: string, nowMs: number, changedIn?: string): void {
  const row = appointmentRow(sql, appointmentId);
  if (row === undefined) throw new Error('The appointment that was just written is not there.');
  const { sequence, attendee } = row;
  dropReminders(sql, appointmentId);
  const rules = row.status === 'booked' ? activePlaybook(sql)?.scheduling : undefined;
  if (attendee.email !== undefined && mailSummary(sql) !== null) {
    addJob(sql, { kind: 'invite', appointmentId, sequence, dueMs: nowMs }, nowMs);
    for (const leadMin of rules?.remindersMin ?? []) addAhead(sql, 'remind', row, leadMin, nowMs);
  }
  const callMin = rules?.confirmationCallMin;
  if (attendee.phone !== undefined && callMin !== undefined) addAhead(sql, 'confirmation-call', row, callMin, nowMs);
  for (const { id, writes, staff } of listConnections(sql)) {
    if (id === changedIn || !writes) continue;
    // It may stand there though it is with somebody else by now.
    const concerns = staff === null || staff === row.staff || linkOf(sql, id, appointmentId) !== null;
    if (concerns) addJob(sql, { kind: 'push', appointmentId, connectionId: id, sequence, dueMs: nowMs }, nowMs);
  }
}

/** Who books an hour before needs nothing of the day before. */
function addAhead(
  sql: SqlStorage,
  kind: 'remind' | 'confirmation-call',
  { id: appointmentId, start_ms, sequence }: AppointmentRow,
  leadMin: number,
  nowMs: number,
): void {
  const dueMs = start_ms - leadMin * minuteMs;
  if (dueMs > nowMs) addJob(sql, { kind, appointmentId, sequence, leadMin, dueMs }, nowMs);
}
