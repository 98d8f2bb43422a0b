import type { PersonRequest } from '../../contract/privacy.ts';
import { openProjection } from '../business/call-projection.ts';
import { keysOf } from '../business/contacts.ts';
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
 * contacts are made (`business/contacts.ts`), what was booked for them, and what was ordered to be dialled.
 */
export function findPerson(sql: SqlStorage, { phone, email }: PersonRequest): FoundPerson {
  const keys = new Set([phone, email].filter((key) => key !== undefined));
  const calls = new Set<string>();
  let known = -1;
  while (known !== keys.size + calls.size) {
    known = keys.size + calls.size;
    for (const key of [...keys].map((one) => vaultOf(sql).index(one)))
      callsWith(sql, key).forEach((id) => calls.add(id));
    for (const callId of calls) keysOfCall(sql, callId).forEach((key) => keys.add(key));
  }
  const indexed = [...keys].map((key) => vaultOf(sql).index(key));
  const places = indexed.map(() => '?').join(', ');
  const appointmentIds = idsOf(
    sql,
    `SELECT id FROM appointments WHERE phone_key IN (${places}) OR email_key IN (${places})`,
    ...indexed,
    ...indexed,
  );
  const booked = [...calls].flatMap((callId) => idsOf(sql, 'SELECT id FROM appointments WHERE call_id = ?', callId));
  return {
    keys: [...keys],
    indexed,
    callIds: [...calls].sort(),
    appointmentIds: [...new Set([...appointmentIds, ...booked])].sort(),
    orderIds: idsOf(sql, `SELECT id FROM call_orders WHERE number_key IN (${places})`, ...indexed).sort(),
  };
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

const idsOf = (sql: SqlStorage, query: string, ...values: SqlStorageValue[]): string[] =>
  sql
    .exec<{ id: string }>(query, ...values)
    .toArray()
    .map(({ id }) => id);
