import type { CrmObject } from '../crm/crm.ts';
import type { Begun } from '../crm/memory.ts';
import { indexed } from '../privacy/vault.ts';
import { queueGraceMs } from './grace.ts';

interface LinkRow extends Record<string, SqlStorageValue> {
  key: string;
  remote_id: string | null;
  tried_ms: number | null;
  fingerprint: string | null;
  holder: string | null;
  held_until_ms: number;
}

/** What one delivery asks of a business's memory. */
export interface LinkQuery {
  readonly destination: string;
  readonly object: CrmObject;
  /** The most telling one first: of a contact the address, then the number. */
  readonly keys: readonly string[];
}

/** An address or a number is kept as what stands for it; a call's id as it is. */
export const linkKey = (sql: SqlStorage, key: string): string => {
  const [, kind, value] = /^(email:|phone:)(.*)$/s.exec(key) ?? [];
  return kind === undefined || value === undefined ? key : kind + indexed(sql, value);
};

const sealedQuery = (sql: SqlStorage, query: LinkQuery): LinkQuery => ({
  ...query,
  keys: query.keys.map((key) => linkKey(sql, key)),
});

/** The id in the CRM of what one of these keys stands for. */
export function recallLink(sql: SqlStorage, query: LinkQuery): string | null {
  return known(sql, sealedQuery(sql, query))?.remote_id ?? null;
}

/** Notes that a write begins. While one delivery makes a contact no other may, or there would be two. */
export function beginLink(
  sql: SqlStorage,
  asked: LinkQuery,
  { fingerprint, holder, nowMs }: { fingerprint: string | null; holder: string; nowMs: number },
): Begun {
  const query = sealedQuery(sql, asked);
  const link = known(sql, query);
  const knownId = link?.remote_id ?? null;
  if (knownId !== null) {
    if (fingerprint !== null && link?.fingerprint === fingerprint) return { status: 'done', id: knownId };
    return { status: 'go', past: { knownId, triedMs: null } };
  }
  const begun = rowsOf(sql, query).filter(({ remote_id: id }) => id === null);
  if (begun.some((row) => row.holder !== null && row.holder !== holder && row.held_until_ms > nowMs)) {
    return { status: 'held' };
  }
  const triedMs = begun.reduce<number | null>(
    (first, { tried_ms: ms }) => (ms === null || (first !== null && first <= ms) ? first : ms),
    null,
  );
  for (const key of query.keys) {
    sql.exec(
      `INSERT INTO crm_links (destination, object, key, tried_ms, holder, held_until_ms) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (destination, object, key) DO UPDATE SET holder = excluded.holder, held_until_ms = excluded.held_until_ms
       WHERE remote_id IS NULL`,
      query.destination,
      query.object,
      key,
      triedMs ?? nowMs,
      holder,
      nowMs + queueGraceMs,
    );
  }
  return { status: 'go', past: { knownId: null, triedMs } };
}

/** Notes what the CRM calls it. The keys that are new to it lead to it from now on. */
export function endLink(sql: SqlStorage, asked: LinkQuery, id: string, fingerprint: string | null): void {
  const query = sealedQuery(sql, asked);
  for (const key of query.keys) {
    sql.exec(
      `INSERT OR REPLACE INTO crm_links (destination, object, key, remote_id, fingerprint) VALUES (?, ?, ?, ?, ?)`,
      query.destination,
      query.object,
      key,
      id,
      fingerprint,
    );
  }
}

/** A delivery has finished its attempt and holds nothing any more. */
export function releaseLinks(sql: SqlStorage, holder: string): void {
  sql.exec('UPDATE crm_links SET holder = NULL, held_until_ms = 0 WHERE holder = ?', holder);
}

/** A CRM was disconnected: what another account of the same kind calls things is not known. */
export function forgetLinks(sql: SqlStorage, destination: string): void {
  sql.exec('DELETE FROM crm_links WHERE destination = ?', destination);
}

/**
 * The first key that leads somewhere. A number that leads to somebody with another address does not lead
 * to this person: families and offices share telephones.
 */
function known(sql: SqlStorage, query: LinkQuery): LinkRow | undefined {
  const rows = rowsOf(sql, query);
  const hasEmail = query.keys.some((key) => key.startsWith('email:'));
  return query.keys
    .flatMap((key) => rows.filter((row) => row.key === key && row.remote_id !== null))
    .find(({ key, remote_id: id }) => !(hasEmail && key.startsWith('phone:')) || !hasOwnEmail(sql, query, id));
}

function hasOwnEmail(sql: SqlStorage, { destination, object }: LinkQuery, id: string | null): boolean {
  const found = sql.exec(
    "SELECT 1 FROM crm_links WHERE destination = ? AND object = ? AND remote_id = ? AND key LIKE 'email:%' LIMIT 1",
    destination,
    object,
    id,
  );
  return found.toArray().length > 0;
}

function rowsOf(sql: SqlStorage, { destination, object, keys }: LinkQuery): LinkRow[] {
  return keys.flatMap((key) =>
    sql
      .exec<LinkRow>(
        'SELECT * FROM crm_links WHERE destination = ? AND object = ? AND key = ?',
        destination,
        object,
        key,
      )
      .toArray(),
  );
}
