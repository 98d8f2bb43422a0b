import type { Delivery } from '../../contract/call-record.ts';
import { fail, succeed, type Answer } from '../answer.ts';
import type { CrmKind } from '../crm/crm.ts';
import type { Stored } from '../privacy/sealed-columns.ts';
import { open, seal } from '../privacy/vault.ts';
import { noteEvent } from '../webhooks/outbound/events.ts';
import { afterFailure, healthy, mayGo, needsProbe, probing, type Health } from './breaker.ts';
import { releaseLinks } from './crm-links.ts';
import { unknownDelivery } from './faults.ts';
import { queueGraceMs, sendGraceMs } from './grace.ts';

/** As many attempts as the queue would make, which is about nine hours of them. */
const maxAttempts = 21;

/** Where deliveries go: the owner's webhook, or a CRM by name. */
export type Destination = 'webhook' | CrmKind;

export interface DeliveryRow extends Record<string, SqlStorageValue> {
  id: string;
  call_id: string;
  destination: string;
  type: string;
  status: Delivery['status'];
  attempts: number;
  event_ms: number;
  created_ms: number;
  delivered_ms: number | null;
  last_status: number | null;
  last_error: Stored | null;
}

/** A delivery whose turn it is, to be put on the queue. */
export interface DueDelivery {
  readonly deliveryId: string;
  readonly ticket: number;
}

/** How one attempt, or the queue's last word on it, went. */
export type DeliveryResult =
  | { readonly outcome: 'delivered'; readonly status: number | null }
  | {
      readonly outcome: 'retry';
      readonly status: number | null;
      readonly error: string;
      readonly delayS: number;
      /** Whether the destination is at fault, or something about this delivery. */
      readonly concerns: 'crm' | 'delivery';
      /** How long the destination wants to be left alone. */
      readonly retryAfterS: number | null;
    }
  | { readonly outcome: 'dead'; readonly status: number | null; readonly error: string };

/** Of each call and destination, the oldest delivery that is not settled: only it may be sent, so that none overtakes another. */
const heads = `
  SELECT MIN(position) FROM deliveries WHERE status IN ('queued', 'retrying') GROUP BY call_id, destination`;

/** Writes a delivery beside the event that causes it. A cause that is known already is left alone. */
export function addDelivery(
  sql: SqlStorage,
  delivery: {
    callId: string;
    destination: Destination;
    cause: string;
    type: string;
    body: string;
    eventMs: number;
    nowMs: number;
  },
): void {
  const id = crypto.randomUUID();
  sql.exec(
    `INSERT INTO deliveries (id, call_id, destination, cause, type, body, status, event_ms, created_ms, watch_ms)
     VALUES (?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?) ON CONFLICT (call_id, destination, cause) DO NOTHING`,
    id,
    delivery.callId,
    delivery.destination,
    delivery.cause,
    delivery.type,
    seal(sql, 'deliveries.body', { id, call_id: delivery.callId }, delivery.body),
    delivery.eventMs,
    delivery.nowMs,
    delivery.nowMs,
  );
}

/** Whether a destination has been told this of a call, or is to be. */
export function wasTold(
  sql: SqlStorage,
  { callId, destination, type }: { callId: string; destination: Destination; type: string },
): boolean {
  return (
    sql
      .exec(
        'SELECT 1 FROM deliveries WHERE call_id = ? AND destination = ? AND type = ? LIMIT 1',
        callId,
        destination,
        type,
      )
      .toArray().length > 0
  );
}

/**
 * Takes every delivery whose turn it is and of which nothing is under way; each gets a new ticket. If
 * the caller dies before it has queued them they are due again after `sendGraceMs`. Of a destination
 * that keeps failing only one is taken, to see how it fares.
 */
export function takeDue(sql: SqlStorage, nowMs: number): DueDelivery[] {
  const rows = sql
    .exec<{ id: string; destination: string }>(
      `SELECT id, destination FROM deliveries WHERE watch_ms <= ? AND position IN (${heads}) ORDER BY position`,
      nowMs,
    )
    .toArray();
  const due: DueDelivery[] = [];
  for (const { id, destination } of rows) {
    const health = healthOf(sql, destination);
    if (!mayGo(health, id, nowMs)) continue;
    if (needsProbe(health)) saveHealth(sql, destination, probing(health, id, nowMs + queueGraceMs));
    const { ticket } = sql
      .exec<{ ticket: number }>(
        'UPDATE deliveries SET ticket = ticket + 1, claimed_until_ms = 0, watch_ms = ? WHERE id = ? RETURNING ticket',
        nowMs + sendGraceMs,
        id,
      )
      .one();
    due.push({ deliveryId: id, ticket });
  }
  return due;
}

