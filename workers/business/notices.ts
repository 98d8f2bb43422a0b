import type { Notice, NoticeList } from '../../contract/notice.ts';
import { fail, succeed, type Answer } from '../answer.ts';
import type { Stored } from '../privacy/sealed-columns.ts';
import { open, seal } from '../privacy/vault.ts';

interface NoticeRow extends Record<string, SqlStorageValue> {
  id: string;
  at_ms: number;
  kind: Notice['kind'];
  text: Stored;
  appointment_id: string | null;
  done_ms: number | null;
}

/** Tells the owner something that a person must know or do. The same thing, by its key, is told once. */
export function tellOwner(
  sql: SqlStorage,
  notice: Pick<Notice, 'kind' | 'text'> & { readonly key: string; readonly appointmentId?: string },
  nowMs: number,
): void {
  const id = crypto.randomUUID();
  sql.exec(
    'INSERT INTO notices (id, key, at_ms, kind, text, appointment_id) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING',
    id,
    notice.key,
    nowMs,
    notice.kind,
    seal(sql, 'notices.text', { id }, notice.text.slice(0, 1_000)),
    notice.appointmentId ?? null,
  );
}

/** Newest first, at most 200. */
export function listNotices(sql: SqlStorage, { done }: { done: boolean }): NoticeList {
  const notices = sql
    .exec<NoticeRow>(
      `SELECT * FROM notices WHERE done_ms IS ${done ? 'NOT NULL' : 'NULL'} ORDER BY at_ms DESC, id LIMIT 200`,
    )
    .toArray()
    .map((row) => toNotice(sql, row));
  return { notices };
}

export function noticeDone(sql: SqlStorage, id: string, nowMs: number): Answer<Notice> {
  const [row] = sql
    .exec<NoticeRow>('UPDATE notices SET done_ms = COALESCE(done_ms, ?) WHERE id = ? RETURNING *', nowMs, id)
    .toArray();
  if (row !== undefined) return succeed(toNotice(sql, row));
  return fail({
    status: 404,
    code: 'not-found',
    message: 'This business has no such notice.',
    action: 'Take the id from the list of notices.',
  });
}

const toNotice = (sql: SqlStorage, row: NoticeRow): Notice => ({
  id: row.id,
  atMs: row.at_ms,
  kind: row.kind,
  text: open(sql, 'notices.text', { id: row.id }, row.text),
  appointmentId: row.appointment_id,
  doneAtMs: row.done_ms,
});
