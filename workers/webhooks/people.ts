import type { KnownPerson, WebhookSource } from '../../contract/webhook.ts';
import { removedPerson } from '../privacy/removed-people.ts';
import type { Stored } from '../privacy/sealed-columns.ts';
import { indexed, open, seal } from '../privacy/vault.ts';
import { addDoNotCall, addErasedDoNotCall } from '../telephony/calls/do-not-call.ts';
import type { PersonChange, PersonFields } from './person-change.ts';

interface PersonRow extends Record<string, SqlStorageValue> {
  source: WebhookSource;
  remote_id: string;
  fields: Stored;
  times: string;
  changed_ms: number;
}

interface ContactRow extends Record<string, SqlStorageValue> {
  id: string;
  name: Stored | null;
  email: Stored | null;
  company: Stored | null;
  last_ms: number;
  calls: number;
}

type FieldTimes = Partial<Record<keyof PersonFields, number>>;

/**
 * Notes what another system says of a person. Each field is as it was last changed there, whatever the order in which
 * that is heard: older news changes nothing. Runs inside a transaction.
 */
export function applyPersonChange(
  sql: SqlStorage,
  source: WebhookSource,
  { remoteId, deleted, fields, atMs }: PersonChange,
  nowMs: number,
): void {
  const removed = removedPerson(sql, source, remoteId);
  if (removed !== null) {
    if (deleted || fields.doNotCall !== true) return;
    const numberKeys = [
      indexed(sql, fields.phone ?? null) ?? removed.phoneKey,
      indexed(sql, fields.mobile ?? null) ?? removed.mobileKey,
    ];
    for (const numberKey of numberKeys) {
      if (numberKey !== null) addErasedDoNotCall(sql, { numberKey, sinceMs: nowMs, source: 'staff' });
    }
    return;
  }
  if (deleted) {
    sql.exec('DELETE FROM people WHERE source = ? AND remote_id = ? AND changed_ms <= ?', source, remoteId, atMs);
    return;
  }
  const [row] = sql
    .exec<PersonRow>('SELECT * FROM people WHERE source = ? AND remote_id = ?', source, remoteId)
    .toArray();
  const known: PersonFields = row === undefined ? {} : fieldsOf(sql, row);
  const times: FieldTimes = row === undefined ? {} : JSON.parse(row.times);
  const newer = Object.entries(fields).filter(([name]) => (times[name as keyof PersonFields] ?? -1) <= atMs);
  const now: PersonFields = { ...known, ...Object.fromEntries(newer) };
  const nowTimes = { ...times, ...Object.fromEntries(newer.map(([name]) => [name, atMs])) };
  sql.exec(
    `INSERT OR REPLACE INTO people (source, remote_id, fields, times, phone_key, mobile_key, email_key, changed_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    source,
    remoteId,
    seal(sql, 'people.fields', { source, remote_id: remoteId }, JSON.stringify(now)),
    JSON.stringify(nowTimes),
    indexed(sql, now.phone ?? null),
    indexed(sql, now.mobile ?? null),
    indexed(sql, now.email ?? null),
    Math.max(row?.changed_ms ?? 0, atMs),
  );
  if (now.doNotCall !== true) return;
  for (const number of [now.phone, now.mobile]) {
    if (typeof number !== 'string') continue;
    addDoNotCall(sql, { number, sinceMs: nowMs, source: 'staff', callId: null, note: `as ${source} says` });
  }
}

/** What other systems say of whoever has one of these, as they are looked up by. */
export function peopleBy(
  sql: SqlStorage,
  keys: readonly string[],
): { source: WebhookSource; id: string; fields: PersonFields }[] {
  // One by one: a statement takes 100 values at most.
  const rows = keys.flatMap((key) =>
    sql
      .exec<PersonRow>('SELECT * FROM people WHERE phone_key = ?1 OR mobile_key = ?1 OR email_key = ?1', key)
      .toArray(),
  );
  const found = new Map(rows.map((row) => [`${row.source} ${row.remote_id}`, row]));
  return [...found.values()].map((row) => ({ source: row.source, id: row.remote_id, fields: fieldsOf(sql, row) }));
}

/** Who has this number: as another system last said, and else as they told us on a call. */
export function knownPerson(sql: SqlStorage, phone: string): KnownPerson | null {
  const [row] = sql
    .exec<ContactRow>(
      `SELECT id, name, email, company, last_ms, calls FROM contacts WHERE id = (
         SELECT contact_id FROM contact_calls JOIN contact_keys USING (call_id) WHERE key = ? LIMIT 1)`,
      indexed(sql, phone),
    )
    .toArray();
  const contact = row === undefined ? undefined : openContact(sql, row);
  const [person] = sql
    .exec<PersonRow>(
      `SELECT * FROM people WHERE phone_key = ?1 OR mobile_key = ?1 OR (email_key IS NOT NULL AND email_key = ?2)
       ORDER BY changed_ms DESC LIMIT 1`,
      indexed(sql, phone),
      indexed(sql, contact?.email ?? null),
    )
    .toArray();
  if (contact === undefined && person === undefined) return null;
  const fields: PersonFields = person === undefined ? {} : fieldsOf(sql, person);
  const parts = [fields.firstName, fields.lastName].flatMap((part) => part ?? []);
  return {
    name: fields.name ?? (parts.length > 0 ? parts.join(' ') : (contact?.name ?? null)),
    email: fields.email ?? contact?.email ?? null,
    company: fields.company ?? contact?.company ?? null,
    lastCallMs: contact?.last_ms ?? null,
    calls: contact?.calls ?? 0,
  };
}

function fieldsOf(sql: SqlStorage, { source, remote_id, fields }: PersonRow): PersonFields {
  const known: PersonFields = JSON.parse(open(sql, 'people.fields', { source, remote_id }, fields));
  return known;
}

const openContact = (sql: SqlStorage, { id, name, email, company, last_ms, calls }: ContactRow) => ({
  name: open(sql, 'contacts.name', { id }, name),
  email: open(sql, 'contacts.email', { id }, email),
  company: open(sql, 'contacts.company', { id }, company),
  last_ms,
  calls,
});
