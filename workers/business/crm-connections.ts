import * as v from 'valibot';
import { CrmSettings } from '../crm/connection.ts';
import { crmKinds, type CrmKind } from '../crm/crm.ts';
import { Credentials } from '../crm/credentials.ts';
import { openText, sealText, type DataKey } from '../privacy/sealed.ts';
import { forgetLinks } from './crm-links.ts';

/** What staff may see of a connection: never its secrets. */
export interface ConnectionSummary {
  readonly kind: CrmKind;
  readonly changedAtMs: number;
  readonly settings: CrmSettings;
}

/** The CRMs that this business is connected to. */
export function connectedKinds(sql: SqlStorage): CrmKind[] {
  return sql
    .exec<{ kind: string }>('SELECT kind FROM crm_connections ORDER BY kind')
    .toArray()
    .flatMap(({ kind }) => crmKinds.filter((known) => known === kind));
}

export function listConnections(sql: SqlStorage): ConnectionSummary[] {
  return connectedKinds(sql).flatMap((kind) => {
    const row = rowOf(sql, kind);
    return row === null ? [] : [{ kind, changedAtMs: row.changed_ms, settings: row.settings }];
  });
}

/** The settings and, opened with the business's key, the credentials. */
export async function readConnection(
  sql: SqlStorage,
  kind: CrmKind,
  key: DataKey,
): Promise<{ settings: CrmSettings; credentials: Credentials } | null> {
  const row = rowOf(sql, kind);
  if (row === null) return null;
  const credentials = JSON.parse(await openText(key, purposeOf(kind), row.sealed_credentials));
  return { settings: row.settings, credentials: v.parse(Credentials, credentials) };
}

/** Seals credentials, to be saved. Another await would come between a check and its write. */
export async function sealCredentials(kind: CrmKind, credentials: Credentials, key: DataKey): Promise<string> {
  return sealText(key, purposeOf(kind), JSON.stringify(credentials));
}

export function saveConnection(
  sql: SqlStorage,
  kind: CrmKind,
  { settings, sealedCredentials, nowMs }: { settings: CrmSettings; sealedCredentials: string; nowMs: number },
): void {
  sql.exec(
    'INSERT OR REPLACE INTO crm_connections (kind, settings, sealed_credentials, changed_ms) VALUES (?, ?, ?, ?)',
    kind,
    JSON.stringify(settings),
    sealedCredentials,
    nowMs,
  );
}

/** Credentials that the CRM renewed. Of a connection that is gone by now nothing is kept. */
export function renewCredentials(sql: SqlStorage, kind: CrmKind, sealedCredentials: string): void {
  sql.exec('UPDATE crm_connections SET sealed_credentials = ? WHERE kind = ?', sealedCredentials, kind);
}

/** Forgets the connection, and what things are called there. Whether there was one. */
export function removeConnection(sql: SqlStorage, kind: CrmKind): boolean {
  forgetLinks(sql, kind);
  return sql.exec('DELETE FROM crm_connections WHERE kind = ? RETURNING kind', kind).toArray().length > 0;
}

const purposeOf = (kind: CrmKind): string => `crm ${kind}`;

function rowOf(
  sql: SqlStorage,
  kind: CrmKind,
): { settings: CrmSettings; sealed_credentials: string; changed_ms: number } | null {
  const [row] = sql
    .exec<{ settings: string; sealed_credentials: string; changed_ms: number }>(
      'SELECT settings, sealed_credentials, changed_ms FROM crm_connections WHERE kind = ?',
      kind,
    )
    .toArray();
  return row === undefined ? null : { ...row, settings: v.parse(CrmSettings, JSON.parse(row.settings)) };
}
