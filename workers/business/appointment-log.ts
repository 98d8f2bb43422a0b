import type { AppointmentRow } from './appointment-rows.ts';

/** A time that a call keeps while its details are asked for. */
export interface Hold {
  readonly callId: string;
  readonly service: string;
  readonly staff: string | null;
  readonly startMs: number;
  readonly endMs: number;
  readonly untilMs: number;
}

type Kind = 'booked' | 'moved' | 'cancelled' | 'confirmed';

/** An appointment as the log has it; for whom it is stands beside its first entry. */
type Facts = Omit<AppointmentRow, 'id' | 'attendee' | 'notes' | 'ics_key'>;
type Row = Facts & Record<string, SqlStorageValue>;

/** For whom it is, and by what they find it: as it is stored with the appointment, sealed for that place. */
const customer = 'attendee, notes, ics_key, phone_key, email_key';

interface Entry extends Record<string, SqlStorageValue> {
  position: number;
  /** `kept`: as it stood when the log began. */
  kind: Kind | 'kept' | 'held' | 'released';
  appointment_id: string | null;
  call_id: string | null;
  at_ms: number;
  facts: string;
}

/** Writes down what became of an appointment, when it has been changed. */
export function logAppointment(sql: SqlStorage, kind: Kind, id: string, nowMs: number): void {
  const row = sql.exec<Row>('SELECT * FROM appointments WHERE id = ?', id).one();
  append(sql, kind, id, row.call_id, nowMs, factsOf(kind, row));
  if (kind !== 'booked') return;
  sql.exec(
    `UPDATE appointment_log SET (${customer}) = (SELECT ${customer} FROM appointments WHERE id = appointment_id)
     WHERE position = last_insert_rowid()`,
  );
}

export function logHold(sql: SqlStorage, { callId, ...hold }: Hold, nowMs: number): void {
  append(sql, 'held', null, callId, nowMs, hold);
}

export function logRelease(sql: SqlStorage, callId: string, nowMs: number): void {
  append(sql, 'released', null, callId, nowMs, {});
}

function append(
  sql: SqlStorage,
  kind: Entry['kind'],
  appointmentId: string | null,
  callId: string | null,
  nowMs: number,
  facts: object,
): void {
  sql.exec(
    'INSERT INTO appointment_log (kind, appointment_id, call_id, at_ms, facts) VALUES (?, ?, ?, ?, ?)',
    kind,
    appointmentId,
    callId,
    nowMs,
    JSON.stringify(facts),
  );
}

function factsOf(kind: Kind, row: Facts): Partial<Facts> {
  const { service, service_name, start_ms, end_ms, time_zone, staff } = row;
  switch (kind) {
    case 'booked':
      return { service, service_name, start_ms, end_ms, time_zone, staff };
    case 'moved':
      return { start_ms, end_ms, time_zone, staff };
    case 'cancelled':
    case 'confirmed':
      return {};
    default:
      return kind satisfies never;
  }
}

/** The facts after one more entry; what an entry means is here alone. */
function follow(before: Facts | undefined, { kind, call_id, at_ms, facts }: Entry): Facts | undefined {
  const given: Partial<Facts> = JSON.parse(facts);
  const fresh = { call_id, status: 'booked', sequence: 0, changed_ms: at_ms, confirmed_ms: null } as const;
  // A first entry says all that is to be said.
  if (kind === 'booked' || kind === 'kept') return { ...fresh, ...given } as Facts;
  if (before === undefined) return undefined;
  const changed = { ...before, sequence: before.sequence + 1, changed_ms: at_ms };
  switch (kind) {
    case 'moved':
      // Who moves an appointment has not yet said that they will be there.
      return { ...changed, ...given, confirmed_ms: null };
    case 'cancelled':
      return { ...changed, status: 'cancelled' };
    case 'confirmed':
      return { ...before, confirmed_ms: at_ms };
    case 'held':
    case 'released':
      return before;
    default:
      return kind satisfies never;
  }
}

/** Makes appointments and holds again from the log. Runs inside a transaction. */
export function replayAppointments(sql: SqlStorage): void {
  const entries = sql.exec<Entry>(
    'SELECT position, kind, appointment_id, call_id, at_ms, facts FROM appointment_log ORDER BY position',
  );
  const appointments = new Map<string, Facts>();
  const holds = new Map<string, Hold>();
  for (const entry of entries) {
    const { appointment_id: id, call_id: callId } = entry;
    if (id !== null) {
      const facts = follow(appointments.get(id), entry);
      if (facts !== undefined) appointments.set(id, facts);
    } else if (callId !== null) followHold(holds, callId, entry);
  }
  sql.exec(
    'DELETE FROM appointments WHERE id NOT IN (SELECT appointment_id FROM appointment_log WHERE appointment_id IS NOT NULL)',
  );
  for (const [id, facts] of appointments) restore(sql, id, facts);
  sql.exec('DELETE FROM holds');
  for (const hold of holds.values()) insertHold(sql, hold);
}

function followHold(holds: Map<string, Hold>, callId: string, { kind, at_ms: atMs, facts }: Entry): void {
  holds.delete(callId);
  if (kind !== 'held') return;
  for (const other of holds.values()) if (other.untilMs <= atMs) holds.delete(other.callId);
  const hold: Omit<Hold, 'callId'> = JSON.parse(facts);
  holds.set(callId, { callId, ...hold });
}

function restore(sql: SqlStorage, id: string, facts: Facts): void {
  const names = Object.keys(facts);
  sql.exec(
    `INSERT INTO appointments (id, ${names.join(', ')}, ${customer})
     SELECT ?, ${names.map(() => '?').join(', ')}, ${customer}
     FROM appointment_log WHERE appointment_id = ? AND kind IN ('booked', 'kept')
     ON CONFLICT (id) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    id,
    ...Object.values(facts),
    id,
  );
}

export function insertHold(sql: SqlStorage, { callId, service, staff, startMs, endMs, untilMs }: Hold): void {
  sql.exec(
    'INSERT INTO holds (call_id, service, staff, start_ms, end_ms, until_ms) VALUES (?, ?, ?, ?, ?, ?)',
    callId,
    service,
    staff,
    startMs,
    endMs,
    untilMs,
  );
}
