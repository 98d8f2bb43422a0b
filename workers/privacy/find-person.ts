import { calledNumber } from '../../contract/call-target.ts';
import type { PersonRequest } from '../../contract/privacy.ts';
import type { Attendee } from '../../contract/scheduling.ts';
import { appointmentRow } from '../business/appointment-rows.ts';
import { openProjection } from '../business/call-projection.ts';
import { keysOf } from '../business/contacts.ts';
import { findOrder, requestOf } from '../telephony/calls/orders.ts';
import type { Stored } from './sealed-columns.ts';
import { vaultOf } from './vault.ts';

/** What a business holds of one person, by the ids of it. */
export interface FoundPerson {
  /** Numbers and addresses that are theirs: those that were named, and those that their calls showed. */
  readonly keys: readonly string[];
  /** The same as they are looked up by. */
  readonly indexed: readonly string[];
  readonly callIds: readonly string[];
  readonly appointmentIds: readonly string[];
  readonly orderIds: readonly string[];
}

/**
 * All that belongs to whoever has this number or address: calls that share one with them, directly or through others, as
 * contacts are made (`business/contacts.ts`), what was booked for them, and what was ordered to be dialled. Each of these may
 * show another number or address of theirs.
 */
export function findPerson(sql: SqlStorage, { phone, email }: PersonRequest): FoundPerson {
  const keys = new Set([phone, email].filter((key) => key !== undefined));
  const indexed = new Set<string>();
  const found = { calls: new Set<string>(), appointments: new Set<string>(), orders: new Set<string>() };
  const ordersBy = ordersByKey(sql);
  const learn = (more: readonly string[]): void => more.forEach((key) => keys.add(key));
  const addAppointment = (id: string): void => {
    if (isNew(found.appointments, id)) learn(keysOfAppointment(sql, id));
  };
  const addOrder = (id: string): void => {
    if (isNew(found.orders, id)) learn(keysOfOrder(sql, id));
  };
  const addCall = (id: string): void => {
    if (!isNew(found.calls, id)) return;
    learn(keysOfCall(sql, id));
    idsOf(sql, 'SELECT id FROM appointments WHERE call_id = ?', id).forEach(addAppointment);
    idsOf(sql, 'SELECT order_id AS id FROM call_attempts WHERE call_id = ?', id).forEach(addOrder);
  };
  // The loop comes to what is added on the way.
  for (const key of keys) {
    const index = vaultOf(sql).index(key);
    indexed.add(index);
    callsWith(sql, index).forEach(addCall);
    appointmentsWith(sql, index).forEach(addAppointment);
    ordersBy.get(key)?.forEach(addOrder);
  }
  return {
    keys: [...keys],
    indexed: [...indexed],
    callIds: [...found.calls].sort(),
    appointmentIds: [...found.appointments].sort(),
    orderIds: [...found.orders].sort(),
  };
}

function isNew(known: Set<string>, id: string): boolean {
  const before = known.size;
  return known.add(id).size > before;
}

/** Who gave the number or showed it, whom it was dialled for, and who booked for it. */
function callsWith(sql: SqlStorage, key: string): string[] {
  return idsOf(
    sql,
    `SELECT call_id AS id FROM contact_keys WHERE key = ?1
     UNION SELECT call_id FROM contact_calls WHERE contact_id IN
       (SELECT contact_id FROM contact_calls JOIN contact_keys USING (call_id) WHERE key = ?1)
     UNION SELECT call_id FROM call_attempts WHERE number_key = ?1
     UNION SELECT call_id FROM appointments WHERE (phone_key = ?1 OR email_key = ?1) AND call_id IS NOT NULL`,
    key,
  );
}

function keysOfCall(sql: SqlStorage, callId: string): string[] {
  const [row] = sql.exec<{ projection: Stored }>('SELECT projection FROM calls WHERE call_id = ?', callId).toArray();
  return row === undefined ? [] : keysOf(openProjection(sql, callId, row.projection));
}

const appointmentsWith = (sql: SqlStorage, key: string): string[] =>
  idsOf(sql, 'SELECT id FROM appointments WHERE phone_key = ?1 OR email_key = ?1', key);

function keysOfAppointment(sql: SqlStorage, id: string): string[] {
  const row = appointmentRow(sql, id);
  return row === undefined ? [] : keysOfAttendee(row.attendee);
}

function keysOfOrder(sql: SqlStorage, id: string): string[] {
  const row = findOrder(sql, 'id', id);
  if (row === null) return [];
  const request = requestOf(sql, row);
  return [calledNumber(request.to), ...('contact' in request ? keysOfAttendee(request.contact) : [])];
}

/** Only the number that is dialled has an index, so all are read. */
function ordersByKey(sql: SqlStorage): Map<string, Set<string>> {
  const orders = new Map<string, Set<string>>();
  for (const id of idsOf(sql, 'SELECT id FROM call_orders')) {
    for (const key of keysOfOrder(sql, id)) {
      const others = orders.get(key) ?? new Set();
      orders.set(key, others.add(id));
    }
  }
  return orders;
}

const keysOfAttendee = ({ phone, email }: Attendee): string[] =>
  [phone, email?.toLowerCase()].filter((key) => key !== undefined);

const idsOf = (sql: SqlStorage, query: string, ...values: SqlStorageValue[]): string[] =>
  sql
    .exec<{ id: string }>(query, ...values)
    .toArray()
    .map(({ id }) => id);
