import { RpcTarget } from 'cloudflare:workers';
import type {
  CallOrder,
  CallOrderRequest,
  DoNotCallEntry,
  DoNotCallImport,
  DoNotCallList,
  DoNotCallRequest,
  PlacedCall,
} from '../../../contract/outbound.ts';
import { fail, succeed, type Answer } from '../../answer.ts';
import type { Alarm } from '../../business/alarm.ts';
import { nextSilenceMs } from '../../business/call-watch.ts';
import * as faults from '../../business/faults.ts';
import { log } from '../../log.ts';
import type { MediaNode } from '../../session/placement.ts';
import { withdrawAttempt } from './attempts.ts';
import { settle, takeDials, takeOrder } from './call-desk.ts';
import { addDoNotCall, importDoNotCall, listDoNotCall, readDoNotCall, removeDoNotCall } from './do-not-call.ts';
import type { HandOver } from './hand-over.ts';
import { readNumberList } from './number-list.ts';
import { cancelOrder, findOrder, listOrders, toOrder } from './orders.ts';

export interface OfficeOptions {
  readonly storage: DurableObjectStorage;
  readonly alarm: Alarm;
  readonly exists: () => boolean;
  readonly now: () => number;
  readonly publicUrl: () => string;
  /** Those that can dial now. */
  readonly nodes: () => Promise<readonly MediaNode[]>;
  readonly nodeNamed: (name: string) => Promise<MediaNode | undefined>;
  readonly handOver: (node: MediaNode, call: PlacedCall) => Promise<HandOver>;
  readonly hangUp: (node: MediaNode, callId: string) => Promise<HandOver>;
}

/** More than the fleet needs to answer. */
const resumeMs = 15_000;

/** The calls that one business places, and whom it must not call. A part of its Durable Object. */
export class CallOffice extends RpcTarget {
  readonly #options: OfficeOptions;
  readonly #sql: SqlStorage;

  constructor(options: OfficeOptions) {
    super();
    this.#options = options;
    this.#sql = options.storage.sql;
  }

  async order(
    request: CallOrderRequest,
    idempotencyKey: string,
  ): Promise<Answer<{ order: CallOrder; isNew: boolean }>> {
    const { exists, storage, now, publicUrl } = this.#options;
    if (!exists()) return fail(faults.unknownBusiness);
    const context = { nowMs: now(), publicUrl: publicUrl() };
    const taken = storage.transactionSync(() => takeOrder(this.#sql, request, idempotencyKey, context));
    if (!taken.ok) return taken;
    const { order, isNew } = taken.value;
    // Also for a repeat: the first request may have got no further than the order.
    await this.dialDue();
    return succeed({ order: toOrder(this.#sql, findOrder(this.#sql, 'id', order.id) ?? order), isNew });
  }

  orders(status: CallOrder['status'] | undefined): Answer<{ orders: CallOrder[] }> {
    return this.#options.exists() ? succeed({ orders: listOrders(this.#sql, status) }) : fail(faults.unknownBusiness);
  }

  one(id: string): Answer<CallOrder> {
    const row = this.#options.exists() ? findOrder(this.#sql, 'id', id) : null;
    return row === null ? fail(faults.unknownOrder) : succeed(toOrder(this.#sql, row));
  }

  /** Takes an order back, and ends its call if there is one. What is over stays as it is. */
  async cancel(id: string): Promise<Answer<CallOrder>> {
    const found = this.one(id);
    if (!found.ok) return found;
    const open = cancelOrder(this.#sql, id);
    const node = open === null ? undefined : await this.#options.nodeNamed(open.node);
    if (open !== null && node !== undefined) {
      const done = await this.#options.hangUp(node, open.callId);
      if (done.outcome !== 'taken') log('warn', 'a call could not be ended', { callId: open.callId, why: done.why });
    }
    return this.one(id);
  }

  doNotCall(after: string): Answer<DoNotCallList> {
    return this.#options.exists() ? succeed(listDoNotCall(this.#sql, after)) : fail(faults.unknownBusiness);
  }

  addDoNotCall({ number, note }: DoNotCallRequest): Answer<DoNotCallEntry> {
    const { exists, storage, now } = this.#options;
    if (!exists()) return fail(faults.unknownBusiness);
    const entry: DoNotCallEntry = { number, sinceMs: now(), source: 'staff', callId: null, note: note ?? null };
    storage.transactionSync(() => addDoNotCall(this.#sql, entry));
    return succeed(readDoNotCall(this.#sql, number) ?? entry);
  }

  removeDoNotCall(number: string): Answer<null> {
    if (!this.#options.exists()) return fail(faults.unknownBusiness);
    if (readDoNotCall(this.#sql, number) === null) return fail(faults.unknownNumber);
    removeDoNotCall(this.#sql, number);
    return succeed(null);
  }

  importDoNotCall(csv: string, countryCode: string): Answer<DoNotCallImport> {
    const { exists, storage, now } = this.#options;
    if (!exists()) return fail(faults.unknownBusiness);
    const lines = readNumberList(csv, countryCode);
    return succeed(storage.transactionSync(() => importDoNotCall(this.#sql, lines, now())));
  }

  /** To be called when calls may have ended: what follows from it, and the next dials. */
  async dialDue(): Promise<void> {
    const { storage, alarm, now, publicUrl, nodes } = this.#options;
    // Should this be cut off while it asks for nodes, the alarm goes on from here. Stored together with what led to it.
    const dueMs = storage.transactionSync(() => settle(this.#sql, now()));
    if (dueMs !== null) await alarm.needBy(Math.max(dueMs, now() + resumeMs));
    const able = await nodes();
    const nowMs = now();
    const { dials, nextMs } = storage.transactionSync(() => {
      settle(this.#sql, nowMs);
      const context = { nowMs, publicUrl: publicUrl(), nodes: able };
      return { dials: takeDials(this.#sql, context), nextMs: settle(this.#sql, nowMs) };
    });
    // A node that is never heard of must be noticed as well.
    await Promise.all([alarm.needBy(nextMs), alarm.needBy(nextSilenceMs(this.#sql))]);
    await Promise.all(dials.map((dial) => this.#give(dial.node, dial.call)));
  }

  async #give(node: MediaNode, call: PlacedCall): Promise<void> {
    const { handOver, alarm, storage, now } = this.#options;
    const given = await handOver(node, call);
    if (given.outcome === 'taken') return;
    log('warn', 'a media node did not take a call', { callId: call.callId, ...given });
    if (given.outcome === 'unknown') return;
    const nextMs = storage.transactionSync(() => {
      withdrawAttempt(this.#sql, call.callId, given.why, now());
      return settle(this.#sql, now());
    });
    await alarm.needBy(nextMs);
  }
}
