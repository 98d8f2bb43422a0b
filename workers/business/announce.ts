import type { Attendee } from '../../contract/scheduling.ts';
import type { AppointmentRow } from './appointments.ts';
import { addJob, dropReminders } from './jobs.ts';
import { mailSummary } from './mail-settings.ts';
import { activePlaybook } from './playbooks.ts';

const minuteMs = 60_000;

/**
 * Writes who is to be told that an appointment was booked, moved or cancelled. Runs in the transaction of the change, so
 * that neither is without the other. Where nothing is connected it writes nothing.
 */
export function announce(sql: SqlStorage, appointmentId: string, nowMs: number): void {
  const row = sql.exec<AppointmentRow>('SELECT * FROM appointments WHERE id = ?', appointmentId).one();
  const { sequence } = row;
  dropReminders(sql, appointmentId);
  const attendee: Attendee = JSON.parse(row.attendee);
  if (attendee.email !== undefined && mailSummary(sql) !== null) {
    addJob(sql, { kind: 'invite', appointmentId, sequence, dueMs: nowMs }, nowMs);
    if (row.status === 'booked') {
      for (const leadMin of activePlaybook(sql)?.scheduling.remindersMin ?? []) {
        const dueMs = row.start_ms - leadMin * minuteMs;
        // Who books an hour before needs no reminder of the day before.
        if (dueMs > nowMs) addJob(sql, { kind: 'remind', appointmentId, sequence, leadMin, dueMs }, nowMs);
      }
    }
  }
}
