import { makeDataKey, readMasterKey, unwrapDataKey, type DataKey } from '../privacy/sealed.ts';

/**
 * The key of this business's secrets, made at its first use; null where the deployment has no master key.
 * Held in memory while the object lives.
 */
export class BusinessKey {
  readonly #sql: SqlStorage;
  #held: DataKey | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  async get(business: string, masterKey: string | undefined): Promise<DataKey | null> {
    if (this.#held !== null || masterKey === undefined) return this.#held;
    const master = await readMasterKey(masterKey);
    const kept = this.#wrapped;
    if (kept !== null) {
      this.#held = await unwrapDataKey(master, business, kept);
      return this.#held;
    }
    const { wrapped } = await makeDataKey(master, business);
    // Two that came at once have each made one: the first that is kept is used by both.
    this.#sql.exec('UPDATE config SET data_key = ? WHERE data_key IS NULL', wrapped);
    this.#held = await unwrapDataKey(master, business, this.#wrapped ?? wrapped);
    return this.#held;
  }

  get #wrapped(): string | null {
    return this.#sql.exec<{ data_key: string | null }>('SELECT data_key FROM config').one().data_key;
  }
}
