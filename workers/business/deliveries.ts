import type { Delivery } from '../../contract/call-record.ts';
import { fail, succeed, type Answer } from '../answer.ts';

/** After a commit, how long the queue may take to accept the task before it is offered again. */
export const sendGraceMs = 30_000;

/** A task of which nothing is heard for this long is lost: a consumer died, or a local queue was restarted. */
export const queueGraceMs = 120_000;

interface DeliveryRow extends Record<string, SqlStorageValue> {
  id: string;
  type: string;
  status: Delivery['status'];
  attempts: number;
  created_ms: number;
  delivered_ms: number | null;
  last_status: number | null;
  last_error: string | null;
}

/** A delivery whose turn it is, to be put on the queue. */
export interface DueDelivery {
  readonly deliveryId: string;
  readonly ticket: number;
}

/** How one attempt, or the queue's last word on it, went. */
export type DeliveryResult =
  | { readonly outcome: 'delivered'; readonly status: number }
  | { readonly outcome: 'retry'; readonly status: number | null; readonly error: string; readonly delayS: number }
  | { readonly outcome: 'dead'; readonly status: number | null; readonly error: string };

/** Of each call, the oldest delivery that is not settled: only it may be sent, so that none overtakes another. */
const heads = `
  SELECT MIN(position) FROM deliveries WHERE status IN ('queued', 'retrying') GROUP BY call_id`;

/** Writes a delivery beside the event that causes it. A cause that is known already is left alone. */
export function addDelivery(
  sql: SqlStorage,
  delivery: { callId: string; cause: string; type: string; body: string; nowMs: number },
): void {
  sql.exec(
    `INSERT INTO deliveries (id, call_id, cause, type, body, status, created_ms, watch_ms) VALUES (?, ?, ?, ?, ?, 'queued', ?, ?)
     ON CONFLICT (call_id, cause) DO NOTHING`,
    crypto.randomUUID(),
    delivery.callId,
    delivery.cause,
    delivery.type,
    delivery.body,
    delivery.nowMs,
    delivery.nowMs,
  );
}

/**
 * Takes every delivery whose turn it is and of which nothing is under way; each gets a new ticket. If
 * the caller dies before it has queued them they are due again after `sendGraceMs`.
 */
export function takeDue(sql: SqlStorage, nowMs: number): DueDelivery[] {
  return sql
    .exec<{ id: string; ticket: number }>(
      `UPDATE deliveries SET ticket = ticket + 1, watch_ms = ? WHERE watch_ms <= ? AND position IN (${heads}) RETURNING id, ticket`,
      nowMs + sendGraceMs,
      nowMs,
    )
    .toArray()
    .map(({ id, ticket }) => ({ deliveryId: id, ticket }));
}

/** When the next delivery is due, if nothing is heard before. */
export function nextDueMs(sql: SqlStorage): number | null {
  return sql
    .exec<{ due: number | null }>(`SELECT MIN(watch_ms) AS due FROM deliveries WHERE position IN (${heads})`)
    .one().due;
}

/** The queue has it. Unless more is known of it by now, something will be heard within `queueGraceMs`. */
export function markQueued(sql: SqlStorage, { deliveryId, ticket }: DueDelivery, takenAtMs: number): void {
  sql.exec(
    'UPDATE deliveries SET watch_ms = ? WHERE id = ? AND ticket = ? AND watch_ms = ?',
    takenAtMs + queueGraceMs,
    deliveryId,
    ticket,
    takenAtMs + sendGraceMs,
  );
}

/** The content of a delivery, if this ticket may still send it. */
export function claim(
  sql: SqlStorage,
  { deliveryId, ticket }: DueDelivery,
  nowMs: number,
): { body: string; attempts: number } | null {
  const [row] = sql
    .exec<{ body: string; attempts: number }>(
      `UPDATE deliveries SET watch_ms = ? WHERE id = ? AND ticket = ? AND status IN ('queued', 'retrying') RETURNING body, attempts`,
      nowMs + queueGraceMs,
      deliveryId,
      ticket,
    )
    .toArray();
  return row ?? null;
}

/** Records how an attempt went. Results under an old ticket, or of a settled delivery, are void. */
export function record(
  sql: SqlStorage,
  { deliveryId, ticket }: DueDelivery,
  result: DeliveryResult,
  attempted: boolean,
  nowMs: number,
): void {
  const status = result.outcome === 'retry' ? 'retrying' : result.outcome;
  sql.exec(
    `UPDATE deliveries SET status = ?, attempts = attempts + ?, delivered_ms = ?, last_status = ?, last_error = ?, watch_ms = ?
     WHERE id = ? AND ticket = ? AND status IN ('queued', 'retrying')`,
    status,
    attempted ? 1 : 0,
    result.outcome === 'delivered' ? nowMs : null,
    result.status,
    result.outcome === 'delivered' ? null : result.error.slice(0, 500),
    result.outcome === 'retry' ? nowMs + result.delayS * 1_000 + queueGraceMs : nowMs,
    deliveryId,
    ticket,
  );
}

/** The state of a delivery, for the reason of its death. */
export function lastError(
  sql: SqlStorage,
  deliveryId: string,
): { attempts: number; status: number | null; error: string | null } | null {
  const [row] = sql
    .exec<{ attempts: number; last_status: number | null; last_error: string | null }>(
      'SELECT attempts, last_status, last_error FROM deliveries WHERE id = ?',
      deliveryId,
    )
    .toArray();
  return row === undefined ? null : { attempts: row.attempts, status: row.last_status, error: row.last_error };
}

/** Makes a settled or stuck delivery due again, with the same webhook id. */
export function replay(sql: SqlStorage, deliveryId: string, nowMs: number): Answer<Delivery> {
  const [row] = sql
    .exec<DeliveryRow>(
      "UPDATE deliveries SET status = 'queued', ticket = ticket + 1, delivered_ms = NULL, watch_ms = ? WHERE id = ? RETURNING *",
      nowMs,
      deliveryId,
    )
    .toArray();
  if (row === undefined) {
    return fail({
      status: 404,
      code: 'not-found',
      message: 'This business has no such delivery.',
      action: 'Take the id from the deliveries of a call record.',
    });
  }
  return succeed(toDelivery(row));
}

export function deliveriesOfCall(sql: SqlStorage, callId: string): Delivery[] {
  return sql
    .exec<DeliveryRow>('SELECT * FROM deliveries WHERE call_id = ? ORDER BY position', callId)
    .toArray()
    .map(toDelivery);
}

function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    type: row.type,
    status: row.status,
    attempts: row.attempts,
    createdAtMs: row.created_ms,
    deliveredAtMs: row.delivered_ms,
    lastStatus: row.last_status,
    lastError: row.last_error,
  };
}
