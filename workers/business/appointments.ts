import type {
  Appointment,
  Attendee,
  BookingAnswer,
  BookingRequest,
  SchedulingRules,
} from '../../contract/scheduling.ts';
import { admitBooking, type Admitted } from '../scheduling/admit.ts';
import type { Invitation } from '../scheduling/invitation.ts';
import { randomHex } from '../session/digest.ts';
import type { Stored } from '../privacy/sealed-columns.ts';
import { open, seal } from '../privacy/vault.ts';
import { noteEvent } from '../webhooks/outbound/events.ts';
import { announce } from './announce.ts';
import { logAppointment } from './appointment-log.ts';
import { addAppointmentRow, appointmentRow, appointmentRows, type AppointmentRow } from './appointment-rows.ts';
import { heldStaff, nearbyMs, release, takenTimes } from './taken-times.ts';

export interface Booking {
  readonly request: BookingRequest;
  readonly rules: SchedulingRules;
  readonly publicUrl: string;
  readonly nowMs: number;
}

interface NewAppointment {
  readonly id: string;
  /** Null: no call booked it. */
  readonly callId: string | null;
  readonly attendee: Attendee;
  readonly notes: string | null;
  readonly timeZone: string;
}

/**
 * Books, or says why not. A call has one appointment: booking another time moves it, and a time that
 * cannot be had leaves it as it was. Runs inside a transaction of the only writer, so a time
 * that is free here is still free when it is written.
 */
export function bookAppointment(sql: SqlStorage, { request, rules, publicUrl, nowMs }: Booking): BookingAnswer {
  const { callId, requestId } = request;
  const [known] = sql
    .exec<{ body: Stored }>('SELECT body FROM booking_answers WHERE call_id = ? AND request_id = ?', callId, requestId)
    .toArray();
  const key = { call_id: callId, request_id: requestId };
  if (known !== undefined) {
    const answer: BookingAnswer = JSON.parse(open(sql, 'booking_answers.body', key, known.body));
    return answer;
  }
  const [earlier] = appointmentRows(sql, "WHERE call_id = ? AND status = 'booked'", callId);
  const answer = decide(sql, { request, rules, publicUrl, nowMs }, earlier);
  sql.exec(
    'INSERT INTO booking_answers (call_id, request_id, body) VALUES (?, ?, ?)',
    callId,
    requestId,
    seal(sql, 'booking_answers.body', key, JSON.stringify(answer)),
  );
  return answer;
}

function decide(
  sql: SqlStorage,
  { request, rules, publicUrl, nowMs }: Booking,
  earlier: AppointmentRow | undefined,
): BookingAnswer {
  const { business, callId, service: serviceId, startMs, attendee, notes } = request;
  if (earlier?.service === serviceId && earlier.start_ms === startMs) {
    return { status: 'booked', appointment: toAppointment(earlier, business, publicUrl) };
  }
  const taken = takenTimes(sql, { fromMs: nowMs, nowMs, callId, butNot: earlier?.id });
  const admission = admitBooking({ rules, serviceId, startMs, taken, nowMs, staff: heldStaff(sql, callId, startMs) });
  if (admission.status !== 'free') return admission;
  release(sql, callId, nowMs);
  if (earlier !== undefined) cancelRow(sql, earlier.id, nowMs);
  const wish = { id: crypto.randomUUID(), callId, attendee, notes: notes ?? null, timeZone: rules.timeZone };
  return {
    status: 'booked',
    appointment: toAppointment(addAppointment(sql, wish, admission, nowMs), business, publicUrl),
  };
}

/** A new appointment that was admitted in the same transaction. */
export function addAppointment(
  sql: SqlStorage,
  { id, callId, attendee, notes, timeZone }: NewAppointment,
  { service, slot, staff }: Admitted,
  nowMs: number,
): AppointmentRow {
  const row: AppointmentRow = {
    id,
    call_id: callId,
    service: service.id,
    service_name: service.name,
    start_ms: slot.startMs,
    end_ms: slot.endMs,
    time_zone: timeZone,
    attendee,
    notes,
    status: 'booked',
    sequence: 0,
    changed_ms: nowMs,
    ics_key: randomHex(16),
    confirmed_ms: null,
    staff,
  };
  addAppointmentRow(sql, row);
  announce(sql, row.id, nowMs);
  noteAppointment(sql, 'booked', row, nowMs);
  return row;
}

