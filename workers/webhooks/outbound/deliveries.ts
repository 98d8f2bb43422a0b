import { afterFailure, failuresToOpen, healthy, mayGo, needsProbe, probing } from '../../business/breaker.ts';
import { queueGraceMs, sendGraceMs } from '../../business/grace.ts';
import { retryDelayS } from '../../crm/retry.ts';
import { noteEvent } from './events.ts';
import { disableFailed, readEndpoint, saveHealth, sendWaiting } from './endpoints.ts';

/** So long a delivery is tried. */
const triedMs = 24 * 3_600_000;

/** So long an endpoint may fail before it is disabled. */
const patienceMs = 5 * 24 * 3_600_000;

const retryBaseS = 5;
const breakerOpenMs = 60_000;

/** The most that are handed to the queue at once: a request may wait for it. The alarm brings the rest. */
const maxTaken = 100;

const open = "status IN ('waiting', 'retrying')";

export interface DueHook {
  readonly deliveryId: string;
  readonly ticket: number;
}

/** What came of one attempt. `status` is null where there was no answer. */
export interface AttemptResult {
  readonly ok: boolean;
  readonly status: number | null;
  readonly tookMs: number;
  readonly error: string | null;
  readonly retryAfterS: number | null;
}

interface DeliveryRow extends Record<string, SqlStorageValue> {
  id: string;
  event_id: string;
  endpoint_id: string;
  attempts: number;
  began_ms: number;
  type: string;
}

/**
 * Takes every delivery whose time has come; each gets a new ticket. Those of an endpoint that keeps failing wait, but
 * for one that sees how it fares, and those whose day is over: they are tried a last time. If the caller dies before it
 * has queued them they are due again after `sendGraceMs`.
 */
export function takeDue(sql: SqlStorage, nowMs: number): DueHook[] {
  const rows = sql
    .exec<{ id: string; endpoint_id: string; began_ms: number }>(
      `SELECT id, endpoint_id, began_ms FROM webhook_deliveries WHERE ${open} AND due_ms <= ? ORDER BY due_ms, position LIMIT ?`,
      nowMs,
      maxTaken,
    )
    .toArray();
  return rows.flatMap(({ id, endpoint_id: endpointId, began_ms: beganMs }) => {
    const endpoint = readEndpoint(sql, endpointId);
    if (endpoint === null) return [];
    const { health } = endpoint;
    const may = mayGo(health, id, nowMs);
    const lastMs = beganMs + triedMs;
    if (!may && nowMs < lastMs) {
      const dueMs = Math.min(health.waitUntilMs, lastMs);
      sql.exec('UPDATE webhook_deliveries SET due_ms = ? WHERE id = ?', dueMs, id);
      return [];
    }
    if (may && needsProbe(health)) saveHealth(sql, endpointId, probing(health, id, nowMs + queueGraceMs));
    const { ticket } = sql
      .exec<{ ticket: number }>(
        'UPDATE webhook_deliveries SET ticket = ticket + 1, claimed_until_ms = 0, due_ms = ? WHERE id = ? RETURNING ticket',
        nowMs + sendGraceMs,
        id,
      )
      .one();
    return [{ deliveryId: id, ticket }];
  });
}

/** When the next delivery is due, if nothing is heard before. */
export function nextDueMs(sql: SqlStorage): number | null {
  return sql.exec<{ due: number | null }>(`SELECT MIN(due_ms) AS due FROM webhook_deliveries WHERE ${open}`).one().due;
}

/** The event and the endpoint, if this ticket may send it now. A queue can hand the same message to two consumers. */
export function claim(
  sql: SqlStorage,
  { deliveryId, ticket }: DueHook,
  nowMs: number,
): { readonly eventId: string; readonly endpointId: string } | null {
  const [row] = sql
    .exec<{ event_id: string; endpoint_id: string }>(
      `UPDATE webhook_deliveries SET due_ms = ?1, claimed_until_ms = ?1
       WHERE id = ?2 AND ticket = ?3 AND ${open} AND claimed_until_ms <= ?4 RETURNING event_id, endpoint_id`,
      nowMs + queueGraceMs,
      deliveryId,
      ticket,
      nowMs,
    )
    .toArray();
  return row === undefined ? null : { eventId: row.event_id, endpointId: row.endpoint_id };
}

