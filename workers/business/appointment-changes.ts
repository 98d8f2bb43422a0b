import type {
  Appointment,
  AppointmentKey,
  CancelAnswer,
  ChangeRequest,
  ConfirmAnswer,
  MoveAnswer,
  MoveRequest,
  SchedulingRules,
} from '../../contract/scheduling.ts';
import { admitBooking, type Admitted } from '../scheduling/admit.ts';
import { announce } from './announce.ts';
import type { Stored } from '../privacy/sealed-columns.ts';
import { indexed, open, seal } from '../privacy/vault.ts';
import { appointmentRow, appointmentRows, type AppointmentRow } from './appointment-rows.ts';
import { cancelRow, noteAppointment, toAppointment } from './appointments.ts';
import { changeCause, type CrmCause } from './projection.ts';
import { heldStaff, release, takenTimes } from './taken-times.ts';

/** More are of no use on a call. */
const maxFound = 5;

/** What is booked under a number or an address and still to come, soonest first. */
export function findAppointments(
  sql: SqlStorage,
  { phone, email, name }: AppointmentKey,
  { business, publicUrl, nowMs }: { business: string; publicUrl: string; nowMs: number },
): Appointment[] {
  const found = appointmentRows(
    sql,
    "WHERE status = 'booked' AND start_ms > ? AND (phone_key = ? OR email_key = ?) ORDER BY start_ms, id",
    nowMs,
    indexed(sql, phone ?? null),
    indexed(sql, email?.toLowerCase() ?? null),
  ).map((row) => toAppointment(row, business, publicUrl));
  // A family shares a number: a name tells them apart, but a misheard one must not hide what there is.
  const named = name === undefined ? [] : found.filter(({ attendee }) => sameName(attendee.name, name));
  return (named.length > 0 ? named : found).slice(0, maxFound);
}

const sameName = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

interface Context {
  readonly publicUrl: string;
  readonly nowMs: number;
}

type Kind = 'move' | 'cancel' | 'confirm';

/**
 * Moves an appointment, or says why not: what cannot be had leaves it as it was. Like every change it runs inside a
 * transaction of the only writer, and the same request again answers what the first answered.
 */
export function moveAppointment(
  sql: SqlStorage,
  request: MoveRequest,
  context: Context & { readonly rules: SchedulingRules },
): MoveAnswer {
  return once(sql, 'move', request, context.nowMs, () => {
    const { rules, nowMs, publicUrl } = context;
    const row = changeable(sql, request.appointmentId, nowMs);
    if (!('id' in row)) return row;
    const { startMs, business, callId } = request;
    if (row.start_ms === startMs)
      return { status: 'moved', appointment: toAppointment(row, business, publicUrl), fromMs: startMs };
    const taken = takenTimes(sql, { fromMs: nowMs, nowMs, callId, butNot: row.id });
    const staff = heldStaff(sql, callId, startMs) ?? row.staff;
    const admission = admitBooking({ rules, serviceId: row.service, startMs, taken, nowMs, staff });
    if (admission.status !== 'free') return admission;
    release(sql, callId, nowMs);
    const moved = moveRow(sql, row, admission, rules.timeZone, nowMs);
    return { status: 'moved', appointment: toAppointment(moved, business, publicUrl), fromMs: row.start_ms };
  });
}

/** Takes an appointment to a time that was admitted in the same transaction. */
export function moveRow(
  sql: SqlStorage,
  row: AppointmentRow,
  { slot, staff }: Admitted,
  timeZone: string,
  nowMs: number,
): AppointmentRow {
  // Who moves an appointment has not yet said that they will be there.
  sql.exec(
    `UPDATE appointments SET start_ms = ?, end_ms = ?, time_zone = ?, staff = ?, sequence = sequence + 1, changed_ms = ?,
       confirmed_ms = NULL
     WHERE id = ?`,
    slot.startMs,
    slot.endMs,
    timeZone,
    staff,
    nowMs,
    row.id,
  );
  announce(sql, row.id, nowMs);
  const moved = rowOf(sql, row.id);
  noteAppointment(sql, 'moved', moved, nowMs, row.start_ms);
  return moved;
}

