import {
  sealedTables,
  type RowKey,
  type SealedColumn,
  type SealedTable,
  type SealedTableName,
} from './sealed-columns.ts';
import { vaultOf, type Vault } from './vault.ts';

type Row = Record<string, SqlStorageValue>;

/**
 * Seals what an older version wrote, some rows at a time. Each step is one transaction, and looks for text where there should be
 * none: whoever is killed in between begins again without harm.
 */
export class StoredSealer {
  readonly #storage: DurableObjectStorage;
  /** How far it came in the table it is at. Only saves reading. */
  #after: { readonly table: string; readonly key: SqlStorageValue[] } | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** @returns whether there is more to do. */
  step(rows: number): boolean {
    const vault = vaultOf(this.#storage.sql);
    if (vault.unsealed.size === 0) return false;
    this.#storage.transactionSync(() => {
      let left = rows;
      for (const table of vault.unsealed) {
        if (!isSealedTable(table)) vault.noteSealed(table);
        else if (left > 0) left -= this.#sealSome(vault, table, left);
      }
    });
    return vault.unsealed.size > 0;
  }

  /** @returns how many rows. */
  #sealSome(vault: Vault, name: SealedTableName, limit: number): number {
    const { sql } = this.#storage;
    const table: SealedTable = sealedTables[name];
    const after = this.#after?.table === name ? this.#after.key : null;
    const key = table.key.join(', ');
    const hasText = table.columns.map((column) => `(typeof(${column}) = 'text' AND ${column} <> '')`).join(' OR ');
    const beyond = after === null ? '' : `AND (${key}) > (${after.map(() => '?').join(', ')})`;
    const found = sql
      .exec<Row>(`SELECT * FROM ${name} WHERE (${hasText}) ${beyond} ORDER BY ${key} LIMIT ?`, ...(after ?? []), limit)
      .toArray();
    for (const row of found) sealRow(sql, vault, name, row);
    const last = found.at(-1);
    if (last === undefined || found.length < limit) vault.noteSealed(name);
    else this.#after = { table: name, key: table.key.map((column) => last[column] ?? null) };
    return found.length;
  }
}

const isSealedTable = (name: string): name is SealedTableName => name in sealedTables;

function sealRow(sql: SqlStorage, vault: Vault, name: SealedTableName, row: Row): void {
  const { key, columns }: SealedTable = sealedTables[name];
  for (const column of columns) {
    const value = row[column];
    if (typeof value !== 'string' || value === '') continue;
    const sealed = vault.seal(`${name}.${column}` as SealedColumn, row as RowKey<SealedColumn>, value);
    const where = key.map((part) => `${part} = ?`).join(' AND ');
    sql.exec(`UPDATE ${name} SET ${column} = ? WHERE ${where}`, sealed, ...key.map((part) => row[part] ?? null));
  }
}
