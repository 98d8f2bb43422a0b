import type { Stored } from '../privacy/sealed-columns.ts';
import { indexed, seal } from '../privacy/vault.ts';
import { openProjection } from './call-projection.ts';
import { nothingYet, type Projection } from './projection.ts';

/** Mail providers that say nothing of where a person works. */
const publicMail = new Set([
  'aol.com',
  'gmail.com',
  'gmx.com',
  'gmx.de',
  'gmx.net',
  'googlemail.com',
  'hotmail.com',
  'icloud.com',
  'live.com',
  'mac.com',
  'mail.com',
  'me.com',
  'msn.com',
  'outlook.com',
  'proton.me',
  'protonmail.com',
  'web.de',
  'yahoo.com',
]);

interface CallRow extends Record<string, SqlStorageValue> {
  call_id: string;
  start_ms: number;
  projection: Stored;
}

/** What a call says of who called. */
export interface Caller {
  readonly name: string | undefined;
  readonly phone: string | undefined;
  readonly email: string | undefined;
}

/** The number that they gave goes before the one that they called from. */
export function callerOf({ start, lead }: Projection): Caller {
  return { name: lead?.name, phone: lead?.phone ?? start?.callerNumber, email: lead?.email?.toLowerCase() };
}

/** By these a person is known again. Two numbers of one call belong to one person. */
export function keysOf({ start, lead }: Projection): string[] {
  const keys = [lead?.phone, start?.callerNumber, lead?.email?.toLowerCase()];
  return [...new Set(keys.filter((key) => key !== undefined))].sort();
}

/**
 * Keeps the people in step with a call: calls that share a number or an address are of one person, who is called
 * by the oldest of them. So the same calls make the same people, in whatever order they are heard of.
 * Runs inside the transaction that stores the call's events.
 */
export function trackContact(sql: SqlStorage, callId: string, before: Projection, after: Projection): void {
  if (JSON.stringify([keysOf(before), callerOf(before)]) === JSON.stringify([keysOf(after), callerOf(after)])) return;
  const affected = new Set([callId, ...callsOfContact(sql, callId)]);
  for (const key of keysOf(after)) {
    for (const other of callsWithKey(sql, key)) callsOfContact(sql, other).forEach((id) => affected.add(id));
  }
  sql.exec('DELETE FROM contact_keys WHERE call_id = ?', callId);
  for (const key of keysOf(after)) {
    sql.exec('INSERT INTO contact_keys (key, call_id) VALUES (?, ?)', indexed(sql, key), callId);
  }
  regroup(sql, affected);
}

function regroup(sql: SqlStorage, callIds: ReadonlySet<string>): void {
  const calls = [...callIds].map((callId) => readCall(sql, callId)).sort(byAge);
  for (const { callId } of calls) {
    sql.exec('DELETE FROM contacts WHERE id = (SELECT contact_id FROM contact_calls WHERE call_id = ?)', callId);
    sql.exec('DELETE FROM contact_calls WHERE call_id = ?', callId);
  }
  for (const person of people(calls)) {
    const [first, last] = [person[0], person.at(-1)];
    if (first === undefined || last === undefined) continue;
    const known = person.map(({ projection }) => callerOf(projection));
    const latest = (field: keyof Caller): string | null =>
      known.findLast((one) => one[field] !== undefined)?.[field] ?? null;
    const row = { id: first.callId };
    const email = latest('email');
    const company = companyOf(email);
    sql.exec(
      `INSERT INTO contacts (id, name, phone, email, company, company_key, first_ms, last_ms, calls)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.id,
      seal(sql, 'contacts.name', row, latest('name')),
      seal(sql, 'contacts.phone', row, latest('phone')),
      seal(sql, 'contacts.email', row, email),
      seal(sql, 'contacts.company', row, company),
      indexed(sql, company),
      first.startMs,
      last.startMs,
      person.length,
    );
    for (const { callId } of person) {
      sql.exec('INSERT INTO contact_calls (call_id, contact_id) VALUES (?, ?)', callId, first.callId);
    }
  }
}

interface KnownCall {
  readonly callId: string;
  readonly startMs: number;
  readonly projection: Projection;
}

const byAge = (a: KnownCall, b: KnownCall): number => a.startMs - b.startMs || (a.callId < b.callId ? -1 : 1);

/** Calls that share a key, directly or through others. A call that shows neither number nor address is of nobody. */
function people(calls: readonly KnownCall[]): KnownCall[][] {
  const groups: { keys: Set<string>; calls: KnownCall[] }[] = [];
  for (const call of calls) {
    const keys = new Set(keysOf(call.projection));
    if (keys.size === 0) continue;
    const joined = { keys, calls: [call] };
    for (const group of groups.filter((one) => [...keys].some((key) => one.keys.has(key)))) {
      group.keys.forEach((key) => joined.keys.add(key));
      joined.calls.unshift(...group.calls);
      groups.splice(groups.indexOf(group), 1);
    }
    joined.calls.sort(byAge);
    groups.push(joined);
  }
  return groups.map((group) => group.calls);
}

/** The domain of an address at work. */
function companyOf(email: string | null): string | null {
  const domain = email?.split('@')[1];
  return domain === undefined || publicMail.has(domain) ? null : domain;
}

function readCall(sql: SqlStorage, callId: string): KnownCall {
  const row = sql.exec<CallRow>('SELECT call_id, start_ms, projection FROM calls WHERE call_id = ?', callId).one();
  return { callId, startMs: row.start_ms, projection: openProjection(sql, callId, row.projection) };
}

function callsWithKey(sql: SqlStorage, key: string): string[] {
  return sql
    .exec<{ call_id: string }>('SELECT call_id FROM contact_keys WHERE key = ?', indexed(sql, key))
    .toArray()
    .map((row) => row.call_id);
}

/** The call itself is among them, where it is of anybody yet. */
function callsOfContact(sql: SqlStorage, callId: string): string[] {
  return sql
    .exec<{ call_id: string }>(
      'SELECT call_id FROM contact_calls WHERE contact_id = (SELECT contact_id FROM contact_calls WHERE call_id = ?)',
      callId,
    )
    .toArray()
    .map((row) => row.call_id);
}

/** Deletes and makes again every contact, from the calls. For a rebuild. */
export function rebuildContacts(sql: SqlStorage): void {
  for (const table of ['contacts', 'contact_calls', 'contact_keys']) sql.exec(`DELETE FROM ${table}`);
  const rows = sql.exec<{ call_id: string; projection: Stored }>(
    'SELECT call_id, projection FROM calls ORDER BY start_ms, call_id',
  );
  for (const { call_id, projection } of rows.toArray()) {
    trackContact(sql, call_id, nothingYet, openProjection(sql, call_id, projection));
  }
}
