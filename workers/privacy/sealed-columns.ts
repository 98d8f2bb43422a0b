/**
 * What a business's storage keeps sealed, by table: everything that people said, who they are, and secrets. A value is
 * sealed for its column and its row, which `key` tells apart, so that it cannot be moved to another. Where `call` names a column
 * it is sealed with the key of that call, and is lost with it; else with the business's own.
 */
export const sealedTables = {
  events: { key: ['call_id', 'seq'], call: 'call_id', columns: ['body'] },
  calls: { key: ['call_id'], call: 'call_id', columns: ['projection'] },
  leads: { key: ['call_id'], call: 'call_id', columns: ['name'] },
  call_backs: { key: ['call_id'], call: 'call_id', columns: ['reason', 'owner'] },
  consents: { key: ['call_id'], call: 'call_id', columns: ['user_agent', 'page_url'] },
  contacts: { key: ['id'], call: 'id', columns: ['name', 'phone', 'email', 'company'] },
  appointments: { key: ['id'], call: null, columns: ['attendee', 'notes', 'ics_key'] },
  booking_answers: { key: ['call_id', 'request_id'], call: 'call_id', columns: ['body'] },
  appointment_changes: { key: ['call_id', 'request_id', 'kind'], call: 'call_id', columns: ['body'] },
  deliveries: { key: ['id'], call: 'call_id', columns: ['body', 'last_error'] },
  webhook_endpoints: { key: ['id'], call: null, columns: ['url'] },
  webhook_inbox: { key: ['id'], call: null, columns: ['body', 'error'] },
  people: { key: ['source', 'remote_id'], call: null, columns: ['fields'] },
  notices: { key: ['id'], call: null, columns: ['text'] },
  jobs: { key: ['id'], call: null, columns: ['last_error'] },
  do_not_call: { key: ['number_key'], call: null, columns: ['number', 'note'] },
  call_orders: { key: ['id'], call: null, columns: ['request', 'refusal', 'trouble'] },
  config: { key: ['id'], call: null, columns: ['crm_url', 'crm_secret'] },
  search_key: { key: ['id'], call: null, columns: ['key'] },
} as const satisfies Record<string, SealedTable>;

export interface SealedTable {
  readonly key: readonly string[];
  readonly call: string | null;
  readonly columns: readonly string[];
}

export type SealedTableName = keyof typeof sealedTables;
type ColumnOf<T extends SealedTableName> = (typeof sealedTables)[T]['columns'][number];
/** As `events.body`. */
export type SealedColumn = { [T in SealedTableName]: `${T}.${ColumnOf<T>}` }[SealedTableName];

type TableOf<C extends SealedColumn> = C extends `${infer T extends SealedTableName}.${string}` ? T : never;
type CallOf<T extends SealedTableName> = (typeof sealedTables)[T]['call'];
/** What tells a row of the column's table from the others, and whose call it belongs to. */
export type RowKey<C extends SealedColumn> = Readonly<
  Record<(typeof sealedTables)[TableOf<C>]['key'][number], string | number> &
    (CallOf<TableOf<C>> extends string ? Record<CallOf<TableOf<C>>, string> : unknown)
>;

/** A sealed value is bytes; text is what an older version wrote and nobody has sealed yet. */
export type Stored = ArrayBuffer | string;
