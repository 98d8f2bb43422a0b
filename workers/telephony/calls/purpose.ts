import { calledNumber } from '../../../contract/call-target.ts';
import type { CallOrderRequest, CallRefusal } from '../../../contract/outbound.ts';
import type { CallPurpose } from '../../../contract/purpose.ts';
import { appointmentRows } from '../../business/appointment-rows.ts';
import { toAppointment } from '../../business/appointments.ts';

interface Context {
  readonly publicUrl: string;
  readonly nowMs: number;
}

/** What the agent is told of a call. A refusal where its reason is gone: an appointment that is past or cancelled. */
export function purposeOf(
  sql: SqlStorage,
  request: CallOrderRequest,
  { publicUrl, nowMs }: Context,
): CallPurpose | CallRefusal {
  switch (request.purpose) {
    case 'outreach':
      return { kind: 'outreach', contact: withNumber(request), reason: request.reason };
    case 'call-back':
      return { kind: 'call-back', contact: withNumber(request) };
    case 'confirm-appointment': {
      const [row] = appointmentRows(
        sql,
        "WHERE id = ? AND status = 'booked' AND start_ms > ?",
        request.appointmentId,
        nowMs,
      );
      if (row !== undefined)
        return { kind: 'confirm-appointment', appointment: toAppointment(row, request.business, publicUrl) };
      const message = 'The appointment does not exist, is past, or was cancelled.';
      return { rule: 'window-over', message, allowedFromMs: null };
    }
    default:
      return request satisfies never;
  }
}

/** The number that is dialled is the person's, unless the order says otherwise. */
function withNumber({ contact, to }: Extract<CallOrderRequest, { contact: unknown }>) {
  const number = calledNumber(to);
  return contact.phone === undefined && number.startsWith('+') ? { ...contact, phone: number } : contact;
}
