import type { InboxWebhook, InboxWebhookDetail, WebhookSource, WebhookSourceState } from '../../contract/webhook.ts';
import type { Stored } from '../privacy/sealed-columns.ts';
import { open, seal } from '../privacy/vault.ts';

/** Longer than any sender tries again, and than any signature is good. */
const keptMs = 7 * 86_400_000;
const maxFailed = 50;
/** Of those that could not be read, so many are kept, for a month. Each may be as large as a webhook may. */
const maxKept = 200;
const keptFailedMs = 30 * 86_400_000;

/** In the words of its index, so that it is used. */
const unapplied = "status IN ('waiting', 'failed')";

export interface InboxMessage {
  readonly id: string;
  readonly source: WebhookSource;
  readonly body: string;
  readonly receivedMs: number;
}

interface InboxRow extends Record<string, SqlStorageValue> {
  id: string;
  source: WebhookSource;
  body: Stored;
  received_ms: number;
}

/** Keeps a webhook that was proven good. Null where it was kept before: a replay. Runs inside a transaction. */
export function keepWebhook(
  sql: SqlStorage,
  { source, replayKey, body, nowMs }: { source: WebhookSource; replayKey: string; body: string; nowMs: number },
): string | null {
  sql.exec("DELETE FROM webhook_inbox WHERE received_ms < ? AND status = 'done'", nowMs - keptMs);
  const id = crypto.randomUUID();
  const { rowsWritten } = sql.exec(
    `INSERT OR IGNORE INTO webhook_inbox (id, source, replay_key, body, received_ms, status) VALUES (?, ?, ?, ?, ?, 'waiting')`,
    id,
    source,
    replayKey,
    seal(sql, 'webhook_inbox.body', { id }, body),
    nowMs,
  );
  if (rowsWritten === 0) return null;
  sql.exec('UPDATE webhook_sources SET last_received_ms = ? WHERE source = ?', nowMs, source);
  return id;
}

/** It could not be queued: as if it had never come, so that its sender may send it again. */
export function forgetWebhook(sql: SqlStorage, id: string): void {
  sql.exec('DELETE FROM webhook_inbox WHERE id = ?', id);
}

/** Null where it is done already. */
export function readWebhook(sql: SqlStorage, id: string): InboxMessage | null {
  const [row] = sql
    .exec<InboxRow>("SELECT id, source, body, received_ms FROM webhook_inbox WHERE id = ? AND status <> 'done'", id)
    .toArray();
  if (row === undefined) return null;
  const body = open(sql, 'webhook_inbox.body', { id }, row.body);
  return { id, source: row.source, body, receivedMs: row.received_ms };
}

/** What was not applied, or could not be. */
export function failedOrWaiting(sql: SqlStorage): InboxMessage[] {
  return sql
    .exec<{ id: string }>("SELECT id FROM webhook_inbox WHERE status <> 'done' ORDER BY received_ms, id")
    .toArray()
    .flatMap(({ id }) => readWebhook(sql, id) ?? []);
}

/** Its content is not needed any more, only that it was here. */
export function settleWebhook(sql: SqlStorage, id: string): void {
  sql.exec("UPDATE webhook_inbox SET status = 'done', body = '', error = NULL WHERE id = ?", id);
}

/** What it said is not kept; that it came still counts. */
export function blankWebhook(sql: SqlStorage, id: string): void {
  sql.exec('UPDATE webhook_inbox SET body = ? WHERE id = ?', seal(sql, 'webhook_inbox.body', { id }, '{}'), id);
}

const sealedError = (sql: SqlStorage, id: string, error: string): ArrayBuffer =>
  seal(sql, 'webhook_inbox.error', { id }, error.slice(0, 500));

/** It cannot be read. Staff see it, and can have it tried again; the oldest of too many is forgotten. */
export function failWebhook(sql: SqlStorage, id: string, error: string, nowMs: number): void {
  sql.exec("UPDATE webhook_inbox SET status = 'failed', error = ? WHERE id = ?", sealedError(sql, id, error), id);
  sql.exec(
    `DELETE FROM webhook_inbox WHERE ${unapplied} AND status = 'failed' AND (received_ms < ? OR id IN (
       SELECT id FROM webhook_inbox WHERE ${unapplied} AND status = 'failed' ORDER BY received_ms DESC, id LIMIT -1 OFFSET ${maxKept}))`,
    nowMs - keptFailedMs,
  );
}

/** Those that have waited longest to be applied, the oldest first. */
export function waitingWebhooks(sql: SqlStorage, max: number): { id: string; receivedMs: number }[] {
  return sql
    .exec<{ id: string; received_ms: number }>(
      `SELECT id, received_ms FROM webhook_inbox WHERE ${unapplied} AND status = 'waiting' ORDER BY received_ms LIMIT ?`,
      max,
    )
    .toArray()
    .map(({ id, received_ms: receivedMs }) => ({ id, receivedMs }));
}

/** Those that are not applied, newest first. */
export function listInbox(sql: SqlStorage): InboxWebhook[] {
  return sql
    .exec<ListedRow>(
      `SELECT id, source, received_ms, status, error FROM webhook_inbox WHERE ${unapplied}
       ORDER BY received_ms DESC, id LIMIT ?`,
      maxKept,
    )
    .toArray()
    .map((row) => toInboxWebhook(sql, row));
}

/** One of them, or of those that were; null where it is not kept any more. */
export function inboxWebhook(sql: SqlStorage, id: string): InboxWebhookDetail | null {
  const [row] = sql
    .exec<ListedRow & { body: Stored }>(
      'SELECT id, source, received_ms, status, error, body FROM webhook_inbox WHERE id = ?',
      id,
    )
    .toArray();
  if (row === undefined) return null;
  // What was applied is not kept.
  const body = row.status === 'done' ? '' : open(sql, 'webhook_inbox.body', { id }, row.body);
  return { ...toInboxWebhook(sql, row), body };
}

interface ListedRow extends Record<string, SqlStorageValue> {
  id: string;
  source: WebhookSource;
  received_ms: number;
  status: InboxWebhook['status'];
  error: Stored | null;
}

const toInboxWebhook = (sql: SqlStorage, { id, source, received_ms, status, error }: ListedRow): InboxWebhook => ({
  id,
  source,
  receivedAtMs: received_ms,
  status,
  error: open(sql, 'webhook_inbox.error', { id }, error),
});

export function failedWebhooks(sql: SqlStorage, source: WebhookSource): WebhookSourceState['failed'] {
  return sql
    .exec<{ id: string; received_ms: number; error: Stored }>(
      "SELECT id, received_ms, error FROM webhook_inbox WHERE source = ? AND status = 'failed' ORDER BY received_ms DESC LIMIT ?",
      source,
      maxFailed,
    )
    .toArray()
    .map(({ id, received_ms, error }) => ({
      id,
      receivedMs: received_ms,
      error: open(sql, 'webhook_inbox.error', { id }, error),
    }));
}
