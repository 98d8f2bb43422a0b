import type { NewWebhookEndpoint, WebhookEndpoint, WebhookEndpointChange } from '../../../contract/webhook-endpoint.ts';
import { healthy, type Health } from '../../business/breaker.ts';
import { tellOwner } from '../../business/notices.ts';
import type { Stored } from '../../privacy/sealed-columns.ts';
import { open, seal } from '../../privacy/vault.ts';
import { noteEvent } from './events.ts';
import { forgetDeliveriesOf } from './trim-log.ts';

/** More than anybody has systems; each event costs a row for each. */
export const maxEndpoints = 20;

export interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly status: WebhookEndpoint['status'];
  readonly sealedSecret: string;
  readonly sealedFormerSecret: string | null;
  readonly formerUntilMs: number | null;
  readonly failingSinceMs: number | null;
  readonly health: Health;
}

interface EndpointRow extends Record<string, SqlStorageValue> {
  id: string;
  url: Stored;
  description: string;
  events: string;
  status: WebhookEndpoint['status'];
  reason: string | null;
  sealed_secret: string;
  sealed_former_secret: string | null;
  former_until_ms: number | null;
  created_ms: number;
  changed_ms: number;
  failing_since_ms: number | null;
  failures: number;
  wait_until_ms: number;
  probe_id: string | null;
}

export function addEndpoint(
  sql: SqlStorage,
  id: string,
  { url, events, description }: NewWebhookEndpoint,
  { sealedSecret, nowMs }: { sealedSecret: string; nowMs: number },
): void {
  sql.exec(
    `INSERT INTO webhook_endpoints (id, url, description, events, status, sealed_secret, created_ms, changed_ms)
     VALUES (?, ?, ?, ?, 'enabled', ?, ?, ?)`,
    id,
    sealUrl(sql, id, url),
    description,
    JSON.stringify(events),
    sealedSecret,
    nowMs,
    nowMs,
  );
}

/** It may hold a token of the owner's. */
const sealUrl = (sql: SqlStorage, id: string, url: string) => seal(sql, 'webhook_endpoints.url', { id }, url);
const openUrl = (sql: SqlStorage, { id, url }: Pick<EndpointRow, 'id' | 'url'>): string =>
  open(sql, 'webhook_endpoints.url', { id }, url);

export function countEndpoints(sql: SqlStorage): number {
  return sql.exec<{ n: number }>('SELECT COUNT(*) AS n FROM webhook_endpoints').one().n;
}

/** With its sealed secrets, for whoever is about to send. */
export function readEndpoint(sql: SqlStorage, id: string): Endpoint | null {
  const [row] = sql.exec<EndpointRow>('SELECT * FROM webhook_endpoints WHERE id = ?', id).toArray();
  if (row === undefined) return null;
  return {
    id,
    url: openUrl(sql, row),
    status: row.status,
    sealedSecret: row.sealed_secret,
    sealedFormerSecret: row.sealed_former_secret,
    formerUntilMs: row.former_until_ms,
    failingSinceMs: row.failing_since_ms,
    health: { failures: row.failures, waitUntilMs: row.wait_until_ms, probeId: row.probe_id },
  };
}

/** As staff see them: without secrets. All, or one. */
export function listEndpoints(sql: SqlStorage, nowMs: number, id: string | null = null): WebhookEndpoint[] {
  return sql
    .exec<EndpointRow & { waiting: number; failed: number }>(
      `SELECT e.*,
         (SELECT COUNT(*) FROM webhook_deliveries d WHERE endpoint_id = e.id AND d.status IN ('waiting', 'retrying')) AS waiting,
         (SELECT COUNT(*) FROM webhook_deliveries d WHERE endpoint_id = e.id AND d.status = 'failed') AS failed
       FROM webhook_endpoints e WHERE ?1 IS NULL OR id = ?1 ORDER BY created_ms, id`,
      id,
    )
    .toArray()
    .map((row) => ({
      id: row.id,
      url: openUrl(sql, row),
      description: row.description,
      events: JSON.parse(row.events),
      status: row.status,
      reason: row.reason,
      createdAtMs: row.created_ms,
      changedAtMs: row.changed_ms,
      failingSinceMs: row.failing_since_ms,
      waitUntilMs: row.wait_until_ms > nowMs ? row.wait_until_ms : null,
      formerSecretUntilMs: row.former_until_ms !== null && row.former_until_ms > nowMs ? row.former_until_ms : null,
      waiting: row.waiting,
      failed: row.failed,
    }));
}