/** Records how an attempt went, and what follows from it. A result under an old ticket is void. Runs inside a transaction. */
export function record(
  sql: SqlStorage,
  { deliveryId, ticket }: DueHook,
  result: AttemptResult,
  { nowMs, random }: { nowMs: number; random: () => number },
): void {
  const [row] = sql
    .exec<DeliveryRow>(
      `SELECT d.*, e.type FROM webhook_deliveries d JOIN webhook_events e ON e.id = event_id
       WHERE d.id = ? AND ticket = ? AND ${open}`,
      deliveryId,
      ticket,
    )
    .toArray();
  const endpoint = row === undefined ? null : readEndpoint(sql, row.endpoint_id);
  if (row === undefined || endpoint === null) return;
  const { status, tookMs, error } = result;
  sql.exec(
    'INSERT INTO webhook_attempts (delivery_id, at_ms, status, took_ms, error) VALUES (?, ?, ?, ?, ?)',
    deliveryId,
    nowMs,
    status,
    tookMs,
    error?.slice(0, 500) ?? null,
  );
  sql.exec('UPDATE webhook_deliveries SET attempts = attempts + 1, claimed_until_ms = 0 WHERE id = ?', deliveryId);
  if (result.ok) {
    settle(sql, deliveryId, 'delivered', nowMs);
    saveHealth(sql, endpoint.id, healthy, null);
    // It answers: those that were held back for its sake go now.
    if (endpoint.health.failures >= failuresToOpen) sendWaiting(sql, endpoint.id, nowMs);
    return;
  }
  const failingSinceMs = endpoint.failingSinceMs ?? nowMs;
  const { retryAfterS } = result;
  const health = afterFailure(endpoint.health, deliveryId, nowMs, { retryAfterS, openMs: breakerOpenMs, random });
  saveHealth(sql, endpoint.id, health, failingSinceMs);
  const lost = status === 410 ? gone : nowMs - failingSinceMs >= patienceMs ? unreachable(error) : null;
  if (lost !== null) {
    disableFailed(sql, endpoint, lost, nowMs);
    return;
  }
  const lastMs = row.began_ms + triedMs;
  if (nowMs < lastMs) {
    const delayMs = retryDelayS(row.attempts + 1, retryBaseS, retryAfterS, random) * 1_000;
    const dueMs = Math.min(nowMs + delayMs, lastMs);
    sql.exec("UPDATE webhook_deliveries SET status = 'retrying', due_ms = ? WHERE id = ?", dueMs, deliveryId);
    return;
  }
  settle(sql, deliveryId, 'failed', nowMs);
  // What is told of failures is not told of again, or two that fail would tell each other for ever.
  if (row.type === 'delivery.failed' || row.type === 'webhook.disabled') return;
  noteEvent(
    sql,
    {
      type: 'delivery.failed',
      cause: `endpoint delivery ${deliveryId} ${ticket}`,
      subject: deliveryId,
      facts: { destination: 'endpoint' },
      atMs: nowMs,
      butNot: endpoint.id,
    },
    nowMs,
  );
}

const gone = 'It answered 410: it wants nothing any more.';
const unreachable = (error: string | null): string => `Nothing reached it for five days. Last: ${error ?? 'no answer'}`;

function settle(sql: SqlStorage, deliveryId: string, status: 'delivered' | 'failed', nowMs: number): void {
  sql.exec('UPDATE webhook_deliveries SET status = ?, settled_ms = ? WHERE id = ?', status, nowMs, deliveryId);
}

/** Begins a delivery anew: the same event under the same id, for another day. False where there is none. */
export function replayOne(sql: SqlStorage, endpointId: string, deliveryId: string, nowMs: number): boolean {
  return replayWhere(sql, endpointId, 'id = ?', [deliveryId], nowMs) > 0;
}

/** The same of all that happened at a time and after it. */
export function replaySince(
  sql: SqlStorage,
  endpointId: string,
  { sinceMs, delivered }: { sinceMs: number; delivered: boolean },
  nowMs: number,
): number {
  const which = delivered ? '' : " AND status IN ('failed', 'skipped')";
  const happened = 'event_id IN (SELECT id FROM webhook_events WHERE at_ms >= ?)';
  return replayWhere(sql, endpointId, `${happened}${which}`, [sinceMs], nowMs);
}

function replayWhere(
  sql: SqlStorage,
  endpointId: string,
  which: string,
  values: (string | number)[],
  nowMs: number,
): number {
  const begun = sql
    .exec(
      `UPDATE webhook_deliveries SET status = 'waiting', attempts = 0, ticket = ticket + 1, claimed_until_ms = 0,
         began_ms = ?, due_ms = ?, settled_ms = NULL
       WHERE endpoint_id = ? AND ${which} RETURNING id`,
      nowMs,
      nowMs,
      endpointId,
      ...values,
    )
    .toArray().length;
  // Whoever replays has reason to believe that the endpoint is back.
  if (begun > 0) saveHealth(sql, endpointId, healthy);
  return begun;
}
