import { vaultOf } from './vault.ts';

const keyOf = (sql: SqlStorage, source: string, remoteId: string): string =>
  vaultOf(sql).index(`${source} ${remoteId}`);

/** Somebody was erased here whom another system may still have. @param phoneKey what their number is looked up by. */
export function markRemovedPerson(sql: SqlStorage, source: string, remoteId: string, phoneKey: string | null): void {
  sql.exec(
    `INSERT INTO removed_people (person_key, phone_key) VALUES (?, ?)
     ON CONFLICT (person_key) DO UPDATE SET phone_key = COALESCE(excluded.phone_key, phone_key)`,
    keyOf(sql, source, remoteId),
    phoneKey,
  );
}

/** What another system says of such a person is not taken over, but that they are not to be called. */
export function removedPerson(sql: SqlStorage, source: string, remoteId: string): { phoneKey: string | null } | null {
  const [row] = sql
    .exec<{ phone_key: string | null }>(
      'SELECT phone_key FROM removed_people WHERE person_key = ?',
      keyOf(sql, source, remoteId),
    )
    .toArray();
  return row === undefined ? null : { phoneKey: row.phone_key };
}
