import type { Appointment } from '../../contract/scheduling.ts';
import { factsOf } from '../product/staff-client.ts';
import type { Asked, Evidence, Testimony } from './evidence.ts';
import type { Note } from './findings.ts';

/** The calendar against what callers were told of it, and the calendar elsewhere against ours. */
export function judgeAppointments(evidence: Evidence, note: (callId: string | null) => Note): void {
  const { testimonies, asked, records, appointments, entries, capacity } = evidence;
  const booked = appointments.filter(({ status }) => status === 'booked');
  for (const { callId } of testimonies) {
    if (booked.filter((one) => one.callId === callId).length > 1) note(callId)('duplicated', 'the appointment');
    const record = records.get(callId);
    for (const { appointmentId } of record === undefined ? [] : factsOf(record, 'appointment-booked')) {
      if (!appointments.some(({ id }) => id === appointmentId))
        note(callId)('lost', `the appointment ${appointmentId}`);
    }
  }
  for (const email of new Set(testimonies.map((testimony) => testimony.email))) {
    const calls = testimonies.filter((testimony) => testimony.email === email);
    const standing = booked.filter(({ attendee }) => attendee.email === email);
    judgeWord(calls, standing, asked, note);
  }
  for (const appointment of appointments) judgeEntries(appointment, entries, note(appointment.callId));
  for (const { startMs } of booked) {
    const atOnce = booked.filter((other) => other.startMs <= startMs && startMs < other.endMs).length;
    if (atOnce > capacity) note(null)('duplicated', `the time ${new Date(startMs).toISOString()}`);
  }
}

/**
 * The last word that a person was given holds. What was asked for after it, and never answered for the person to hear, may
 * have happened or not.
 */
function judgeWord(
  calls: readonly Testimony[],
  standing: readonly Appointment[],
  asked: readonly Asked[],
  note: (callId: string | null) => Note,
): void {
  const words = calls.flatMap(({ callId, told }) => told.map((word) => ({ ...word, callId })));
  const last = words.sort((a, b) => a.atMs - b.atMs).at(-1);
  const ids = new Set(calls.map(({ callId }) => callId));
  const after = asked.filter(({ callId, atMs }) => ids.has(callId) && atMs > (last?.atMs ?? 0));
  const isOpen = (startMs: number | null): boolean => after.some((one) => one.startMs === startMs);
  for (const { callId, startMs } of standing) {
    if (startMs !== last?.startMs && !isOpen(startMs))
      note(callId)('wrong', `an appointment at ${at(startMs)}; the caller was told ${at(last?.startMs ?? null)}`);
  }
  const kept = last === undefined || last.startMs === null || standing.some(({ startMs }) => startMs === last.startMs);
  if (!kept && standing.length === 0 && !isOpen(null))
    note(last.callId)('lost', `the appointment at ${at(last.startMs)}`);
}

function judgeEntries(appointment: Appointment, entries: Evidence['entries'], note: Note): void {
  const there = entries.filter(({ appointmentId }) => appointmentId === appointment.id);
  if (appointment.status === 'cancelled') {
    if (there.length > 0) note('wrong', 'a cancelled appointment stands in the calendar elsewhere');
    return;
  }
  if (there.length === 0) note('lost', 'the entry in the calendar elsewhere');
  if (there.length > 1) note('duplicated', 'the entry in the calendar elsewhere');
  for (const { startMs } of there)
    if (startMs !== appointment.startMs) note('wrong', `the entry elsewhere stands at ${at(startMs)}`);
}

const at = (startMs: number | null): string => (startMs === null ? 'no time' : new Date(startMs).toISOString());
