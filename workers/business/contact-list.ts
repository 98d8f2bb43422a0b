import type { CompanyList, Contact, ContactList, ContactRecord } from '../../contract/contact.ts';
import type { Stored } from '../privacy/sealed-columns.ts';
import { open } from '../privacy/vault.ts';
import { callsOfContact, type Cursor } from './records.ts';
import { searchQuery } from './search.ts';

interface ContactRow extends Record<string, SqlStorageValue> {
  id: string;
  name: Stored | null;
  phone: Stored | null;
  email: Stored | null;
  company: Stored | null;
  first_ms: number;
  last_ms: number;
  calls: number;
}

const pageSize = 50;

/** Who called last comes first. A search finds people by a call of theirs that is over. */
export function listContacts(sql: SqlStorage, cursor: Cursor | null, search: string | undefined): ContactList {
  const words = search === undefined ? null : searchQuery(sql, search);
  if (search !== undefined && words === null) return { contacts: [], nextCursor: null };
  const found = `AND id IN (
    SELECT contact_id FROM contact_calls JOIN call_search_rows USING (call_id) JOIN call_search ON search_row = call_search.rowid
    WHERE call_search MATCH ?)`;
  const rows = sql
    .exec<ContactRow>(
      `SELECT * FROM contacts WHERE (last_ms, id) < (?, ?) ${words === null ? '' : found} ORDER BY last_ms DESC, id DESC LIMIT ?`,
      cursor?.startMs ?? Number.MAX_SAFE_INTEGER,
      cursor?.callId ?? '',
      ...(words === null ? [] : [words]),
      pageSize + 1,
    )
    .toArray();
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  return {
    contacts: page.map((row) => toContact(sql, row)),
    nextCursor: rows.length > pageSize && last !== undefined ? `${last.last_ms}.${last.id}` : null,
  };
}

export function readContact(sql: SqlStorage, id: string): ContactRecord | null {
  const [row] = sql.exec<ContactRow>('SELECT * FROM contacts WHERE id = ?', id).toArray();
  return row === undefined ? null : { contact: toContact(sql, row), calls: callsOfContact(sql, id) };
}

/** Of whom several people called, first. */
export function listCompanies(sql: SqlStorage): CompanyList {
  const companies = sql
    .exec<{ id: string; company: Stored; contacts: number; last_ms: number }>(
      // Of each group, the company as the latest contact has it.
      `SELECT id, company, COUNT(*) AS contacts, MAX(last_ms) AS last_ms FROM contacts
       WHERE company_key IS NOT NULL GROUP BY company_key ORDER BY contacts DESC, last_ms DESC LIMIT 500`,
    )
    .toArray()
    .map(({ id, company, contacts, last_ms }) => ({
      domain: open(sql, 'contacts.company', { id }, company),
      contacts,
      lastCallMs: last_ms,
    }));
  return { companies };
}

function toContact(sql: SqlStorage, row: ContactRow): Contact {
  const { id, first_ms, last_ms, calls } = row;
  return {
    id,
    name: open(sql, 'contacts.name', { id }, row.name),
    phone: open(sql, 'contacts.phone', { id }, row.phone),
    email: open(sql, 'contacts.email', { id }, row.email),
    company: open(sql, 'contacts.company', { id }, row.company),
    firstCallMs: first_ms,
    lastCallMs: last_ms,
    calls,
  };
}
