import type { CallEvent } from '../../../contract/call-event.ts';
import { calledNumber, type CallTarget } from '../../../contract/call-target.ts';
import type { Disposition, OutboundRules } from '../../../contract/outbound.ts';
import { noProjection } from '../../business/call-projection.ts';
import { indexed, seal } from '../../privacy/vault.ts';
import { findOrder } from './orders.ts';

const minuteMs = 60_000;

/** Nobody had to do with the call: it may be tried again sooner than one that rang. */
const failedAgainMs = minuteMs;
/** No media node took it. */
const troubleAgainMs = 15_000;

export interface NewAttempt {
  readonly orderId: string;
  readonly callId: string;
  readonly to: CallTarget;
  readonly node: string;
  readonly playbook: string;
  readonly nowMs: number;
}

/** The dial and the call that it becomes: whatever happens to the node, there is a record. */
export function beginAttempt(sql: SqlStorage, { orderId, callId, to, node, playbook, nowMs }: NewAttempt): void {
  sql.exec(
    'INSERT INTO call_attempts (call_id, order_id, number_key, node, start_ms) VALUES (?, ?, ?, ?, ?)',
    callId,
    orderId,
    indexed(sql, calledNumber(to)),
    node,
    nowMs,
  );
  sql.exec(
    "INSERT INTO calls (call_id, door, mode, playbook, node, start_ms, projection) VALUES (?, 'phone', 'voice', ?, ?, ?, ?)",
    callId,
    playbook,
    node,
    nowMs,
    noProjection,
  );
  sql.exec("UPDATE call_orders SET status = 'dialling', next_ms = NULL, trouble = NULL WHERE id = ?", orderId);
}

/** The node did not take it: nothing was dialled, so it counts as nothing. */
export function withdrawAttempt(sql: SqlStorage, callId: string, trouble: string, nowMs: number): void {
  const [attempt] = sql
    .exec<{ order_id: string }>('DELETE FROM call_attempts WHERE call_id = ? RETURNING order_id', callId)
    .toArray();
  if (attempt === undefined) return;
  sql.exec('DELETE FROM calls WHERE call_id = ? AND last_seen_ms IS NULL', callId);
  sql.exec(
    "UPDATE call_orders SET status = 'waiting', next_ms = ?, trouble = ? WHERE id = ? AND status = 'dialling'",
    nowMs + troubleAgainMs,
    seal(sql, 'call_orders.trouble', { id: attempt.order_id }, trouble),
    attempt.order_id,
  );
}

/** Runs inside the transaction that stores the event. */
export function trackDisposition(sql: SqlStorage, callId: string, { fact }: CallEvent): void {
  if (fact.type !== 'disposition') return;
  const { disposition, dialled, retryAfterS } = fact;
  sql.exec(
    'UPDATE call_attempts SET disposition = ?, dialled = ?, wait_s = ? WHERE call_id = ?',
    disposition,
    dialled === false ? 0 : 1,
    retryAfterS ?? 0,
    callId,
  );
}

/**
 * Settles each attempt whose call is over, by its own word or by its node's silence: the order is done, or waits for
 * the next attempt.
 */
export function settleAttempts(sql: SqlStorage, rules: OutboundRules, nowMs: number): void {
  const over = sql
    .exec<{ call_id: string; order_id: string; disposition: Disposition | null; wait_s: number; over_ms: number }>(
      `SELECT a.call_id, order_id, disposition, wait_s, COALESCE(c.end_ms, c.closed_ms) AS over_ms
       FROM call_attempts a JOIN calls c USING (call_id)
       WHERE a.end_ms IS NULL AND (c.end_ms IS NOT NULL OR c.closed_ms IS NOT NULL)`,
    )
    .toArray();
  for (const { call_id: callId, order_id: orderId, disposition: told, wait_s: waitS, over_ms: overMs } of over) {
    // A node that fell silent before it knew, or in mid-call.
    const disposition = told ?? 'failed';
    sql.exec('UPDATE call_attempts SET end_ms = ?, disposition = ? WHERE call_id = ?', overMs, disposition, callId);
    const againMs = againAfterMs(disposition, rules);
    const { dials } = sql
      .exec<{ dials: number }>(
        'SELECT COUNT(*) AS dials FROM call_attempts WHERE order_id = ? AND dialled = 1',
        orderId,
      )
      .one();
    const nextMs = againMs === null || dials >= rules.attempts ? null : nowMs + Math.max(againMs, 1_000 * waitS);
    const untilMs = findOrder(sql, 'id', orderId)?.until_ms ?? 0;
    const again = nextMs !== null && nextMs <= untilMs;
    sql.exec(
      "UPDATE call_orders SET disposition = ?, status = ?, next_ms = ? WHERE id = ? AND status = 'dialling'",
      disposition,
      again ? 'waiting' : 'done',
      again ? nextMs : null,
      orderId,
    );
  }
}

/** Null: it stands as it is. Who declined, or has our message, is left alone. */
function againAfterMs(disposition: Disposition, { spacingMin }: OutboundRules): number | null {
  switch (disposition) {
    case 'no-answer':
    case 'busy':
      return spacingMin * minuteMs;
    case 'failed':
      return failedAgainMs;
    case 'answered':
    case 'voicemail-left':
    case 'rejected':
    case 'screened':
    case 'invalid-number':
      return null;
    default:
      return disposition satisfies never;
  }
}
