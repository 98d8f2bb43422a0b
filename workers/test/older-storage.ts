import { migrate } from '../business/migrations.ts';

type Row = Record<string, SqlStorageValue>;

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
  const virtual = sql.exec<{ name: string }>("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'");
  for (const { name } of virtual.toArray()) sql.exec(`DROP TABLE ${name}`);
  const kept = tables().map((name) => ({ name, rows: sql.exec<Row>(`SELECT * FROM ${name}`).toArray() }));
  for (const { name } of kept) sql.exec(`DROP TABLE ${name}`);
  migrate(storage, 0, version);
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
        ...columns.map((column) => row[column] ?? null),
      );
    }
  }
}
