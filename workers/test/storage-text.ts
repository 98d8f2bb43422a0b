import { runInDurableObject } from 'cloudflare:test';
import type { Business } from '../business/business.ts';

/** All that a business's storage holds, of each table and each column, as text; bytes as the characters they could be. */
export async function storageText(stub: DurableObjectStub<Business>): Promise<string> {
  return runInDurableObject(stub, (_: Business, { storage: { sql } }) => {
    const tables = sql.exec<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    );
    const values = tables
      .toArray()
      .flatMap(({ name }) => sql.exec(`SELECT * FROM "${name}"`).toArray())
      .flatMap((row) => Object.values(row));
    return values.map(textOf).join('\n').toLowerCase();
  });
}

function textOf(value: SqlStorageValue): string {
  return value instanceof ArrayBuffer ? new TextDecoder('latin1').decode(value) : String(value);
}
