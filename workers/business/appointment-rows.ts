import type { Appointment, Attendee } from '../../contract/scheduling.ts';
import type { Stored } from '../privacy/sealed-columns.ts';
import { indexed, open, seal } from '../privacy/vault.ts';

/** An appointment as it is stored, with what is sealed in it opened. */
export interface AppointmentRow {
  readonly id: string;
  readonly call_id: string | null;
  readonly service: string;
  readonly service_name: string;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly time_zone: string;
  readonly attendee: Attendee;
  readonly notes: string | null;
  readonly status: Appointment['status'];
  readonly sequence: number;
  readonly changed_ms: number;
  readonly ics_key: string;
  readonly confirmed_ms: number | null;
  readonly staff: string | null;
}

type SealedRow = Omit<AppointmentRow, 'attendee' | 'notes' | 'ics_key'> & {
  attendee: Stored;
  notes: Stored | null;
  ics_key: Stored;
} & Record<string, SqlStorageValue>;

/** @param where what follows the name of the table, as `WHERE id = ?`. */
export function appointmentRows(sql: SqlStorage, where: string, ...values: SqlStorageValue[]): AppointmentRow[] {
  return sql
    .exec<SealedRow>(`SELECT * FROM appointments ${where}`, ...values)
    .toArray()
    .map((row) => {
      const { id } = row;
      const attendee: Attendee = JSON.parse(open(sql, 'appointments.attendee', { id }, row.attendee));
      const notes = open(sql, 'appointments.notes', { id }, row.notes);
      return { ...row, attendee, notes, ics_key: open(sql, 'appointments.ics_key', { id }, row.ics_key) };
    });
}

export const appointmentRow = (sql: SqlStorage, id: string | null): AppointmentRow | undefined =>
  appointmentRows(sql, 'WHERE id = ?', id)[0];

export function addAppointmentRow(sql: SqlStorage, row: AppointmentRow): void {
  const { id } = row;
  const columns = {
    ...row,
    ...sealedCustomer(sql, row),
    ics_key: seal(sql, 'appointments.ics_key', { id }, row.ics_key),
  };
  const names = Object.keys(columns);
  sql.exec(
    `INSERT INTO appointments (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    ...Object.values(columns),
  );
}

/** Whom it is for, and by what they find it again. */
export function sealedCustomer(
  sql: SqlStorage,
  { id, attendee, notes }: Pick<AppointmentRow, 'id' | 'attendee' | 'notes'>,
) {
  return {
    attendee: seal(sql, 'appointments.attendee', { id }, JSON.stringify(attendee)),
    notes: seal(sql, 'appointments.notes', { id }, notes),
    phone_key: indexed(sql, attendee.phone ?? null),
    email_key: indexed(sql, attendee.email?.toLowerCase() ?? null),
  };
}
