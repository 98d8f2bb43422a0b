import type { Removal } from '../../contract/privacy.ts';
import { connectedKinds } from '../business/crm-connections.ts';
import type { CrmDesk, OpenConnection } from '../business/crm-desk.ts';
import { linkKey } from '../business/crm-links.ts';
import { tellOwner } from '../business/notices.ts';
import { crmKinds, type Crm, type CrmKind, type CrmObject } from '../crm/crm.ts';
import { CrmError } from '../crm/crm-error.ts';
import { changeMapping } from '../crm/mapping.ts';
import { vendors } from '../crm/vendors.ts';
import type { FoundPerson } from './find-person.ts';

const timeoutMs = 30_000;
type Outcome = Removal['crm'][number]['outcome'];
/** A contact goes last: with some vendors it takes the others with it. */
const order: readonly CrmObject[] = ['note', 'task', 'call', 'deal', 'contact'];
/** Of several objects in one CRM, what there is to say of it. */
const telling: readonly Outcome[] = ['waiting', 'for-the-owner', 'erased', 'nothing-there'];

interface CrmRow extends Record<string, SqlStorageValue> {
  /** Cal.com's are the owner's from the beginning: see plan-calcom-erasure.ts. */
  kind: CrmKind | 'calcom';
  object: CrmObject;
  remote_id: string;
  outcome: Outcome;
}

/** Writes down what we have of a person in each CRM, before what we know of it is forgotten. Runs inside a transaction. */
export function planCrmErasure(
  sql: SqlStorage,
  removalId: string,
  { keys, callIds, appointmentIds }: FoundPerson,
): void {
  const known = [
    ...callIds,
    ...appointmentIds,
    ...keys.flatMap((key) => ['email:', 'phone:'].map((kind) => linkKey(sql, kind + key))),
  ];
  for (const kind of connectedKinds(sql)) {
    const links = known.flatMap((key) =>
      sql
        .exec<{ object: string; remote_id: string }>(
          'SELECT object, remote_id FROM crm_links WHERE destination = ? AND key = ? AND remote_id IS NOT NULL',
          kind,
          key,
        )
        .toArray(),
    );
    // Nothing of ours is there; whether the owner has them there, only the owner can say.
    const rows = links.length > 0 ? links : [{ object: 'contact', remote_id: '' }];
    for (const { object, remote_id } of rows) {
      sql.exec(
        "INSERT OR IGNORE INTO removal_crm (removal_id, kind, object, remote_id, outcome) VALUES (?, ?, ?, ?, 'waiting')",
        removalId,
        kind,
        object,
        remote_id,
      );
    }
  }
}

/** Has each CRM delete what waits. Whether all is settled; what failed for now is left for another time. */
export async function eraseInCrms(
  storage: DurableObjectStorage,
  desk: Pick<CrmDesk, 'connection' | 'renew'>,
  removalId: string,
  now: () => number,
): Promise<boolean> {
  const { sql } = storage;
  for (const kind of crmKinds) {
    const waiting = rowsOf(sql, removalId).filter((row) => row.kind === kind && row.outcome === 'waiting');
    if (waiting.length === 0) continue;
    const connection = await desk.connection(kind);
    const crm = connection.ok ? connect(kind, connection.value, desk, now) : null;
    const inOrder = order.flatMap((object) => waiting.filter((row) => row.object === object));
    for (const row of inOrder) {
      const outcome = await eraseOne(crm, row);
      storage.transactionSync(() => {
        if (outcome === 'for-the-owner') askOwner(sql, removalId, { ...row, kind }, now());
        sql.exec(
          'UPDATE removal_crm SET outcome = ? WHERE removal_id = ? AND kind = ? AND object = ? AND remote_id = ?',
          outcome,
          removalId,
          kind,
          row.object,
          row.remote_id,
        );
      });
    }
  }
  return rowsOf(sql, removalId).every(({ outcome }) => outcome !== 'waiting');
}

/** What is to be said of each CRM, and of Cal.com. */
export function crmOutcomes(sql: SqlStorage, removalId: string): Removal['crm'] {
  const rows = rowsOf(sql, removalId);
  return [...crmKinds, 'calcom'].flatMap((kind) => {
    const outcomes = new Set(rows.filter((row) => row.kind === kind).map((row) => row.outcome));
    const outcome = telling.find((one) => outcomes.has(one));
    return outcome === undefined ? [] : [{ kind, outcome }];
  });
}

/** It is done: what things are called there is not kept. */
export function forgetCrmErasure(sql: SqlStorage, removalId: string): void {
  sql.exec('DELETE FROM removal_crm WHERE removal_id = ?', removalId);
}

const rowsOf = (sql: SqlStorage, removalId: string): CrmRow[] =>
  sql
    .exec<CrmRow>('SELECT kind, object, remote_id, outcome FROM removal_crm WHERE removal_id = ?', removalId)
    .toArray();

function connect(
  kind: CrmKind,
  { settings, credentials }: OpenConnection,
  desk: Pick<CrmDesk, 'renew'>,
  now: () => number,
): Crm {
  const vendor = vendors[kind];
  const mapping = changeMapping(vendor.defaults, settings.mapping);
  return vendor.connect({
    credentials,
    instanceUrl: settings.instanceUrl ?? null,
    contactFields: Object.keys(mapping.contact),
    save: async (renewed) => desk.renew(kind, renewed),
    now,
    signal: AbortSignal.timeout(timeoutMs),
  });
}

async function eraseOne(crm: Crm | null, { object, remote_id: id }: CrmRow): Promise<Outcome> {
  if (crm === null || crm.erase === null || id === '') return 'for-the-owner';
  try {
    return (await crm.erase(object, id)) ? 'erased' : 'nothing-there';
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    return error.permanent ? 'for-the-owner' : 'waiting';
  }
}

function askOwner(
  sql: SqlStorage,
  removalId: string,
  { kind, object, remote_id: id }: CrmRow & { kind: CrmKind },
  nowMs: number,
): void {
  const { name } = vendors[kind];
  const what =
    id === ''
      ? `Parley wrote nothing of them to ${name}: look for them there, and delete what you find.`
      : `${name} did not let Parley delete ${object} ${id}: delete it there by hand.`;
  tellOwner(
    sql,
    {
      key: `erase ${removalId} ${kind} ${object} ${id}`,
      kind: 'erase-by-hand',
      text: `Somebody was erased here, in removal ${removalId}. ${what}`,
    },
    nowMs,
  );
}
