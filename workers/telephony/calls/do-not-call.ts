import type { CallEvent } from '../../../contract/call-event.ts';
import { calledNumber, type CallTarget } from '../../../contract/call-target.ts';
import type { DoNotCallEntry, DoNotCallImport, DoNotCallList } from '../../../contract/outbound.ts';
import type { Projection } from '../../business/projection.ts';
import type { Stored } from '../../privacy/sealed-columns.ts';
import { indexed, open, seal } from '../../privacy/vault.ts';
import { dialledNumber, refuseWaiting } from './orders.ts';
import type { NumberLine } from './number-list.ts';

interface Row extends Record<string, SqlStorageValue> {
  number_key: string;
  /** Null where the person was erased, who is never called all the same. */
  number: Stored | null;
  since_ms: number;
  source: DoNotCallEntry['source'];
  call_id: string | null;
  note: Stored | null;
}

const pageSize = 500;

export function isDoNotCall(sql: SqlStorage, target: CallTarget): boolean {
  return rowOf(sql, target) !== undefined;
}

/**
 * Who was first stands. What waits to be dialled there will not be. An address of a trunk is listed by the number in it.
 * @returns whether it is new.
 */
export function addDoNotCall(sql: SqlStorage, entry: DoNotCallEntry): boolean {
  const number = calledNumber(entry.number);
  const row = { number_key: indexed(sql, number) };
  const { rowsWritten } = sql.exec(
    `INSERT INTO do_not_call (number_key, number, since_ms, source, call_id, note) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (number_key) DO UPDATE SET number = excluded.number, note = excluded.note WHERE do_not_call.number IS NULL`,
    row.number_key,
    seal(sql, 'do_not_call.number', row, number),
    entry.sinceMs,
    entry.source,
    entry.callId,
    seal(sql, 'do_not_call.note', row, entry.note),
  );
  refuseWaiting(sql, row.number_key);
  return rowsWritten > 0;
}

/** Of somebody who was erased only the keyed hash is kept. What is known of the number already stands. */
export function addErasedDoNotCall(
  sql: SqlStorage,
  { numberKey, sinceMs, source }: Pick<DoNotCallEntry, 'sinceMs' | 'source'> & { numberKey: string },
): void {
  sql.exec(
    'INSERT OR IGNORE INTO do_not_call (number_key, since_ms, source) VALUES (?, ?, ?)',
    numberKey,
    sinceMs,
    source,
  );
  refuseWaiting(sql, numberKey);
}

export function readDoNotCall(sql: SqlStorage, target: CallTarget): DoNotCallEntry | null {
  const row = rowOf(sql, target);
  return row === undefined ? null : toEntry(sql, row, calledNumber(target));
}

export function removeDoNotCall(sql: SqlStorage, target: CallTarget): void {
  sql.exec('DELETE FROM do_not_call WHERE number_key IN (?, ?)', ...keysOf(sql, target));
}

/** An older version listed addresses as they were. */
const keysOf = (sql: SqlStorage, target: CallTarget): [string, string] => [
  indexed(sql, calledNumber(target)),
  indexed(sql, target),
];

const rowOf = (sql: SqlStorage, target: CallTarget): Row | undefined =>
  sql.exec<Row>('SELECT * FROM do_not_call WHERE number_key IN (?, ?)', ...keysOf(sql, target)).toArray()[0];

/** Each page by number; which page a number is on means nothing. @param after `next` of the page before. */
export function listDoNotCall(sql: SqlStorage, after: string): DoNotCallList {
  const afterKey = after === '' ? '' : indexed(sql, after);
  const rows = sql
    .exec<Row>(
      'SELECT * FROM do_not_call WHERE number_key > ? AND number IS NOT NULL ORDER BY number_key LIMIT ?',
      afterKey,
      pageSize + 1,
    )
    .toArray();
  const entries = rows
    .slice(0, pageSize)
    .map((row) => toEntry(sql, row, open(sql, 'do_not_call.number', row, row.number) ?? ''));
  const next = rows.length > pageSize ? (entries.at(-1)?.number ?? null) : null;
  return { entries: entries.sort((a, b) => (a.number < b.number ? -1 : 1)), next };
}

/** Adds what can be read as a number. Runs inside a transaction. */
export function importDoNotCall(sql: SqlStorage, lines: readonly NumberLine[], nowMs: number): DoNotCallImport {
  const numbers = lines.flatMap(({ number }) => (number === null ? [] : [number]));
  const added = numbers.filter((number) =>
    addDoNotCall(sql, { number, sinceMs: nowMs, source: 'import', callId: null, note: null }),
  ).length;
  const rejected = lines.filter(({ number }) => number === null).slice(0, 50);
  return {
    added,
    known: numbers.length - added,
    rejected: rejected.map(({ line, text }) => ({ line, text: text.slice(0, 200) })),
  };
}

/**
 * Whoever asks in a call not to be called again is on the list from that event on: under the number that was dialled or
 * that they called from, and the one they gave. Runs inside the transaction that stores the event.
 */
export function trackOptOut(sql: SqlStorage, callId: string, { atMs, fact }: CallEvent, { start }: Projection): void {
  if (fact.type !== 'lead' || !fact.lead.tags.includes('do-not-call')) return;
  const theirs = dialledNumber(sql, callId) ?? start?.callerNumber;
  for (const number of new Set([theirs, fact.lead.phone])) {
    if (number !== undefined) addDoNotCall(sql, { number, sinceMs: atMs, source: 'call', callId, note: null });
  }
}

const toEntry = (sql: SqlStorage, row: Row, number: string): DoNotCallEntry => ({
  number,
  sinceMs: row.since_ms,
  source: row.source,
  callId: row.call_id,
  note: open(sql, 'do_not_call.note', row, row.note),
});
