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
}
