import type { WebhookSource, WebhookSourceState } from '../../contract/webhook.ts';
import { openText, sealText, type DataKey } from '../privacy/sealed.ts';
import { failedWebhooks } from './inbox.ts';

interface SourceRow extends Record<string, SqlStorageValue> {
  source: WebhookSource;
  sealed_secret: string;
  changed_ms: number;
  last_received_ms: number | null;
  refused_ms: number | null;
  refusal: string | null;
}

const purposeOf = (source: WebhookSource): string => `webhook source ${source}`;

export async function saveSource(
  sql: SqlStorage,
  key: DataKey,
  { source, secret, nowMs }: { source: WebhookSource; secret: string; nowMs: number },
): Promise<void> {
  const sealed = await sealText(key, purposeOf(source), secret);
  sql.exec(
    `INSERT INTO webhook_sources (source, sealed_secret, changed_ms) VALUES (?, ?, ?)
     ON CONFLICT (source) DO UPDATE SET sealed_secret = excluded.sealed_secret, changed_ms = excluded.changed_ms`,
    source,
    sealed,
    nowMs,
  );
}

export function removeSource(sql: SqlStorage, source: WebhookSource): void {
  sql.exec('DELETE FROM webhook_sources WHERE source = ?', source);
}

/** Sealed; null for a source that nobody has set up. */
export function sealedSecretOf(sql: SqlStorage, source: WebhookSource): string | null {
  const [row] = sql
    .exec<{ sealed_secret: string }>('SELECT sealed_secret FROM webhook_sources WHERE source = ?', source)
    .toArray();
  return row?.sealed_secret ?? null;
}

export function openSecret(key: DataKey, source: WebhookSource, sealed: string): Promise<string> {
  return openText(key, purposeOf(source), sealed);
}

/** Once a second at most: whoever forges webhooks shall not have us write for each. */
export function noteRefusal(sql: SqlStorage, source: WebhookSource, reason: string, nowMs: number): void {
  sql.exec(
    'UPDATE webhook_sources SET refused_ms = ?, refusal = ? WHERE source = ? AND (refused_ms IS NULL OR refused_ms < ?)',
    nowMs,
    reason,
    source,
    nowMs - 1_000,
  );
}

export function listSources(sql: SqlStorage, urlOf: (source: WebhookSource) => string): WebhookSourceState[] {
  return sql
    .exec<SourceRow>('SELECT * FROM webhook_sources ORDER BY source')
    .toArray()
    .map(({ source, changed_ms, last_received_ms, refused_ms, refusal }) => ({
      source,
      url: urlOf(source),
      changedMs: changed_ms,
      lastReceivedMs: last_received_ms,
      lastRefusal: refused_ms === null ? null : { atMs: refused_ms, reason: refusal ?? '' },
      failed: failedWebhooks(sql, source),
    }));
}
