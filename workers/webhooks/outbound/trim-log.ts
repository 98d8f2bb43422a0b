const keptMs = 30 * 86_400_000;
const maxDeliveries = 20_000;

/** More than can be added between two times that the log is trimmed. */
const atOnce = 50;

/** Forgets the oldest of what is settled: after a month, or where there are too many. Runs inside a transaction. */
export function trimLog(sql: SqlStorage, nowMs: number): void {
  const gone = sql
    .exec<{ id: string; event_id: string }>(
      `DELETE FROM webhook_deliveries
       WHERE position IN (SELECT position FROM webhook_deliveries ORDER BY position LIMIT ${atOnce})
         AND settled_ms IS NOT NULL
         AND (settled_ms < ? OR position <= (SELECT MAX(position) FROM webhook_deliveries) - ${maxDeliveries})
       RETURNING id, event_id`,
      nowMs - keptMs,
    )
    .toArray();
  forget(sql, gone);
}

/** Forgets what a removed endpoint was told. */
export function forgetDeliveriesOf(sql: SqlStorage, endpointId: string): void {
  forget(
    sql,
    sql
      .exec<{ id: string; event_id: string }>(
        'DELETE FROM webhook_deliveries WHERE endpoint_id = ? RETURNING id, event_id',
        endpointId,
      )
      .toArray(),
  );
}

function forget(sql: SqlStorage, gone: readonly { id: string; event_id: string }[]): void {
  for (const { id, event_id: eventId } of gone) {
    sql.exec('DELETE FROM webhook_attempts WHERE delivery_id = ?', id);
    sql.exec(
      'DELETE FROM webhook_events WHERE id = ? AND NOT EXISTS (SELECT 1 FROM webhook_deliveries WHERE event_id = ?)',
      eventId,
      eventId,
    );
  }
}
