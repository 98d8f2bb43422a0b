import { openVault } from '../privacy/vault.ts';
import { initialiseConfig } from './config.ts';
import { openDataKey, type MasterKeys } from './data-key.ts';
import { indexStored } from './index-stored.ts';
import { migrations } from './migrations.ts';
import { replay } from './rebuild.ts';

/** Whether this business has ever been written to. */
export function hasStorage(sql: SqlStorage): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'").toArray().length > 0;
}

/** Projections came with this version; what was stored before it has to be read once for them. */
const projectionsSince = 7;
/** Sealed since this version; what was stored before it has to be indexed at once, and is sealed little by little. */
const vaultSince = 16;

/** The first tables of a business, and its key. */
export function createStorage(storage: DurableObjectStorage, business: string, keys: MasterKeys, nowMs: number): void {
  storage.transactionSync(() => {
    runMigrations(storage.sql, nowMs, migrations.length);
    const { sql } = storage;
    initialiseConfig(sql, business);
    sql.exec('DELETE FROM unsealed_tables');
    openVault(sql, openDataKey(sql, keys));
    indexStored(sql);
  });
}

/**
 * Opens the storage with its key, and runs each migration that has not run yet, in order; all of them or none.
 */
export function migrate(storage: DurableObjectStorage, keys: MasterKeys, nowMs: number): void {
  storage.transactionSync(() => {
    const { sql } = storage;
    const done = runMigrations(sql, nowMs, migrations.length);
    openVault(sql, openDataKey(sql, keys));
    if (done < vaultSince) indexStored(sql);
    if (done < projectionsSince) replay(sql);
  });
}

/** The tables of an older version, empty. For tests. */
export function createOlderStorage(storage: DurableObjectStorage, version: number): void {
  storage.transactionSync(() => void runMigrations(storage.sql, 0, version));
}

/** @returns how many had run before. */
function runMigrations(sql: SqlStorage, nowMs: number, version: number): number {
  sql.exec('CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, ran_ms INTEGER NOT NULL)');
  const { done } = sql.exec<{ done: number }>('SELECT COUNT(*) AS done FROM migrations').one();
  if (done > migrations.length) {
    throw new Error(
      `The storage is at version ${done}, this program knows ${migrations.length}. Deploy the newer one.`,
    );
  }
  migrations.slice(done, version).forEach((statements, index) => {
    sql.exec(statements);
    sql.exec('INSERT INTO migrations (version, ran_ms) VALUES (?, ?)', done + index + 1, nowMs);
  });
  return done;
}
