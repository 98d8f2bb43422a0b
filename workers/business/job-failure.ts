import type { Attendee } from '../../contract/scheduling.ts';
import { whenText } from '../scheduling/mail-text.ts';
import type { AppointmentRow } from './appointments.ts';
import type { Job } from './jobs.ts';
import { tellOwner } from './notices.ts';

/** Tells the owner of a job that was given up, and what to do instead. */
export function tellOfFailure(sql: SqlStorage, job: Job, error: string, nowMs: number): void {
  const [row] = sql.exec<AppointmentRow>('SELECT * FROM appointments WHERE id = ?', job.appointmentId).toArray();
  if (row === undefined) return;
  const attendee: Attendee = JSON.parse(row.attendee);
  const what = describe(row, attendee);
  const isMail = job.kind === 'invite' || job.kind === 'remind';
  tellOwner(
    sql,
    {
      key: `job ${job.id} ${job.sequence}`,
      kind: isMail ? 'mail-failed' : 'calendar-failed',
      text: isMail
        ? `No mail could be sent to ${attendee.name} about ${what}. ${error} ${reach(attendee)}`
        : `The calendar could not be told of ${what}. ${error} Check the connection, and enter it there by hand.`,
      appointmentId: row.id,
    },
    nowMs,
  );
}

/** An appointment in the owner's words. */
export function describe(row: AppointmentRow, attendee: Attendee, startMs = row.start_ms): string {
  const when = whenText({ startMs, timeZone: row.time_zone, locale: 'en-US' });
  return `${attendee.name}'s appointment (${row.service_name}) on ${when}`;
}

export const reach = ({ phone, email }: Attendee): string =>
  phone !== undefined
    ? `Call ${phone}.`
    : email !== undefined
      ? `Write to ${email}.`
      : 'There is no way to reach them.';
