import type {
  CallAttempt,
  CallOrder,
  CallOrderRequest,
  CallRefusal,
  Disposition,
  OutboundRules,
} from '../../../contract/outbound.ts';
import { calledNumber } from '../../../contract/call-target.ts';
import type { Stored } from '../../privacy/sealed-columns.ts';
import { indexed, open, seal } from '../../privacy/vault.ts';

export interface OrderRow extends Record<string, SqlStorageValue> {
  id: string;
  idempotency_key: string;
  request: Stored;
  number_key: string;
  status: CallOrder['status'];
  created_ms: number;
  until_ms: number;
  /** Null unless it waits. */
  next_ms: number | null;
  disposition: Disposition | null;
  refusal: Stored | null;
  trouble: Stored | null;
}

interface AttemptRow extends Record<string, SqlStorageValue> {
  call_id: string;
  node: string;
  start_ms: number;
  end_ms: number | null;
  disposition: Disposition | null;
}

const listLimit = 200;

export interface NewOrder {
  readonly id: string;
  readonly idempotencyKey: string;
  readonly request: CallOrderRequest;
  readonly nowMs: number;
  readonly untilMs: number;
  readonly nextMs: number;
}

export function addOrder(sql: SqlStorage, order: NewOrder): void {
  sql.exec(
    `INSERT INTO call_orders (id, idempotency_key, request, number_key, status, created_ms, until_ms, next_ms)
     VALUES (?, ?, ?, ?, 'waiting', ?, ?, ?)`,
    order.id,
    indexed(sql, order.idempotencyKey),
    seal(sql, 'call_orders.request', { id: order.id }, JSON.stringify(order.request)),
    indexed(sql, calledNumber(order.request.to)),
    order.nowMs,
    order.untilMs,
    order.nextMs,
  );
}

/** As it was ordered, word for word. */
export const requestText = (sql: SqlStorage, { id, request }: Pick<OrderRow, 'id' | 'request'>): string =>
  open(sql, 'call_orders.request', { id }, request);

export const requestOf = (sql: SqlStorage, row: Pick<OrderRow, 'id' | 'request'>): CallOrderRequest => {
  const request: CallOrderRequest = JSON.parse(requestText(sql, row));
  return request;
};

/** Whom a call was placed to, by number where there is one; undefined for one that we did not place. */
export function dialledNumber(sql: SqlStorage, callId: string): string | undefined {
  const [order] = sql
    .exec<Pick<OrderRow, 'id' | 'request'>>(
      'SELECT id, request FROM call_orders WHERE id = (SELECT order_id FROM call_attempts WHERE call_id = ?)',
      callId,
    )
    .toArray();
  return order === undefined ? undefined : calledNumber(requestOf(sql, order).to);
}

export function findOrder(sql: SqlStorage, by: 'id' | 'idempotency_key', value: string): OrderRow | null {
  const wanted = by === 'id' ? value : indexed(sql, value);
  return sql.exec<OrderRow>(`SELECT * FROM call_orders WHERE ${by} = ?`, wanted).toArray()[0] ?? null;
}

/** Newest first. */
export function listOrders(sql: SqlStorage, status: CallOrder['status'] | undefined): CallOrder[] {
  return sql
    .exec<OrderRow>(
      'SELECT * FROM call_orders WHERE status = ? OR ? IS NULL ORDER BY created_ms DESC, id LIMIT ?',
      status ?? null,
      status ?? null,
      listLimit,
    )
    .toArray()
    .map((row) => toOrder(sql, row));
}

export function toOrder(sql: SqlStorage, row: OrderRow): CallOrder {
  const { id } = row;
  const refused = open(sql, 'call_orders.refusal', { id }, row.refusal);
  const refusal: CallRefusal | null = refused === null ? null : JSON.parse(refused);
  return {
    id: row.id,
    request: requestOf(sql, row),
    status: row.status,
    createdAtMs: row.created_ms,
    nextAttemptMs: row.next_ms,
    attempts: attemptsOf(sql, row.id),
    disposition: row.disposition,
    refusal,
    trouble: open(sql, 'call_orders.trouble', { id }, row.trouble),
  };
}

function attemptsOf(sql: SqlStorage, orderId: string): CallAttempt[] {
  return sql
    .exec<AttemptRow>(
      'SELECT call_id, node, start_ms, end_ms, disposition FROM call_attempts WHERE order_id = ? ORDER BY start_ms, call_id',
      orderId,
    )
    .toArray()
    .map((row) => ({
      callId: row.call_id,
      node: row.node,
      startMs: row.start_ms,
      endMs: row.end_ms,
      disposition: row.disposition,
    }));
}

/** Orders whose time has come, in the order in which it came. */
export function dueOrders(sql: SqlStorage, nowMs: number): OrderRow[] {
  return sql
    .exec<OrderRow>(
      "SELECT * FROM call_orders WHERE status = 'waiting' AND next_ms <= ? ORDER BY next_ms, created_ms, id LIMIT ?",
      nowMs,
      listLimit,
    )
    .toArray();
}

/** When the next order is due; null also while no more calls may be made at the same time: the end of one asks again. */
export function nextOrderMs(sql: SqlStorage, { concurrent }: Pick<OutboundRules, 'concurrent'>): number | null {
  if (openCalls(sql) >= concurrent) return null;
  return sql.exec<{ due: number | null }>("SELECT MIN(next_ms) AS due FROM call_orders WHERE status = 'waiting'").one()
    .due;
}

export function openCalls(sql: SqlStorage): number {
  return sql.exec<{ open: number }>('SELECT COUNT(*) AS open FROM call_attempts WHERE end_ms IS NULL').one().open;
}

export function postpone(sql: SqlStorage, id: string, nextMs: number): void {
  sql.exec("UPDATE call_orders SET next_ms = ? WHERE id = ? AND status = 'waiting'", nextMs, id);
}

/** An order that will not be dialled (any more). */
export function refuse(sql: SqlStorage, id: string, refusal: CallRefusal): void {
  sql.exec(
    "UPDATE call_orders SET status = 'refused', next_ms = NULL, refusal = ? WHERE id = ?",
    seal(sql, 'call_orders.refusal', { id }, JSON.stringify(refusal)),
    id,
  );
}

export const doNotCallRefusal: CallRefusal = {
  rule: 'do-not-call',
  message: 'This number is on the do-not-call list.',
  allowedFromMs: null,
};

/** Refuses what waits for a number that is not to be called any more. */
export function refuseWaiting(sql: SqlStorage, numberKey: string): void {
  const waiting = sql
    .exec<{ id: string }>("SELECT id FROM call_orders WHERE number_key = ? AND status = 'waiting'", numberKey)
    .toArray();
  for (const { id } of waiting) refuse(sql, id, doNotCallRefusal);
}

/** Takes an order back. @returns the call that rings or is talked in meanwhile, and its node. */
export function cancelOrder(sql: SqlStorage, id: string): { callId: string; node: string } | null {
  sql.exec(
    "UPDATE call_orders SET status = 'cancelled', next_ms = NULL WHERE id = ? AND status IN ('waiting', 'dialling')",
    id,
  );
  const [open] = sql
    .exec<{ call_id: string; node: string }>(
      'SELECT call_id, node FROM call_attempts WHERE order_id = ? AND end_ms IS NULL',
      id,
    )
    .toArray();
  return open === undefined ? null : { callId: open.call_id, node: open.node };
}
