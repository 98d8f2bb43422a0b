import { bytesToHex } from '@noble/hashes/utils.js';
import type { Attendee } from '../../contract/scheduling.ts';
import { seal, vaultOf, type Vault } from '../privacy/vault.ts';

/**
 * Puts what stands for a number or an address where the plain one was looked up by. Part of the migration that brought the
 * vault, in its transaction: look-ups cannot be half of one kind. What is only read is sealed later (`StoredSealer`).
 */
export function indexStored(sql: SqlStorage): void {
  const vault = vaultOf(sql);
  replace(sql, vault, 'contact_keys', 'key');
  replace(sql, vault, 'people', 'phone_key');
  replace(sql, vault, 'people', 'email_key');
  replace(sql, vault, 'call_attempts', 'number_key');
  replace(sql, vault, 'call_orders', 'number_key');
  replace(sql, vault, 'call_orders', 'idempotency_key');
  indexLinks(sql, vault);
  indexDoNotCall(sql, vault);
  indexAppointments(sql, vault);
  sql.exec('DELETE FROM rate_limits');
  for (const { company } of distinct(sql, 'contacts', 'company')) {
    sql.exec('UPDATE contacts SET company_key = ? WHERE company = ?', vault.index(company), company);
  }
  const { key } = sql.exec<{ key: ArrayBuffer | string }>('SELECT key FROM search_key').one();
  const hex = typeof key === 'string' ? key : bytesToHex(new Uint8Array(key));
  sql.exec('UPDATE search_key SET key = ?', seal(sql, 'search_key.key', { id: 1 }, hex));
}

const distinct = <C extends string>(sql: SqlStorage, table: string, column: C): Record<C, string>[] =>
  sql.exec<Record<C, string>>(`SELECT DISTINCT ${column} FROM ${table} WHERE ${column} IS NOT NULL`).toArray();

function replace(sql: SqlStorage, vault: Vault, table: string, column: string): void {
  for (const row of distinct(sql, table, column)) {
    const value = row[column] ?? '';
    sql.exec(`UPDATE ${table} SET ${column} = ? WHERE ${column} = ?`, vault.indexOnce(value), value);
  }
}

function indexLinks(sql: SqlStorage, vault: Vault): void {
  for (const { key } of distinct(sql, 'crm_links', 'key')) {
    const [, kind = '', value] = /^(email:|phone:)(.*)$/s.exec(key) ?? [];
    if (value === undefined) continue;
    sql.exec('UPDATE crm_links SET key = ? WHERE key = ?', kind + vault.indexOnce(value), key);
  }
}

/** Its numbers were what its rows are told apart by. */
function indexDoNotCall(sql: SqlStorage, vault: Vault): void {
  for (const { number_key: number } of distinct(sql, 'do_not_call', 'number_key')) {
    if (vault.indexOnce(number) === number) continue;
    const row = { number_key: vault.index(number) };
    sql.exec(
      'UPDATE do_not_call SET number_key = ?, number = ? WHERE number_key = ?',
      row.number_key,
      seal(sql, 'do_not_call.number', row, number),
      number,
    );
  }
}

function indexAppointments(sql: SqlStorage, vault: Vault): void {
  const rows = sql.exec<{ id: string; attendee: string }>('SELECT id, attendee FROM appointments').toArray();
  for (const { id, attendee } of rows) {
    const { phone, email }: Attendee = JSON.parse(attendee);
    sql.exec(
      'UPDATE appointments SET phone_key = ?, email_key = ? WHERE id = ?',
      phone === undefined ? null : vault.index(phone),
      email === undefined ? null : vault.index(email.toLowerCase()),
      id,
    );
  }
}
