import type { HoldAnswer, HoldRequest, SchedulingRules } from '../../contract/scheduling.ts';
import { admitBooking } from '../scheduling/admit.ts';
import type { Taken } from '../scheduling/capacity.ts';
import { insertHold, logHold, logRelease } from './appointment-log.ts';

/** Two days: longer than any service and its buffer. */
export const nearbyMs = 2 * 86_400_000;

/** How long a time is kept for a call that has not booked it yet. */
export const holdMs = 90_000;

interface TakenRow extends Record<string, SqlStorageValue> {
  start_ms: number;
  end_ms: number;
  service: string | null;
  staff: string | null;
}

interface TakenQuery {
  readonly fromMs: number;
  readonly nowMs: number;
  /** What this call holds counts as free. */
  readonly callId: string;
  /** An appointment whose own time counts as free. */
  readonly butNot?: string | undefined;
}

/** All that matters from `fromMs` on: what is booked, what other calls hold, and what calendars elsewhere are full of. */
export function takenTimes(sql: SqlStorage, { fromMs, nowMs, callId, butNot = '' }: TakenQuery): Taken[] {
  return sql
    .exec<TakenRow>(
      `SELECT start_ms, end_ms, service, staff FROM appointments WHERE status = 'booked' AND start_ms >= ? AND id <> ?
       UNION ALL
       SELECT start_ms, end_ms, service, staff FROM holds WHERE until_ms > ? AND call_id <> ?
       UNION ALL
       SELECT start_ms, end_ms, NULL, staff FROM busy_elsewhere JOIN calendar_connections ON id = connection_id
       WHERE end_ms > ?`,
      fromMs - nearbyMs,
      butNot,
      nowMs,
      callId,
      fromMs - nearbyMs,
    )
    .toArray()
    .map((row) => ({ startMs: row.start_ms, endMs: row.end_ms, service: row.service, staff: row.staff }));
}

/** Keeps a time for a call, or says why not. Runs inside a transaction of the only writer. */
export function hold(
  sql: SqlStorage,
  { callId, service: serviceId, startMs, movingAppointmentId }: HoldRequest,
  rules: SchedulingRules,
  nowMs: number,
): HoldAnswer {
  const taken = takenTimes(sql, { fromMs: nowMs, nowMs, callId, butNot: movingAppointmentId });
  const admission = admitBooking({ rules, serviceId, startMs, taken, nowMs });
  if (admission.status !== 'free') {
    release(sql, callId, nowMs);
    return admission;
  }
  const untilMs = nowMs + holdMs;
  const made = { callId, service: serviceId, staff: admission.staff, ...admission.slot, untilMs };
  sql.exec('DELETE FROM holds WHERE until_ms <= ? OR call_id = ?', nowMs, callId);
  insertHold(sql, made);
  logHold(sql, made, nowMs);
  return { status: 'held', untilMs };
}

/** With whom a call holds a time, so that it is booked with the same person. */
export function heldStaff(sql: SqlStorage, callId: string, startMs: number): string | null {
  const [row] = sql
    .exec<{ staff: string | null }>('SELECT staff FROM holds WHERE call_id = ? AND start_ms = ?', callId, startMs)
    .toArray();
  return row?.staff ?? null;
}

/** What a call held is booked, or wanted no more. */
export function release(sql: SqlStorage, callId: string, nowMs: number): void {
  const held = sql.exec('DELETE FROM holds WHERE call_id = ? RETURNING call_id', callId).toArray().length > 0;
  if (held) logRelease(sql, callId, nowMs);
}
