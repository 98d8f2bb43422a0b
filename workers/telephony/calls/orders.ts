import type {
  CallAttempt,
  CallOrder,
  CallOrderRequest,
  CallRefusal,
  Disposition,
  OutboundRules,
} from '../../../contract/outbound.ts';

export interface OrderRow extends Record<string, SqlStorageValue> {
  id: string;
  idempotency_key: string;
  request: string;
  number: string;
  status: CallOrder['status'];
  created_ms: number;
  until_ms: number;
  /** Null unless it waits. */
  next_ms: number | null;
  disposition: Disposition | null;
  refusal: string | null;
  trouble: string | null;
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
    `INSERT INTO call_orders (id, idempotency_key, request, number, status, created_ms, until_ms, next_ms)
     VALUES (?, ?, ?, ?, 'waiting', ?, ?, ?)`,
    order.id,
    order.idempotencyKey,
    JSON.stringify(order.request),
    order.request.to,
    order.nowMs,
    order.untilMs,
    order.nextMs,
  );
}

export const requestOf = (row: OrderRow): CallOrderRequest => {
  const request: CallOrderRequest = JSON.parse(row.request);
  return request;
};

export function findOrder(sql: SqlStorage, by: 'id' | 'idempotency_key', value: string): OrderRow | null {
  return sql.exec<OrderRow>(`SELECT * FROM call_orders WHERE ${by} = ?`, value).toArray()[0] ?? null;
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
  const refusal: CallRefusal | null = row.refusal === null ? null : JSON.parse(row.refusal);
  return {
    id: row.id,
    request: requestOf(row),
    status: row.status,
    createdAtMs: row.created_ms,
    nextAttemptMs: row.next_ms,
    attempts: attemptsOf(sql, row.id),
    disposition: row.disposition,
    refusal,
    trouble: row.trouble,
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
    JSON.stringify(refusal),
    id,
  );
}

export const doNotCallRefusal: CallRefusal = {
  rule: 'do-not-call',
  message: 'This number is on the do-not-call list.',
  allowedFromMs: null,
};

/** Refuses what waits for a number that is not to be called any more. */
export function refuseWaiting(sql: SqlStorage, number: string): void {
  sql.exec(
    "UPDATE call_orders SET status = 'refused', next_ms = NULL, refusal = ? WHERE number = ? AND status = 'waiting'",
    JSON.stringify(doNotCallRefusal),
    number,
  );
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
