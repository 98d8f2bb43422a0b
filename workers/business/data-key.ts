import { SealError } from '../privacy/seal-error.ts';
import {
  makeDataKey,
  readMasterKey,
  unwrapDataKey,
  wrapDataKey,
  wrapperOf,
  type DataKey,
  type MasterKey,
} from '../privacy/sealed.ts';
import { businessId } from './config.ts';

/** The deployment's master key, and while it is being replaced the one before. */
export interface MasterKeys {
  readonly present: MasterKey;
  readonly former: MasterKey | null;
}

export function masterKeys(present: string, former: string | undefined): MasterKeys {
  return { present: readMasterKey(present), former: former === undefined ? null : readMasterKey(former) };
}

/**
 * The key of this business, made at its first use. One that the former master key wrapped is wrapped by the present one from
 * now on: what it sealed stays as it is.
 */
export function openDataKey(sql: SqlStorage, { present, former }: MasterKeys): DataKey {
  const business = businessId(sql);
  const kept = wrappedKey(sql);
  if (kept === null) {
    const { key, wrapped } = makeDataKey(present, business);
    keep(sql, wrapped);
    return key;
  }
  const wrapper = wrapperOf(kept);
  if (wrapper === former?.id) {
    const key = unwrapDataKey(former, business, kept);
    keep(sql, wrapDataKey(present, business, key));
    return key;
  }
  if (wrapper !== present.id) throw new SealError(wrongMasterKey(wrapper, present.id));
  return unwrapDataKey(present, business, kept);
}

/** Sealed with the master key; null before its first use. */
export function wrappedKey(sql: SqlStorage): string | null {
  return sql.exec<{ data_key: string | null }>('SELECT data_key FROM config').one().data_key;
}

function keep(sql: SqlStorage, wrapped: string): void {
  sql.exec('UPDATE config SET data_key = ?', wrapped);
}

const wrongMasterKey = (wrapper: string, present: string): string =>
  `This business's data was sealed under master key ${wrapper}, and MASTER_KEY is ${present}. Set MASTER_KEY to the former, or MASTER_KEY_BEFORE while it is replaced.`;

/** The key of this business's secrets, for those who seal with it. Held in memory while the object lives. */
export class BusinessKey {
  readonly #sql: SqlStorage;
  readonly #masterKeys: () => MasterKeys;
  #held: DataKey | null = null;

  constructor(sql: SqlStorage, masterKeys: () => MasterKeys) {
    this.#sql = sql;
    this.#masterKeys = masterKeys;
  }

  /** Not before the business is set up. Throws `SealError` where it was sealed under another master key. */
  get(): DataKey {
    this.#held ??= openDataKey(this.#sql, this.#masterKeys());
    return this.#held;
  }
}
