import { createOlderStorage } from '../business/migrate.ts';
import { nothingYet } from '../business/projection.ts';
import { sealedTables, type RowKey, type SealedColumn, type SealedTable } from '../privacy/sealed-columns.ts';
import { vaultOf, type Vault } from '../privacy/vault.ts';

type Row = Record<string, SqlStorageValue>;

const vaultSince = 16;

/**
 * Turns a business's storage back to what an older version had: its tables, with what they would hold. Whoever adds a
 * migration needs to change no test of those before it.
 */
export function turnBack(storage: DurableObjectStorage, version: number): void {
  const { sql } = storage;
  const tables = (): string[] =>
    sql
      .exec<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'",
      )
      .toArray()
      .map(({ name }) => name);
  // Their own tables, which hold their content, go with them.
  const virtual = sql
    .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'")
    .toArray()
    .map(({ name }) => ({ name, rows: sql.exec<Row>(`SELECT rowid, * FROM ${name}`).toArray() }));
  for (const { name } of virtual) sql.exec(`DROP TABLE ${name}`);
  const vault = vaultOf(sql);
  const kept = tables().map((name) => ({
    name,
    rows: sql
      .exec<Row>(`SELECT * FROM ${name}`)
      .toArray()
      .map((row) => (version < vaultSince ? opened(vault, name, row) : row)),
  }));
  for (const { name } of kept) sql.exec(`DROP TABLE ${name}`);
  createOlderStorage(storage, version);
  const old = new Set(tables());
  for (const { name, rows } of kept) {
    if (!old.has(name) || name === 'migrations') continue;
    const columns = sql
      .exec<{ name: string }>(`SELECT name FROM pragma_table_info('${name}')`)
      .toArray()
      .map((column) => column.name);
    for (const row of rows) {
      sql.exec(
        `INSERT OR REPLACE INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
        // Columns of look-ups had the name without `_key`.
        ...columns.map((column) => row[column] ?? row[`${column}_key`] ?? null),
      );
    }
  }
  for (const { name, rows } of virtual.filter((table) => old.has(table.name))) {
    for (const row of rows) {
      const columns = Object.keys(row);
      sql.exec(
        `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
        ...Object.values(row),
      );
    }
  }
}

/** As it was before there was a vault. What stands for a number where it is looked up by stays. */
function opened(vault: Vault, name: string, row: Row): Row {
  const table: SealedTable | undefined = Object.entries(sealedTables).find(([sealed]) => sealed === name)?.[1];
  const plain = { ...row };
  for (const column of table?.columns ?? []) {
    const value = row[column];
    if (!(value instanceof ArrayBuffer)) continue;
    plain[column] = vault.open(`${name}.${column}` as SealedColumn, row as RowKey<SealedColumn>, value);
  }
  // Its projection was never without text.
  return name === 'calls' && plain['projection'] === '' ? { ...plain, projection: JSON.stringify(nothingYet) } : plain;
}
