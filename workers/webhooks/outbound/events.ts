import type { WebhookEventType } from '../../../contract/webhook-event.ts';
import { trimLog } from './trim-log.ts';

/** Something that happened, for the owner's own systems. */
export interface Occurrence {
  readonly type: WebhookEventType;
  /** What it is known by: the same is told once. */
  readonly cause: string;
  /** The id of what it happened to: a call, an appointment, a delivery, an endpoint. */
  readonly subject: string;
  /** What cannot be read of the subject later. Nothing about a person. */
  readonly facts?: Readonly<Record<string, string | number>>;
  readonly atMs: number;
  /** An endpoint that is not told: it is about itself. */
  readonly butNot?: string;
}

/**
 * Notes what happened, for each endpoint that wants to know. Runs in the transaction of the change, so that neither is
 * without the other. Who it happened to is not written down: that is read when it is sent, so that nothing is left to erase.
 */
export function noteEvent(
  sql: SqlStorage,
  { type, cause, subject, facts = {}, atMs, butNot }: Occurrence,
  nowMs: number,
): void {
  const endpoints = subscribers(sql, type).filter(({ id }) => id !== butNot);
  if (endpoints.length === 0) return;
  const id = crypto.randomUUID();
  const { rowsWritten } = sql.exec(
    'INSERT OR IGNORE INTO webhook_events (id, cause, type, subject, facts, at_ms) VALUES (?, ?, ?, ?, ?, ?)',
    id,
    cause,
    type,
    subject,
    JSON.stringify(facts),
    atMs,
  );
  if (rowsWritten === 0) return;
  for (const endpoint of endpoints) addDelivery(sql, id, endpoint, nowMs);
  trimLog(sql, nowMs);
}

/** The same to one endpoint alone. Returns the id of the delivery. */
export function noteEventFor(
  sql: SqlStorage,
  endpointId: string,
  { type, cause, subject, atMs }: Occurrence,
  nowMs: number,
): string {
  const id = crypto.randomUUID();
  sql.exec(
    "INSERT INTO webhook_events (id, cause, type, subject, facts, at_ms) VALUES (?, ?, ?, ?, '{}', ?)",
    id,
    cause,
    type,
    subject,
    atMs,
  );
  trimLog(sql, nowMs);
  return addDelivery(sql, id, { id: endpointId, enabled: true }, nowMs);
}

interface Subscriber {
  readonly id: string;
  readonly enabled: boolean;
}

function subscribers(sql: SqlStorage, type: WebhookEventType): Subscriber[] {
  return sql
    .exec<{ id: string; status: string; events: string }>('SELECT id, status, events FROM webhook_endpoints')
    .toArray()
    .flatMap(({ id, status, events }) => {
      const wanted: string[] = JSON.parse(events);
      return wanted.includes('*') || wanted.includes(type) ? [{ id, enabled: status === 'enabled' }] : [];
    });
}

function addDelivery(sql: SqlStorage, eventId: string, endpoint: Subscriber, nowMs: number): string {
  const id = crypto.randomUUID();
  sql.exec(
    `INSERT INTO webhook_deliveries (id, event_id, endpoint_id, status, began_ms, due_ms, settled_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    id,
    eventId,
    endpoint.id,
    endpoint.enabled ? 'waiting' : 'skipped',
    nowMs,
    nowMs,
    endpoint.enabled ? null : nowMs,
  );
  return id;
}
