import type { Mail } from '../mail/mail.ts';
import { writeInvitation } from '../scheduling/invitation.ts';
import { mailText, type MailOccasion } from '../scheduling/mail-text.ts';
import { appointmentRow } from './appointment-rows.ts';
import { invitationOf } from './appointments.ts';
import type { Job } from './jobs.ts';
import type { MailSummary } from './mail-settings.ts';
import type { Essentials } from './playbooks.ts';

/** The mail that a job stands for; null where it has become pointless. */
export function mailOf(
  sql: SqlStorage,
  job: Job,
  { from, playbook, nowMs }: { from: MailSummary['from']; playbook: Essentials; nowMs: number },
): Mail | null {
  const row = appointmentRow(sql, job.appointmentId);
  // A newer change has its own mail.
  if (row === undefined || row.sequence !== job.sequence) return null;
  const { attendee } = row;
  if (attendee.email === undefined) return null;
  const cancelled = row.status === 'cancelled';
  const wasInvited = invitedBefore(sql, job);
  if (job.kind === 'remind' && (cancelled || row.start_ms <= nowMs)) return null;
  // Nobody needs to hear that something was cancelled of which they never heard.
  if (job.kind === 'invite' && cancelled && !wasInvited) return null;
  const { business } = playbook;
  const found = invitationOf(sql, row.id, business.id, business.name);
  if (found === null) return null;
  const organizer = { name: from.name ?? business.name, email: from.email };
  const to = { name: attendee.name, email: attendee.email };
  const occasion: MailOccasion =
    job.kind === 'remind' ? 'reminder' : cancelled ? 'cancelled' : wasInvited ? 'moved' : 'booked';
  const staff = playbook.scheduling.staff?.find(({ id }) => id === row.staff);
  const facts = {
    occasion,
    attendeeName: attendee.name,
    businessName: business.name,
    serviceName: row.service_name,
    startMs: row.start_ms,
    timeZone: row.time_zone,
    locale: playbook.locale,
    staffName: staff?.name ?? null,
    phone: business.phone ?? null,
  };
  return {
    from: organizer,
    to,
    ...mailText(facts),
    calendar:
      job.kind === 'remind'
        ? null
        : {
            method: cancelled ? 'CANCEL' : 'REQUEST',
            ics: writeInvitation(found.invitation, { organizer, attendee: to }),
          },
    messageId: `${job.id}@${from.email.split('@')[1] ?? 'parley'}`,
  };
}

/** Whether the customer has an invitation to this appointment, or may have. */
function invitedBefore(sql: SqlStorage, { id, appointmentId }: Job): boolean {
  return (
    sql
      .exec(
        `SELECT 1 FROM jobs WHERE kind = 'invite' AND appointment_id = ? AND id <> ?
           AND (status IN ('done', 'working') OR attempts > 0)`,
        appointmentId,
        id,
      )
      .toArray().length > 0
  );
}
