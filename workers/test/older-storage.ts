<<<<<<< HEAD
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { CallEvent } from '../../contract/call-event.ts';
import { nothingYet, project } from '../business/projection.ts';
import type { Business } from '../business/business.ts';
import { migrate } from '../business/migrations.ts';
import { mondayMs } from './control-plane.ts';

/** A business as a program of that version left it, with what `write` stored; this program opens it next. */
export async function olderStorage(version: number, write: (sql: SqlStorage) => void): Promise<string> {
  const business = `older-${crypto.randomUUID()}`;
  const stub = env.BUSINESS.getByName(business);
  await runInDurableObject(stub, (_: Business, { storage }) => {
    migrate(storage, mondayMs, version);
    storage.sql.exec(
      "INSERT INTO config (id, business, origins, rate_limit_per_minute) VALUES (1, ?, '[]', 500)",
      business,
    );
    write(storage.sql);
  });
  await evictDurableObject(stub);
  return business;
}

/** A call with these events, as every version has stored it. */
export function writeCall(sql: SqlStorage, events: readonly CallEvent[]): string {
  const callId = crypto.randomUUID();
  const projection = events.reduce(project, nothingYet);
  sql.exec(
    `INSERT INTO calls (call_id, door, mode, playbook, node, start_ms, last_seen_ms, next_seq, projection)
     VALUES (?, 'browser', 'voice', ?, 'north', ?, ?, ?, ?)`,
    callId,
    '0'.repeat(64),
    mondayMs,
    mondayMs,
    events.length,
    JSON.stringify(projection),
  );
  for (const event of events) {
    sql.exec('INSERT INTO events (call_id, seq, body) VALUES (?, ?, ?)', callId, event.seq, JSON.stringify(event));
  }
  return callId;
=======
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
        `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
        ...columns.map((column) => row[column] ?? null),
      );
    }
  }
>>>>>>> main
}
