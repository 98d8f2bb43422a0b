import type { WebhookDelivery, WebhookDeliveryStatus } from '../../../contract/webhook-endpoint.ts';

interface LogRow extends Record<string, SqlStorageValue> {
  id: string;
  event_id: string;
  type: string;
  at_ms: number;
  status: WebhookDeliveryStatus;
  due_ms: number;
}

export interface LogFilter {
  readonly status: WebhookDeliveryStatus | null;
  readonly limit: number;
}

/** What an endpoint was told, newest first. All that match, or one. */
export function readLog(
  sql: SqlStorage,
  endpointId: string,
  { status, limit }: LogFilter,
  id: string | null = null,
): WebhookDelivery[] {
  return sql
    .exec<LogRow>(
      `SELECT d.id, d.event_id, e.type, e.at_ms, d.status, d.due_ms
       FROM webhook_deliveries d JOIN webhook_events e ON e.id = d.event_id
       WHERE d.endpoint_id = ?1 AND (?2 IS NULL OR d.status = ?2) AND (?3 IS NULL OR d.id = ?3)
       ORDER BY d.position DESC LIMIT ?4`,
      endpointId,
      status,
      id,
      limit,
    )
    .toArray()
    .map((row) => ({
      id: row.id,
      eventId: row.event_id,
      type: row.type,
      occurredAtMs: row.at_ms,
      status: row.status,
      nextAttemptMs: row.status === 'waiting' || row.status === 'retrying' ? row.due_ms : null,
      attempts: attemptsAt(sql, row.id),
    }));
}

function attemptsAt(sql: SqlStorage, deliveryId: string): WebhookDelivery['attempts'] {
  return sql
    .exec<{ at_ms: number; status: number | null; took_ms: number; error: string | null }>(
      'SELECT at_ms, status, took_ms, error FROM webhook_attempts WHERE delivery_id = ? ORDER BY rowid',
      deliveryId,
    )
    .toArray()
    .map(({ at_ms: atMs, status, took_ms: tookMs, error }) => ({ atMs, status, tookMs, error }));
}
