import { vaultOf } from './vault.ts';

const keyOf = (sql: SqlStorage, source: string, remoteId: string): string =>
  vaultOf(sql).index(`${source} ${remoteId}`);

/** What a person's numbers are looked up by. */
export interface NumberKeys {
  readonly phoneKey: string | null;
  readonly mobileKey: string | null;
}

/** Somebody was erased here whom another system may still have. */
export function markRemovedPerson(
  sql: SqlStorage,
  source: string,
  remoteId: string,
  { phoneKey, mobileKey }: NumberKeys,
): void {
  sql.exec(
    `INSERT INTO removed_people (person_key, phone_key, mobile_key) VALUES (?, ?, ?)
     ON CONFLICT (person_key) DO UPDATE SET
       phone_key = COALESCE(excluded.phone_key, phone_key), mobile_key = COALESCE(excluded.mobile_key, mobile_key)`,
    keyOf(sql, source, remoteId),
    phoneKey,
    mobileKey,
  );
}

/** What another system says of such a person is not taken over, but that they are not to be called. */
export function removedPerson(sql: SqlStorage, source: string, remoteId: string): NumberKeys | null {
  const [row] = sql
    .exec<{ phone_key: string | null; mobile_key: string | null }>(
      'SELECT phone_key, mobile_key FROM removed_people WHERE person_key = ?',
      keyOf(sql, source, remoteId),
    )
    .toArray();
  return row === undefined ? null : { phoneKey: row.phone_key, mobileKey: row.mobile_key };
}