/** Changes what staff name. Enabling, and another address, begin with a clean record; what waits for one that is disabled is given up. */
export function changeEndpoint(
  sql: SqlStorage,
  id: string,
  { url, events, description, enabled }: WebhookEndpointChange,
  nowMs: number,
): void {
  sql.exec(
    `UPDATE webhook_endpoints SET url = COALESCE(?, url), events = COALESCE(?, events),
       description = COALESCE(?, description), changed_ms = ? WHERE id = ?`,
    url === undefined ? null : sealUrl(sql, id, url),
    events === undefined ? null : JSON.stringify(events),
    description ?? null,
    nowMs,
    id,
  );
  if (url !== undefined || enabled === true) {
    saveHealth(sql, id, healthy, null);
    sendWaiting(sql, id, nowMs);
  }
  if (enabled === true) {
    sql.exec("UPDATE webhook_endpoints SET status = 'enabled', reason = NULL WHERE id = ?", id);
  } else if (enabled === false) disable(sql, id, { status: 'disabled', reason: 'Staff disabled it.' }, nowMs);
}

/** The new secret signs from now on, the former beside it until `formerUntilMs`. */
export function replaceSecret(
  sql: SqlStorage,
  id: string,
  { sealedSecret, formerUntilMs, nowMs }: { sealedSecret: string; formerUntilMs: number; nowMs: number },
): void {
  sql.exec(
    `UPDATE webhook_endpoints SET sealed_former_secret = sealed_secret, former_until_ms = ?, sealed_secret = ?, changed_ms = ?
     WHERE id = ?`,
    formerUntilMs,
    sealedSecret,
    nowMs,
    id,
  );
}

/** A secret whose time is over is not kept. */
export function dropFormerSecrets(sql: SqlStorage, nowMs: number): void {
  sql.exec(
    'UPDATE webhook_endpoints SET sealed_former_secret = NULL, former_until_ms = NULL WHERE former_until_ms <= ?',
    nowMs,
  );
}

/** Forgets an endpoint and its log. */
export function removeEndpoint(sql: SqlStorage, id: string): boolean {
  forgetDeliveriesOf(sql, id);
  return sql.exec('DELETE FROM webhook_endpoints WHERE id = ? RETURNING id', id).toArray().length > 0;
}

/** All that waits for it is due now, but for what is under way. */
export function sendWaiting(sql: SqlStorage, id: string, nowMs: number): void {
  sql.exec(
    `UPDATE webhook_deliveries SET due_ms = ?1 WHERE endpoint_id = ?2 AND status IN ('waiting', 'retrying')
       AND claimed_until_ms <= ?1 AND due_ms > ?1`,
    nowMs,
    id,
  );
}

export function saveHealth(
  sql: SqlStorage,
  id: string,
  { failures, waitUntilMs, probeId }: Health,
  failingSinceMs?: number | null,
): void {
  sql.exec(
    'UPDATE webhook_endpoints SET failures = ?, wait_until_ms = ?, probe_id = ? WHERE id = ?',
    failures,
    waitUntilMs,
    probeId,
    id,
  );
  if (failingSinceMs !== undefined) {
    sql.exec('UPDATE webhook_endpoints SET failing_since_ms = ? WHERE id = ?', failingSinceMs, id);
  }
}

/** Nothing reaches it: it is sent nothing any more, and the owner is told, here and by their other endpoints. */
export function disableFailed(
  sql: SqlStorage,
  { id, url, failingSinceMs }: Endpoint,
  reason: string,
  nowMs: number,
): void {
  disable(sql, id, { status: 'failed', reason }, nowMs);
  tellOwner(
    sql,
    {
      key: `webhook ${id} ${failingSinceMs ?? nowMs}`,
      kind: 'webhook-disabled',
      text: `The webhook to ${url} was disabled. ${reason} Mend it, enable it again, and replay what it missed (npm run webhooks).`,
    },
    nowMs,
  );
  noteEvent(
    sql,
    {
      type: 'webhook.disabled',
      cause: `webhook ${id} disabled ${nowMs}`,
      subject: id,
      facts: { reason },
      atMs: nowMs,
      butNot: id,
    },
    nowMs,
  );
}

function disable(
  sql: SqlStorage,
  id: string,
  { status, reason }: Pick<WebhookEndpoint, 'status' | 'reason'>,
  nowMs: number,
): void {
  sql.exec('UPDATE webhook_endpoints SET status = ?, reason = ? WHERE id = ?', status, reason, id);
  sql.exec(
    `UPDATE webhook_deliveries SET status = 'failed', settled_ms = ?, claimed_until_ms = 0
     WHERE endpoint_id = ? AND status IN ('waiting', 'retrying')`,
    nowMs,
    id,
  );
}
