import type { Notice } from '../../contract/notice.ts';
import type { Attendee } from '../../contract/scheduling.ts';
import { whenText } from '../scheduling/mail-text.ts';
import { appointmentRow, type AppointmentRow } from './appointment-rows.ts';
import type { Job, JobKind } from './jobs.ts';
import { tellOwner } from './notices.ts';

/** Tells the owner of a job that was given up, and what to do instead. */
export function tellOfFailure(sql: SqlStorage, job: Job, error: string, nowMs: number): void {
  const row = appointmentRow(sql, job.appointmentId);
  if (row === undefined) return;
  const { attendee } = row;
  const what = describe(row, attendee);
  const { kind, text } = words(job.kind);
  tellOwner(
    sql,
    { key: `job ${job.id} ${job.sequence}`, kind, text: text(what, error, reach(attendee)), appointmentId: row.id },
    nowMs,
  );
}

type Words = Pick<Notice, 'kind'> & { readonly text: (what: string, error: string, reach: string) => string };

function words(kind: JobKind): Words {
  switch (kind) {
    case 'invite':
    case 'remind':
      return {
        kind: 'mail-failed',
        text: (what, error, how) => `No mail could be sent about ${what}. ${error} ${how}`,
      };
    case 'confirmation-call':
      return {
        kind: 'call-failed',
        text: (what, error, how) => `Nobody could be called to confirm ${what}. ${error} ${how}`,
      };
    case 'push':
    case 'sync':
      return {
        kind: 'calendar-failed',
        text: (what, error) =>
          `The calendar could not be told of ${what}. ${error} Check the connection, and enter it there by hand.`,
      };
    default:
      return kind satisfies never;
  }
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
