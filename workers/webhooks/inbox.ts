import type { WebhookSource, WebhookSourceState } from '../../contract/webhook.ts';
import type { Stored } from '../privacy/sealed-columns.ts';
import { open, seal } from '../privacy/vault.ts';

/** Longer than any sender tries again, and than any signature is good. */
const keptMs = 7 * 86_400_000;
const maxFailed = 50;

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

const sealedError = (sql: SqlStorage, id: string, error: string): ArrayBuffer =>
  seal(sql, 'webhook_inbox.error', { id }, error.slice(0, 500));

export function failWebhook(sql: SqlStorage, id: string, error: string): void {
  sql.exec("UPDATE webhook_inbox SET status = 'failed', error = ? WHERE id = ?", sealedError(sql, id, error), id);
}

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
