import type { Attendee } from '../../contract/scheduling.ts';
import { appointmentRow, sealedCustomer } from '../business/appointment-rows.ts';
import { cancelRow } from '../business/appointments.ts';
import { addJob } from '../business/jobs.ts';
import { linkKey } from '../business/crm-links.ts';
import { addUp, removeRows, type Counts } from './erase-call.ts';
import { eraseFromInbox } from './erase-from-inbox.ts';
import type { FoundPerson } from './find-person.ts';
import { markRemovedPerson } from './removed-people.ts';
import { vaultOf } from './vault.ts';

/** Stands where a customer was. */
export const nobody: Attendee = { name: 'Erased' };

/** What is known of a person beside their calls. Runs inside a transaction; the same again removes nothing more. */
export function erasePerson(sql: SqlStorage, person: FoundPerson, nowMs: number): Counts {
  let counts: Counts = {};
  for (const id of person.appointmentIds) counts = addUp(counts, eraseCustomer(sql, id, nowMs));
  for (const id of person.orderIds) {
    counts = addUp(counts, { orders: removeRows(sql, 'DELETE FROM call_orders WHERE id = ? RETURNING 1', id) });
  }
  for (const key of person.indexed) counts = addUp(counts, eraseKey(sql, key));
  for (const key of person.keys) {
    const links = ['email:', 'phone:'].map((kind) => linkKey(sql, kind + key));
    const gone = links.map((link) => removeRows(sql, 'DELETE FROM crm_links WHERE key = ? RETURNING 1', link));
    counts = addUp(counts, { crm_links: gone.reduce((a, b) => a + b, 0) });
  }
  return addUp(counts, { inbox: eraseFromInbox(sql, new Set(person.keys), nowMs) });
}

/**
 * The slot's history stays, without the customer; one that is still to come is cancelled first, so that nobody waits for them. Calendars
 * elsewhere are told in either case.
 */
export function eraseCustomer(sql: SqlStorage, id: string, nowMs: number): Counts {
  const row = appointmentRow(sql, id);
  if (row === undefined || row.attendee.name === nobody.name) return {};
  const { attendee, notes } = sealedCustomer(sql, { id, attendee: nobody, notes: null });
  sql.exec(
    // An empty key is nobody's, and says that this was done.
    "UPDATE appointments SET attendee = ?, notes = ?, phone_key = '', email_key = NULL WHERE id = ?",
    attendee,
    notes,
    id,
  );
  if (row.status === 'booked' && row.start_ms > nowMs) cancelRow(sql, id, nowMs);
  else tellCalendars(sql, id, nowMs);
  sql.exec("DELETE FROM jobs WHERE appointment_id = ? AND kind IN ('invite', 'remind', 'confirmation-call')", id);
  sql.exec('UPDATE jobs SET last_error = NULL WHERE appointment_id = ?', id);
  const changes = removeRows(sql, 'DELETE FROM appointment_changes WHERE appointment_id = ? RETURNING 1', id);
  const notices = removeRows(sql, 'DELETE FROM notices WHERE appointment_id = ? RETURNING 1', id);
  // Of one that no call booked, what CRMs were told.
  const deliveries = removeRows(sql, 'DELETE FROM deliveries WHERE call_id = ? RETURNING 1', id);
  const links = removeRows(sql, 'DELETE FROM crm_links WHERE key = ? RETURNING 1', id);
  vaultOf(sql).destroy(id);
  return { appointments: 1, appointment_changes: changes, notices, deliveries, crm_links: links };
}

/** Those that have the appointment write it anew, without the customer. */
function tellCalendars(sql: SqlStorage, appointmentId: string, nowMs: number): void {
  const links = sql
    .exec<{ connection_id: string }>('SELECT connection_id FROM calendar_links WHERE appointment_id = ?', appointmentId)
    .toArray();
  for (const { connection_id: connectionId } of links) {
    addJob(sql, { kind: 'push', appointmentId, connectionId, dueMs: nowMs }, nowMs);
  }
}

/** What is kept by a number or an address. Of the do-not-call list the hash stays: they are never called all the same. */
function eraseKey(sql: SqlStorage, key: string): Counts {
  const people = sql
    .exec<{ source: string; remote_id: string; phone_key: string | null; mobile_key: string | null }>(
      `DELETE FROM people WHERE phone_key = ?1 OR mobile_key = ?1 OR email_key = ?1
       RETURNING source, remote_id, phone_key, mobile_key`,
      key,
    )
    .toArray();
  for (const { source, remote_id, phone_key: phoneKey, mobile_key: mobileKey } of people) {
    markRemovedPerson(sql, source, remote_id, { phoneKey, mobileKey });
  }
  return {
    people: people.length,
    do_not_call: removeRows(
      sql,
      'UPDATE do_not_call SET number = NULL, note = NULL, call_id = NULL WHERE number_key = ? AND number IS NOT NULL RETURNING 1',
      key,
    ),
  };
}
