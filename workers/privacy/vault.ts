import { decrypt, encrypt, keyBytes, mac, nonceFor } from './aes.ts';
import { SealError } from './seal-error.ts';
import { sealedTables, type RowKey, type SealedColumn, type SealedTable, type Stored } from './sealed-columns.ts';
import type { DataKey } from './sealed.ts';

/** A key that seals, and the one that its nonces are made with. */
interface Pair {
  readonly seal: Uint8Array;
  readonly nonce: Uint8Array;
}

const utf8 = new TextEncoder();
const text = new TextDecoder();
const version = 1;
const indexPrefix = 'h1.';
const indexBytes = 16;

/**
 * Seals what a business's storage keeps, in the transaction that writes it. Each call has a random key of its own, kept sealed
 * with the business's key: who destroys it (`destroy`) has destroyed all that was sealed for the call, in the storage and in each
 * copy of it that does not have the key. The same content in the same place is sealed to the same bytes, so that what was made
 * again can be compared with what was there.
 */
export class Vault {
  readonly #sql: SqlStorage;
  readonly #own: Pair;
  readonly #index: Uint8Array;
  /** Tables with text in them that an older version wrote. */
  readonly #unsealed: Set<string>;
  #last: { readonly callId: string; readonly wrapped: Uint8Array; readonly pair: Pair } | null = null;

  constructor(sql: SqlStorage, { bytes }: DataKey) {
    this.#sql = sql;
    this.#own = { seal: mac(bytes, 'parley rows'), nonce: mac(bytes, 'parley row nonces') };
    this.#index = mac(bytes, 'parley index');
    const tables = sql.exec<{ name: string }>('SELECT name FROM unsealed_tables').toArray();
    this.#unsealed = new Set(tables.map(({ name }) => name));
  }

  seal<C extends SealedColumn>(column: C, row: RowKey<C>, plain: string): ArrayBuffer {
    const { context, call } = place(column, row);
    const pair = call === null ? this.#own : this.#pairOf(call);
    const bytes = utf8.encode(plain);
    const sealed = encrypt(pair.seal, nonceFor(pair.nonce, context, bytes), bytes, context);
    const stored = new Uint8Array(1 + sealed.length);
    stored[0] = version;
    stored.set(sealed, 1);
    return stored.buffer;
  }

  open<C extends SealedColumn>(column: C, row: RowKey<C>, stored: Stored): string {
    if (typeof stored === 'string') return this.#plain(column, stored);
    const { context, call } = place(column, row);
    const bytes = new Uint8Array(stored);
    if (bytes[0] !== version) throw new SealError(`${column} holds no sealed value.`);
    const pair = call === null ? this.#own : this.#keptPairOf(call);
    if (pair === null) throw new SealError(`${column} was sealed with a key that has been destroyed.`);
    return text.decode(decrypt(pair.seal, bytes.subarray(1), context));
  }