/** When the next delivery is due, if nothing is heard before. */
export function nextDueMs(sql: SqlStorage): number | null {
  return sql
    .exec<{ due: number | null }>(
      `SELECT MIN(MAX(watch_ms, COALESCE(wait_until_ms, 0))) AS due
       FROM deliveries LEFT JOIN destinations ON destinations.name = destination WHERE position IN (${heads})`,
    )
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

export interface Claimed {
  readonly callId: string;
  readonly destination: Destination;
  readonly body: string;
  readonly attempts: number;
}

/**
 * The content of a delivery, if this ticket may send it now. A queue can hand the same message to two
 * consumers: only the first gets it. One whose destination is to be left alone goes back to wait.
 */
export function claim(sql: SqlStorage, { deliveryId, ticket }: DueDelivery, nowMs: number): Claimed | null {
  const [row] = sql
    .exec<{ call_id: string; destination: Destination; body: Stored; attempts: number }>(
      `SELECT call_id, destination, body, attempts FROM deliveries
       WHERE id = ? AND ticket = ? AND status IN ('queued', 'retrying') AND claimed_until_ms <= ?`,
      deliveryId,
      ticket,
      nowMs,
    )
    .toArray();
  if (row === undefined) return null;
  if (!mayGo(healthOf(sql, row.destination), deliveryId, nowMs)) {
    sql.exec('UPDATE deliveries SET ticket = ticket + 1, watch_ms = ? WHERE id = ?', nowMs, deliveryId);
    return null;
  }
  const untilMs = nowMs + queueGraceMs;
  sql.exec('UPDATE deliveries SET watch_ms = ?, claimed_until_ms = ? WHERE id = ?', untilMs, untilMs, deliveryId);
  const { call_id: callId, destination, attempts } = row;
  return { callId, destination, attempts, body: openBody(sql, { id: deliveryId, call_id: callId, body: row.body }) };
}

export function openBody(
  sql: SqlStorage,
  { id, call_id, body }: { id: string; call_id: string; body: Stored },
): string {
  return open(sql, 'deliveries.body', { id, call_id }, body);
}

/**
 * Records how an attempt went. Results under an old ticket, or of a settled delivery, are void. Returns
 * whether the same message should be tried again.
 */
export function record(
  sql: SqlStorage,
  { deliveryId, ticket }: DueDelivery,
  given: DeliveryResult,
  attempted: boolean,
  { nowMs, openMs, random }: { nowMs: number; openMs: number; random: () => number },
): boolean {
  const [row] = sql
    .exec<{ call_id: string; destination: string; attempts: number }>(
      "SELECT call_id, destination, attempts FROM deliveries WHERE id = ? AND ticket = ? AND status IN ('queued', 'retrying')",
      deliveryId,
      ticket,
    )
    .toArray();
  if (row === undefined) return false;
  const attempts = row.attempts + (attempted ? 1 : 0);
  const result: DeliveryResult =
    given.outcome === 'retry' && attempts >= maxAttempts
      ? { outcome: 'dead', status: given.status, error: gaveUp(attempts, given.error) }
      : given;
  sql.exec(
    `UPDATE deliveries SET status = ?, attempts = ?, delivered_ms = ?, last_status = ?, last_error = ?, watch_ms = ?,
       claimed_until_ms = 0
     WHERE id = ?`,
    result.outcome === 'retry' ? 'retrying' : result.outcome,
    attempts,
    result.outcome === 'delivered' ? nowMs : null,
    result.status,
    result.outcome === 'delivered'
      ? null
      : seal(sql, 'deliveries.last_error', { id: deliveryId, call_id: row.call_id }, result.error.slice(0, 500)),
    result.outcome === 'retry' ? nowMs + result.delayS * 1_000 + queueGraceMs : nowMs,
    deliveryId,
  );
  releaseLinks(sql, deliveryId);
  if (result.outcome === 'dead') {
    const cause = `delivery ${deliveryId} ${ticket}`;
    const facts = { destination: row.destination };
    noteEvent(sql, { type: 'delivery.failed', cause, subject: deliveryId, facts, atMs: nowMs }, nowMs);
  }
  if (attempted) {
    const health = healthOf(sql, row.destination);
    const isBroken = given.outcome === 'retry' && given.concerns === 'crm';
    const { retryAfterS } = given.outcome === 'retry' ? given : { retryAfterS: null };
    saveHealth(
      sql,
      row.destination,
      isBroken ? afterFailure(health, deliveryId, nowMs, { retryAfterS, openMs, random }) : healthy,
    );
  }
  return result.outcome === 'retry';
}

/** The queue has given a delivery up. */
export function bury(sql: SqlStorage, due: DueDelivery, nowMs: number): void {
  const [row] = sql
    .exec<Pick<DeliveryRow, 'id' | 'call_id' | 'attempts' | 'last_status' | 'last_error'>>(
      'SELECT id, call_id, attempts, last_status, last_error FROM deliveries WHERE id = ?',
      due.deliveryId,
    )
    .toArray();
  if (row === undefined) return;
  const error = gaveUp(row.attempts, lastErrorOf(sql, row) ?? 'no attempt was finished');
  const clock = { nowMs, openMs: 0, random: () => 0 };
  record(sql, due, { outcome: 'dead', status: row.last_status, error }, false, clock);
}

const gaveUp = (attempts: number, last: string): string => `Gave up after ${attempts} attempts. Last: ${last}`;

/** Makes a settled or stuck delivery due again, with the same webhook id, and its attempts counted anew. */
export function replay(sql: SqlStorage, deliveryId: string, nowMs: number): Answer<Delivery> {
  const [row] = sql
    .exec<DeliveryRow>(
      `UPDATE deliveries SET status = 'queued', attempts = 0, ticket = ticket + 1, claimed_until_ms = 0, delivered_ms = NULL, watch_ms = ?
       WHERE id = ? RETURNING *`,
      nowMs,
      deliveryId,
    )
    .toArray();
  if (row === undefined) return fail(unknownDelivery);
  // Whoever replays has reason to believe that the destination is back.
  saveHealth(sql, row.destination, healthy);
  return succeed(toDelivery(sql, row));
}

export function readDelivery(sql: SqlStorage, id: string): Delivery | null {
  const [row] = sql.exec<DeliveryRow>('SELECT * FROM deliveries WHERE id = ?', id).toArray();
  return row === undefined ? null : toDelivery(sql, row);
}

export function deliveriesOfCall(sql: SqlStorage, callId: string): Delivery[] {
  return sql
    .exec<DeliveryRow>('SELECT * FROM deliveries WHERE call_id = ? ORDER BY position', callId)
    .toArray()
    .map((row) => toDelivery(sql, row));
}

function healthOf(sql: SqlStorage, destination: string): Health {
  const [row] = sql
    .exec<{ failures: number; wait_until_ms: number; probe_id: string | null }>(
      'SELECT failures, wait_until_ms, probe_id FROM destinations WHERE name = ?',
      destination,
    )
    .toArray();
  return row === undefined
    ? healthy
    : { failures: row.failures, waitUntilMs: row.wait_until_ms, probeId: row.probe_id };
}

function saveHealth(sql: SqlStorage, destination: string, { failures, waitUntilMs, probeId }: Health): void {
  sql.exec(
    'INSERT OR REPLACE INTO destinations (name, failures, wait_until_ms, probe_id) VALUES (?, ?, ?, ?)',
    destination,
    failures,
    waitUntilMs,
    probeId,
  );
}

function lastErrorOf(sql: SqlStorage, { id, call_id, last_error }: Pick<DeliveryRow, 'id' | 'call_id' | 'last_error'>) {
  return open(sql, 'deliveries.last_error', { id, call_id }, last_error);
}

export function toDelivery(sql: SqlStorage, row: DeliveryRow): Delivery {
  return {
    id: row.id,
    destination: row.destination,
    type: row.type,
    status: row.status,
    attempts: row.attempts,
    eventAtMs: row.event_ms,
    createdAtMs: row.created_ms,
    deliveredAtMs: row.delivered_ms,
    lastStatus: row.last_status,
    lastError: lastErrorOf(sql, row),
  };
}
