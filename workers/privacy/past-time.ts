import type { RetentionRules } from '../../contract/privacy.ts';
import { addUp, type Counts } from './erase-call.ts';
import { groupsOf, type RetentionGroup } from './retention-rules.ts';
import type { Trimmed } from './trim-call.ts';

export const dayMs = 86_400_000;

/** A call that is gone as a whole is known by `removed_calls`. */
const isLeft = {
  transcripts: 'transcript_removed_ms IS NULL',
  contacts: 'contact_removed_ms IS NULL',
  whole: 'TRUE',
} as const;

type Group = Pick<RetentionGroup, 'where' | 'hasRest'>;

const ofCalls = ({ where }: Group): string => `call_id IN (SELECT call_id FROM calls WHERE ${where})`;

/** What is the group's by a call of it, and what is nobody's where the group has the rest. */
const ofGroup = ({ hasRest }: Group, ofCall: string, rest: string): string =>
  hasRest ? `(${ofCall} OR ${rest})` : ofCall;

/**
 * In SQL, what of a group of calls is past its time; `where` is the group's. Each has one parameter: the time before which it is
 * too old.
 */
export const pastTime = {
  /** Of the table `calls`: those that are over and have one kind of data left. */
  calls: (what: Trimmed | 'whole', where: string): string =>
    `start_ms < ? AND ${where} AND ${isLeft[what]}
     AND (end_ms IS NOT NULL OR closed_ms IS NOT NULL) AND call_id NOT IN (SELECT call_id FROM removed_calls)`,
  /** A query: calls with sound. */
  sound: (where: string): string =>
    `SELECT call_id FROM recording_parts JOIN calls USING (call_id) WHERE ${where}
     GROUP BY call_id HAVING MAX(stored_ms) < ?`,
  /** Of the table `appointments`: those that are over and have a customer. */
  customers: (group: Group): string =>
    `end_ms < ? AND phone_key IS NOT '' AND ${ofGroup(group, ofCalls(group), 'call_id IS NULL')}`,
  /** Of the table `call_orders`: those that are done. */
  orders: (group: Group): string =>
    `created_ms < ? AND status NOT IN ('waiting', 'dialling') AND ${ofGroup(
      group,
      `id IN (SELECT order_id FROM call_attempts WHERE ${ofCalls(group)})`,
      'id NOT IN (SELECT order_id FROM call_attempts)',
    )}`,
  /** Of the table `deliveries`: those that are settled. */
  deliveries: (group: Group): string =>
    `created_ms < ? AND status IN ('delivered', 'dead')
     AND ${ofGroup(group, ofCalls(group), 'call_id NOT IN (SELECT call_id FROM calls)')}`,
  /** Of the table `people`: those of whom other systems have said nothing since. They go by no region. */
  people: 'changed_ms < ?',
  /** Of the table `webhook_inbox`; it goes by no region. */
  inbox: 'received_ms < ?',
} as const;

/** How much there is that these rules would have removed by now: of calls, of appointments' customers, of orders and so on. */
export function countPastTime(sql: SqlStorage, rules: RetentionRules, nowMs: number): Counts {
  const count = (query: string, days: number | null): number =>
    days === null ? 0 : sql.exec<{ n: number }>(`SELECT COUNT(*) AS n FROM ${query}`, nowMs - days * dayMs).one().n;
  const ofGroups = groupsOf(rules).map(({ days, ...group }) => ({
    transcripts: count(`calls WHERE ${pastTime.calls('transcripts', group.where)}`, days.transcripts),
    recordings: count(`(${pastTime.sound(group.where)})`, days.recordings),
    contacts: count(`calls WHERE ${pastTime.calls('contacts', group.where)}`, days.contacts),
    customers: count(`appointments WHERE ${pastTime.customers(group)}`, days.contacts),
    orders: count(`call_orders WHERE ${pastTime.orders(group)}`, days.contacts),
    events: count(`calls WHERE ${pastTime.calls('whole', group.where)}`, days.events),
    deliveries: count(`deliveries WHERE ${pastTime.deliveries(group)}`, days.deliveries),
  }));
  const ofAll = {
    people: count(`people WHERE ${pastTime.people}`, rules.all.contacts),
    inbox: count(`webhook_inbox WHERE ${pastTime.inbox}`, rules.all.inbox),
  };
  return ofGroups.reduce<Counts>(addUp, addUp({}, ofAll));
}
