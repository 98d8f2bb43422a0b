import { vaultOf } from './vault.ts';

const keyOf = (sql: SqlStorage, source: string, remoteId: string): string =>
  vaultOf(sql).index(`${source} ${remoteId}`);

/** Somebody was erased here whom another system may still have. */
export function markRemovedPerson(sql: SqlStorage, source: string, remoteId: string): void {
  sql.exec('INSERT OR IGNORE INTO removed_people (person_key) VALUES (?)', keyOf(sql, source, remoteId));
}

/** What another system says of such a person is not taken over. */
export function isRemovedPerson(sql: SqlStorage, source: string, remoteId: string): boolean {
  return (
    sql.exec('SELECT 1 FROM removed_people WHERE person_key = ?', keyOf(sql, source, remoteId)).toArray().length > 0
  );
}
