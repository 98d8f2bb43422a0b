import type { CompanyList, Contact, ContactList, ContactRecord } from '../../contract/contact.ts';
import { callsOfContact, type Cursor } from './records.ts';
import { searchQuery } from './search.ts';

interface ContactRow extends Record<string, SqlStorageValue> {
  id: string;
  name: string | null;
  phone: string | null;
  email: string | null;
  company: string | null;
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
    contacts: page.map(toContact),
    nextCursor: rows.length > pageSize && last !== undefined ? `${last.last_ms}.${last.id}` : null,
  };
}

export function readContact(sql: SqlStorage, id: string): ContactRecord | null {
  const [row] = sql.exec<ContactRow>('SELECT * FROM contacts WHERE id = ?', id).toArray();
  return row === undefined ? null : { contact: toContact(row), calls: callsOfContact(sql, id) };
}

/** Of whom several people called, first. */
export function listCompanies(sql: SqlStorage): CompanyList {
  const companies = sql
    .exec<{ domain: string; contacts: number; last_ms: number }>(
      `SELECT company AS domain, COUNT(*) AS contacts, MAX(last_ms) AS last_ms FROM contacts
       WHERE company IS NOT NULL GROUP BY company ORDER BY contacts DESC, last_ms DESC LIMIT 500`,
    )
    .toArray()
    .map(({ domain, contacts, last_ms }) => ({ domain, contacts, lastCallMs: last_ms }));
  return { companies };
}

function toContact(row: ContactRow): Contact {
  const { id, name, phone, email, company, first_ms, last_ms, calls } = row;
  return { id, name, phone, email, company, firstCallMs: first_ms, lastCallMs: last_ms, calls };
}
