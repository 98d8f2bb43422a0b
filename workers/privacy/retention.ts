import type { Alarm } from '../business/alarm.ts';
import { errorText } from '../log.ts';
import type { RecordingDesk } from '../recordings/recording-desk.ts';
import { addUp, eraseCall, removeRows, type Counts } from './erase-call.ts';
import { eraseCustomer } from './erase-person.ts';
import { dayMs, pastTime } from './past-time.ts';
import { beginRemoval, finishRemoval, noteRemoved } from './removals.ts';
import { groupsOf, lookAgainAt, nextLookMs, readRetention, type RetentionGroup } from './retention-rules.ts';
import { trimCall, type Trimmed } from './trim-call.ts';

/** Of each kind, so many calls are gone through at once; the rest a minute later. */
const atOnce = 100;
const againMs = 60_000;

export interface RetentionContext {
  readonly storage: DurableObjectStorage;
  readonly alarm: Alarm;
  readonly recordings: Pick<RecordingDesk, 'erase'>;
  readonly now: () => number;
}

/** Takes away what is older than its time, once a day. What was taken away stands among the removals. */
export class Retention {
  readonly #context: RetentionContext;

  constructor(context: RetentionContext) {
    this.#context = context;
  }

  /** Asks for the alarm at the next look. */
  async wake(): Promise<void> {
    const { storage, alarm, now } = this.#context;
    if (nextLookMs(storage.sql) === null) lookAgainAt(storage.sql, now() + dayMs);
    await alarm.needBy(nextLookMs(storage.sql));
  }

  /** Looks, where it is time to. */
  async workOff(): Promise<void> {
    const { storage, now } = this.#context;
    const nowMs = now();
    const dueMs = nextLookMs(storage.sql);
    if (dueMs !== null && dueMs <= nowMs) {
      // Should this fail on the way, it is tried again.
      lookAgainAt(storage.sql, nowMs + againMs);
      const { removed, isAll, trouble } = await this.#look(nowMs);
      if (Object.keys(removed.counts).length > 0) this.#note(removed, nowMs);
      // What could be removed is, and is written down.
      if (trouble !== null) throw trouble;
      lookAgainAt(storage.sql, nowMs + (isAll ? dayMs : againMs));
    }
    await this.wake();
  }

  async #look(nowMs: number): Promise<{ removed: Removed; isAll: boolean; trouble: Error | null }> {
    const { storage } = this.#context;
    const rules = readRetention(storage.sql);
    let removed: Removed = { counts: {}, ids: [] };
    let isAll = true;
    let trouble: Error | null = null;
    for (const group of groupsOf(rules)) {
      const part = storage.transactionSync(() => removeOfGroup(storage.sql, group, nowMs));
      const sound = await this.#removeSound(group, nowMs);
      removed = joined(joined(removed, part), sound.removed);
      isAll &&= part.ids.length < atOnce && sound.removed.ids.length < atOnce;
      trouble ??= sound.trouble;
    }
    const old = (table: string, where: string, days: number | null): number =>
      days === null ? 0 : removeOld(storage.sql, table, where, nowMs - days * dayMs);
    const ofAll = {
      people: old('people', pastTime.people, rules.all.contacts),
      inbox: old('webhook_inbox', pastTime.inbox, rules.all.inbox),
    };
    return { removed: { ...removed, counts: addUp(removed.counts, ofAll) }, isAll, trouble };
  }

  /** Up to the first call whose sound the bucket does not give up. */
  async #removeSound(
    { where, days }: RetentionGroup,
    nowMs: number,
  ): Promise<{ removed: Removed; trouble: Error | null }> {
    const { storage, recordings } = this.#context;
    if (days.recordings === null) return { removed: { counts: {}, ids: [] }, trouble: null };
    const calls = storage.sql
      .exec<{ call_id: string }>(`${pastTime.sound(where)} LIMIT ?`, nowMs - days.recordings * dayMs, atOnce)
      .toArray();
    const ids: string[] = [];
    let trouble: Error | null = null;
    try {
      for (const { call_id: callId } of calls) ids.push(...(await recordings.erase(callId)));
    } catch (error) {
      trouble = new Error(`The bucket of recordings did not delete what it was to: ${errorText(error)}`, {
        cause: error,
      });
    }
    return { removed: { counts: addUp({}, { recordings: ids.length }), ids }, trouble };
  }

  #note({ counts, ids }: Removed, nowMs: number): void {
    const { storage } = this.#context;
    storage.transactionSync(() => {
      const id = beginRemoval(storage.sql, { kind: 'retention', subject: null, callIds: [], nowMs });
      noteRemoved(storage.sql, id, ids, counts);
      finishRemoval(storage.sql, id, nowMs);
    });
  }
}

interface Removed {
  readonly counts: Counts;
  readonly ids: readonly string[];
}

const joined = (a: Removed, b: Removed): Removed => ({ counts: addUp(a.counts, b.counts), ids: [...a.ids, ...b.ids] });

function removeOfGroup(sql: SqlStorage, group: RetentionGroup, nowMs: number): Removed {
  const { where, days } = group;
  const before = (count: number): number => nowMs - count * dayMs;
  let removed: Removed = { counts: {}, ids: [] };
  if (days.events !== null) {
    for (const callId of callsPastTime(sql, 'whole', where, before(days.events))) {
      removed = joined(removed, { counts: { calls: 1, ...eraseCall(sql, callId, nowMs) }, ids: [callId] });
    }
  }
  for (const what of ['contacts', 'transcripts'] as const) {
    const count = days[what];
    if (count === null) continue;
    for (const callId of callsPastTime(sql, what, where, before(count))) {
      removed = joined(removed, { counts: trimCall(sql, callId, what, nowMs), ids: [callId] });
    }
  }
  if (days.contacts !== null) removed = joined(removed, removeCustomers(sql, group, before(days.contacts), nowMs));
  if (days.deliveries !== null) {
    const counts = { deliveries: removeOld(sql, 'deliveries', pastTime.deliveries(group), before(days.deliveries)) };
    removed = joined(removed, { counts: addUp({}, counts), ids: [] });
  }
  return removed;
}

const callsPastTime = (sql: SqlStorage, what: Trimmed | 'whole', where: string, beforeMs: number): string[] =>
  sql
    .exec<{ call_id: string }>(
      `SELECT call_id FROM calls WHERE ${pastTime.calls(what, where)} ORDER BY start_ms LIMIT ?`,
      beforeMs,
      atOnce,
    )
    .toArray()
    .map((row) => row.call_id);

/** Of appointments that are over, and of orders to call that are done. */
function removeCustomers(sql: SqlStorage, group: RetentionGroup, beforeMs: number, nowMs: number): Removed {
  const over = sql
    .exec<{ id: string }>(`SELECT id FROM appointments WHERE ${pastTime.customers(group)} LIMIT ?`, beforeMs, atOnce)
    .toArray();
  let removed: Removed = { counts: {}, ids: [] };
  for (const { id } of over) removed = joined(removed, { counts: eraseCustomer(sql, id, nowMs), ids: [id] });
  const orders = removeOld(sql, 'call_orders', pastTime.orders(group), beforeMs);
  return joined(removed, { counts: addUp({}, { orders }), ids: [] });
}

const removeOld = (sql: SqlStorage, table: string, where: string, beforeMs: number): number =>
  removeRows(sql, `DELETE FROM ${table} WHERE ${where} RETURNING 1`, beforeMs);
