import type { CallOrderRequest } from '../../contract/outbound.ts';
import { appointmentRow } from './appointment-rows.ts';
import type { Job } from './jobs.ts';

/** The call that asks a customer to confirm; null where nobody needs to be asked any more. */
export function confirmationCall(
  sql: SqlStorage,
  { appointmentId, sequence }: Job,
  { business, nowMs }: { business: string; nowMs: number },
): { readonly request: CallOrderRequest; readonly key: string } | null {
  const row = appointmentRow(sql, appointmentId);
  if (row === undefined || row.status === 'cancelled' || row.sequence !== sequence) return null;
  if (row.confirmed_ms !== null || row.start_ms <= nowMs) return null;
  const { phone } = row.attendee;
  if (phone === undefined) return null;
  return {
    request: {
      business,
      to: phone,
      notAfterMs: row.start_ms,
      purpose: 'confirm-appointment',
      appointmentId: row.id,
      consent: { basis: 'existing-customer', note: 'Booked the appointment' },
    },
    // The same job again is the same order.
    key: `confirm ${row.id} ${sequence}`,
  };
}