/** Its invitation then says so, with a higher sequence. */
export function cancelRow(sql: SqlStorage, id: string, nowMs: number): void {
  const row = sql
    .exec<{ id: string; sequence: number; start_ms: number }>(
      `UPDATE appointments SET status = 'cancelled', sequence = sequence + 1, changed_ms = ?
       WHERE id = ? RETURNING id, sequence, start_ms`,
      nowMs,
      id,
    )
    .one();
  announce(sql, id, nowMs);
  noteAppointment(sql, 'cancelled', row, nowMs);
}

/** Writes down what became of an appointment, and tells the owner's own systems. Of a move, `fromMs` is where it was. */
export function noteAppointment(
  sql: SqlStorage,
  what: 'booked' | 'moved' | 'cancelled' | 'confirmed',
  row: Pick<AppointmentRow, 'id' | 'sequence' | 'start_ms'>,
  nowMs: number,
  fromMs: number = row.start_ms,
): void {
  logAppointment(sql, what, row.id, nowMs);
  const { id, sequence, start_ms: startMs } = row;
  const type = `appointment.${what}` as const;
  const cause = `${type} ${id} ${sequence}`;
  noteEvent(sql, { type, cause, subject: id, facts: { fromMs, startMs }, atMs: nowMs }, nowMs);
}

/** What a call booked, and what it changed. */
export function appointmentsOfCall(
  sql: SqlStorage,
  callId: string,
  business: string,
  publicUrl: string,
): Appointment[] {
  return appointmentRows(
    sql,
    `WHERE call_id = ? OR id IN (SELECT appointment_id FROM appointment_changes WHERE call_id = ?)
     ORDER BY changed_ms, start_ms`,
    callId,
    callId,
  ).map((row) => toAppointment(row, business, publicUrl));
}

/** Appointments that end after `fromMs`, soonest first. */
export function appointmentsFrom(
  sql: SqlStorage,
  fromMs: number,
  limit: number,
  business: string,
  publicUrl: string,
): Appointment[] {
  return appointmentRows(
    sql,
    'WHERE start_ms >= ? AND end_ms > ? ORDER BY start_ms, id LIMIT ?',
    fromMs - nearbyMs,
    fromMs,
    limit,
  ).map((row) => toAppointment(row, business, publicUrl));
}

export function readAppointment(sql: SqlStorage, id: string, business: string, publicUrl: string): Appointment | null {
  const row = appointmentRow(sql, id);
  return row === undefined ? null : toAppointment(row, business, publicUrl);
}

/** An appointment's invitation and the key that opens it. */
export function invitationOf(
  sql: SqlStorage,
  id: string,
  business: string,
  businessName: string,
): { readonly key: string; readonly invitation: Invitation } | null {
  const row = appointmentRow(sql, id);
  if (row === undefined) return null;
  return {
    key: row.ics_key,
    invitation: {
      appointmentId: row.id,
      business,
      businessName,
      serviceName: row.service_name,
      startMs: row.start_ms,
      endMs: row.end_ms,
      status: row.status,
      sequence: row.sequence,
      changedAtMs: row.changed_ms,
      notes: row.notes,
    },
  };
}

export function toAppointment(row: AppointmentRow, business: string, publicUrl: string): Appointment {
  return {
    id: row.id,
    callId: row.call_id,
    service: row.service,
    serviceName: row.service_name,
    startMs: row.start_ms,
    endMs: row.end_ms,
    timeZone: row.time_zone,
    attendee: row.attendee,
    status: row.status,
    ...(row.staff === null ? {} : { staff: row.staff }),
    ...(row.confirmed_ms === null ? {} : { confirmedAtMs: row.confirmed_ms }),
    icsUrl: `${publicUrl}/v1/appointments/${business}/${row.id}.ics?key=${row.ics_key}`,
  };
}