export function cancelAppointment(sql: SqlStorage, request: ChangeRequest, context: Context): CancelAnswer {
  return once(sql, 'cancel', request, context.nowMs, () => {
    const row = changeable(sql, request.appointmentId, context.nowMs);
    if (!('id' in row)) return row;
    cancelRow(sql, row.id, context.nowMs);
    return { status: 'cancelled', appointment: read(sql, request, context) };
  });
}

/** The customer says that they will be there. What the invitation says stays as it is. */
export function confirmAppointment(sql: SqlStorage, request: ChangeRequest, context: Context): ConfirmAnswer {
  return once(sql, 'confirm', request, context.nowMs, () => {
    const row = changeable(sql, request.appointmentId, context.nowMs);
    if (!('id' in row)) return row;
    sql.exec('UPDATE appointments SET confirmed_ms = ? WHERE id = ?', context.nowMs, row.id);
    noteAppointment(sql, 'confirmed', row, context.nowMs);
    return { status: 'confirmed', appointment: read(sql, request, context) };
  });
}

/** What the owner's CRM is told of a change; null when nothing changed. */
export function causeOf(answer: MoveAnswer | CancelAnswer | ConfirmAnswer): CrmCause | null {
  if (!('appointment' in answer)) return null;
  return changeCause(`appointment-${answer.status}`, answer.appointment.id, answer.appointment.startMs);
}

type Refused = Extract<CancelAnswer, { status: 'refused' }>;

/** The appointment, while it can still be changed, or why it cannot. */
export function changeable(sql: SqlStorage, id: string, nowMs: number): AppointmentRow | Refused {
  const row = appointmentRow(sql, id);
  if (row === undefined) return refuse('unknown-appointment', 'There is no such appointment.');
  if (row.status === 'cancelled') return refuse('cancelled', 'That appointment has been cancelled.');
  if (row.start_ms <= nowMs) return refuse('in-the-past', 'That appointment has already begun.');
  return row;
}

const refuse = (reason: Refused['reason'], message: string): Refused => ({ status: 'refused', reason, message });

function read(sql: SqlStorage, { appointmentId, business }: ChangeRequest, { publicUrl }: Context): Appointment {
  return toAppointment(rowOf(sql, appointmentId), business, publicUrl);
}

function rowOf(sql: SqlStorage, id: string): AppointmentRow {
  const row = appointmentRow(sql, id);
  if (row === undefined) throw new Error('The appointment that was just changed is not there.');
  return row;
}

/** The stored answer of a repeated request, or a new one, which is stored. */
function once<Answer extends MoveAnswer | CancelAnswer | ConfirmAnswer>(
  sql: SqlStorage,
  kind: Kind,
  { callId, requestId, appointmentId }: ChangeRequest,
  nowMs: number,
  change: () => Answer,
): Answer {
  const key = { call_id: callId, request_id: requestId, kind };
  const [known] = sql
    .exec<{ body: Stored }>(
      'SELECT body FROM appointment_changes WHERE call_id = ? AND request_id = ? AND kind = ?',
      callId,
      requestId,
      kind,
    )
    .toArray();
  if (known !== undefined) {
    const answer: Answer = JSON.parse(open(sql, 'appointment_changes.body', key, known.body));
    return answer;
  }
  const answer = change();
  sql.exec(
    'INSERT INTO appointment_changes (call_id, request_id, kind, appointment_id, body, at_ms) VALUES (?, ?, ?, ?, ?, ?)',
    callId,
    requestId,
    kind,
    'appointment' in answer ? appointmentId : null,
    seal(sql, 'appointment_changes.body', key, JSON.stringify(answer)),
    nowMs,
  );
  return answer;
}