  /** Stands for a value where it is only looked up: the same for the same value, in this business alone. */
  index(value: string): string {
    const digest = mac(this.#index, value).subarray(0, indexBytes);
    return `${indexPrefix}${new Uint8Array(digest).toBase64({ alphabet: 'base64url', omitPadding: true })}`;
  }

  /** Of what an older version wrote and a newer one may have indexed already. */
  indexOnce(value: string): string {
    return value.startsWith(indexPrefix) ? value : this.index(value);
  }

  /** All that was sealed for this call is gone. */
  destroy(callId: string): void {
    this.#last = null;
    this.#sql.exec('DELETE FROM call_keys WHERE call_id = ?', callId);
  }

  /** Tables that still have to be gone through. */
  get unsealed(): ReadonlySet<string> {
    return this.#unsealed;
  }

  /** No text is left in this table: from now on none is believed. */
  noteSealed(table: string): void {
    this.#sql.exec('DELETE FROM unsealed_tables WHERE name = ?', table);
    this.#unsealed.delete(table);
  }

  #plain(column: SealedColumn, stored: string): string {
    // An emptied value says nothing.
    if (stored === '' || this.#unsealed.has(tableOf(column))) return stored;
    throw new SealError(`${column} holds text that was not sealed: something else wrote to this storage.`);
  }

  #pairOf(callId: string): Pair {
    const kept = this.#keptPairOf(callId);
    if (kept !== null) return kept;
    const bytes = crypto.getRandomValues(new Uint8Array(2 * keyBytes));
    const context = `call key ${callId}`;
    const wrapped = encrypt(this.#own.seal, nonceFor(this.#own.nonce, context, bytes), bytes, context);
    this.#sql.exec('INSERT INTO call_keys (call_id, wrapped) VALUES (?, ?)', callId, wrapped.buffer);
    return pairFrom(bytes);
  }

  /** Asked each time: a transaction that is undone takes the key with it that it made. */
  #keptPairOf(callId: string): Pair | null {
    const [row] = this.#sql
      .exec<{ wrapped: ArrayBuffer }>('SELECT wrapped FROM call_keys WHERE call_id = ?', callId)
      .toArray();
    if (row === undefined) return null;
    const wrapped = new Uint8Array(row.wrapped);
    if (this.#last?.callId === callId && sameBytes(this.#last.wrapped, wrapped)) return this.#last.pair;
    const pair = pairFrom(decrypt(this.#own.seal, wrapped, `call key ${callId}`));
    this.#last = { callId, wrapped, pair };
    return pair;
  }
}

const vaults = new WeakMap<SqlStorage, Vault>();

/** Whoever has a business's storage open has its vault open. */
export function vaultOf(sql: SqlStorage): Vault {
  const vault = vaults.get(sql);
  if (vault === undefined) throw new SealError('This storage has not been opened with its key.');
  return vault;
}

export function openVault(sql: SqlStorage, key: DataKey): Vault {
  const vault = new Vault(sql, key);
  vaults.set(sql, vault);
  return vault;
}

/** To be bound to a statement. */
export function seal<C extends SealedColumn, P extends string | null>(
  sql: SqlStorage,
  column: C,
  row: RowKey<C>,
  plain: P,
): ArrayBuffer | (null extends P ? null : never);
export function seal<C extends SealedColumn>(
  sql: SqlStorage,
  column: C,
  row: RowKey<C>,
  plain: string | null,
): ArrayBuffer | null {
  return plain === null ? null : vaultOf(sql).seal(column, row, plain);
}

/** What a statement brought. */
export function open<C extends SealedColumn, S extends Stored | null>(
  sql: SqlStorage,
  column: C,
  row: RowKey<C>,
  stored: S,
): string | (null extends S ? null : never);
export function open<C extends SealedColumn>(
  sql: SqlStorage,
  column: C,
  row: RowKey<C>,
  stored: Stored | null,
): string | null {
  return stored === null ? null : vaultOf(sql).open(column, row, stored);
}

/** For a look-up by equality. */
export function indexed<P extends string | null>(sql: SqlStorage, value: P): string | (null extends P ? null : never);
export function indexed(sql: SqlStorage, value: string | null): string | null {
  return value === null ? null : vaultOf(sql).index(value);
}

const tableOf = (column: SealedColumn): string => column.slice(0, column.indexOf('.'));

function place<C extends SealedColumn>(column: C, row: RowKey<C>): { context: string; call: string | null } {
  const table: SealedTable = sealedTables[tableOf(column) as keyof typeof sealedTables];
  const values: Readonly<Record<string, string | number>> = row;
  const key = table.key.map((name) => values[name]);
  return { context: JSON.stringify([column, ...key]), call: table.call === null ? null : String(values[table.call]) };
}

const pairFrom = (bytes: Uint8Array): Pair => ({ seal: bytes.slice(0, keyBytes), nonce: bytes.slice(keyBytes) });

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);
