import type { Delivery } from '../../contract/call-record.ts';
import type { DeliveryDetail, DeliveryList, DestinationHealth, ListedDelivery } from '../../contract/delivery.ts';
import { fail, succeed, type Answer } from '../answer.ts';
import type { Stored } from '../privacy/sealed-columns.ts';
import { appointmentChanged } from '../crm/appointment-message.ts';
import { openBody, toDelivery, type DeliveryRow } from './deliveries.ts';
import { unknownDelivery } from './faults.ts';

export interface DeliveryFilter {
  readonly status: Delivery['status'] | null;
  readonly destination: string | null;
  readonly limit: number;
}

const lagSample = 1_000;

/** The newest deliveries, and how their destinations are doing. */
export function listDeliveries(
  sql: SqlStorage,
  { status, destination, limit }: DeliveryFilter,
  nowMs: number,
): DeliveryList {
  const rows = sql
    .exec<DeliveryRow>(
      `SELECT * FROM deliveries WHERE (?1 IS NULL OR status = ?1) AND (?2 IS NULL OR destination = ?2)
       ORDER BY position DESC LIMIT ?3`,
      status,
      destination,
      limit,
    )
    .toArray();
  return { deliveries: rows.map((row) => toListed(sql, row)), destinations: healthOfAll(sql, nowMs) };
}

export function detailOfDelivery(sql: SqlStorage, id: string): Answer<DeliveryDetail> {
  const [row] = sql.exec<DeliveryRow & { body: Stored }>('SELECT * FROM deliveries WHERE id = ?', id).toArray();
  if (row === undefined) return fail(unknownDelivery);
  const message: unknown = JSON.parse(openBody(sql, row));
  return succeed({ ...toListed(sql, row), message });
}

const toListed = (sql: SqlStorage, row: DeliveryRow): ListedDelivery => ({
  ...toDelivery(sql, row),
  ...(row.type === appointmentChanged ? { callId: null, appointmentId: row.call_id } : { callId: row.call_id }),
});

function healthOfAll(sql: SqlStorage, nowMs: number): DestinationHealth[] {
  return sql
    .exec<{
      destination: string;
      failures: number | null;
      wait_until_ms: number | null;
      queued: number;
      retrying: number;
      dead: number;
    }>(
      `SELECT destination, MAX(failures) AS failures, MAX(wait_until_ms) AS wait_until_ms,
         SUM(status = 'queued') AS queued, SUM(status = 'retrying') AS retrying, SUM(status = 'dead') AS dead
       FROM deliveries LEFT JOIN destinations ON name = destination GROUP BY destination ORDER BY destination`,
    )
    .toArray()
    .map(({ destination, failures, wait_until_ms: waitUntilMs, queued, retrying, dead }) => ({
      destination,
      failures: failures ?? 0,
      waitUntilMs: waitUntilMs !== null && waitUntilMs > nowMs ? waitUntilMs : null,
      queued,
      retrying,
      dead,
      lag: lagOf(sql, destination),
    }));
}

function lagOf(sql: SqlStorage, destination: string): DestinationHealth['lag'] {
  // The media node's clock may be ahead of ours.
  const lagsMs = sql
    .exec<{ lag_ms: number }>(
      `SELECT MAX(0, delivered_ms - event_ms) AS lag_ms FROM deliveries
       WHERE status = 'delivered' AND destination = ? ORDER BY position DESC LIMIT ?`,
      destination,
      lagSample,
    )
    .toArray()
    .map(({ lag_ms: ms }) => ms)
    .sort((a, b) => a - b);
  if (lagsMs.length === 0) return null;
  const at = (share: number): number => lagsMs[Math.min(lagsMs.length - 1, Math.ceil(lagsMs.length * share) - 1)] ?? 0;
  return { count: lagsMs.length, p50Ms: at(0.5), p95Ms: at(0.95), maxMs: lagsMs.at(-1) ?? 0 };
}
