import { RpcTarget } from 'cloudflare:workers';
import type { Delivery } from '../../contract/call-record.ts';
import type { DeliveryDetail, DeliveryList } from '../../contract/delivery.ts';
import { fail, succeed, type Answer } from '../answer.ts';
import { appointmentMessage } from '../crm/appointment-message.ts';
import type { CrmKind } from '../crm/crm.ts';
import { crmMessage } from '../crm/message.ts';
import type { CrmTask } from '../crm/task.ts';
import { errorText, log } from '../log.ts';
import { isRemoved } from '../privacy/erase-call.ts';
import type { Alarm } from './alarm.ts';
import { appointmentRow } from './appointment-rows.ts';
import { toAppointment } from './appointments.ts';
import { businessId, readConfig } from './config.ts';
import { connectedKinds } from './crm-connections.ts';
import type { CrmDesk, OpenConnection } from './crm-desk.ts';
import { detailOfDelivery, listDeliveries, type DeliveryFilter } from './delivery-list.ts';
import {
  addDelivery,
  bury,
  claim,
  markQueued,
  nextDueMs,
  record,
  replay,
  takeDue,
  type DeliveryResult,
  type Destination,
  wasTold,
  type DueDelivery,
} from './deliveries.ts';
import { unknownBusiness, unknownConnection } from './faults.ts';
import type { CrmCause } from './projection.ts';
import type { OutboundDesk } from '../webhooks/outbound/outbound-desk.ts';
import { readCall } from './records.ts';

/** What a consumer needs to send a delivery; `none` where something of ours stands in the way. */
export type ClaimedDelivery =
  | {
      readonly destination: 'webhook';
      readonly body: string;
      readonly attempts: number;
      readonly url: string;
      readonly secret: string;
    }
  | ({ readonly destination: CrmKind; readonly body: string; readonly attempts: number } & OpenConnection)
  | { readonly destination: 'none'; readonly attempts: number; readonly error: string };

export interface DeskContext {
  readonly sql: SqlStorage;
  readonly exists: () => boolean;
  readonly crm: CrmDesk;
  /** What fails is told to the owner's own systems. */
  readonly outbound: Pick<OutboundDesk, 'sendDue'>;
  readonly alarm: Alarm;
  readonly now: () => number;
  readonly random: () => number;
  /** For how long a destination is left alone that keeps failing. */
  readonly breakerOpenMs: () => number;
  readonly enqueue: (task: CrmTask) => Promise<void>;
  readonly publicUrl: () => string;
}

/** What a business tells others: written down with its cause, then seen to until it is settled. */
export class DeliveryDesk extends RpcTarget {
  readonly #context: DeskContext;

  constructor(context: DeskContext) {
    super();
    this.#context = context;
  }

  /** Writes what each destination is to be told of a call, if there are any. Runs inside a transaction. */
  notify(callId: string, { type, cause }: CrmCause, eventMs: number): void {
    const { sql, now, publicUrl } = this.#context;
    if (isRemoved(sql, callId)) return;
    const destinations = this.#destinations();
    if (destinations.length === 0) return;
    const call = readCall(sql, callId, businessId(sql), publicUrl());
    if (call === null) return;
    const nowMs = now();
    for (const destination of destinations) {
      // A call that was held to be interrupted may have more to say: it has been completed once all the same.
      const said = wasTold(sql, { callId, destination, type: 'call.completed' }) ? 'lead.updated' : type;
      const body = JSON.stringify(crmMessage(said, call, nowMs));
      addDelivery(sql, { callId, destination, cause, type: said, body, eventMs, nowMs });
    }
  }

  /**
   * The same of an appointment that no call booked, as it stands; of others their call is told. The delivery belongs to the
   * appointment, as others belong to a call. Runs inside a transaction; told once of each change.
   */
  notifyAppointment(id: string): void {
    const { sql, now, publicUrl } = this.#context;
    const destinations = this.#destinations();
    const row = destinations.length === 0 ? undefined : appointmentRow(sql, id);
    if (row === undefined || row.call_id !== null) return;
    const business = businessId(sql);
    const nowMs = now();
    const changedAtMs = Math.max(row.changed_ms, row.confirmed_ms ?? 0);
    const message = appointmentMessage(business, toAppointment(row, business, publicUrl()), { changedAtMs, nowMs });
    const cause = `appointment ${row.sequence} ${row.confirmed_ms ?? ''}`;
    const body = JSON.stringify(message);
    for (const destination of destinations) {
      addDelivery(sql, { callId: id, destination, cause, type: message.type, body, eventMs: changedAtMs, nowMs });
    }
  }

  /** The same of one that somebody changed in a calendar elsewhere, whoever booked it. */
  notifyChange(id: string): void {
    const { sql, now } = this.#context;
    const row = appointmentRow(sql, id);
    if (row === undefined) return;
    const { call_id: callId, sequence } = row;
    if (callId === null) this.notifyAppointment(id);
    else this.notify(callId, { type: 'lead.updated', cause: `elsewhere ${id} ${sequence}` }, now());
  }

  #destinations(): Destination[] {
    const { sql } = this.#context;
    return [...(readConfig(sql).crm === null ? [] : ['webhook' as const]), ...connectedKinds(sql)];
  }

  /** Puts every delivery whose turn it is on the queue. What fails here, the alarm repeats: it is set before anything is awaited. */
  async sendDue(): Promise<void> {
    const { sql, alarm, outbound, now, enqueue } = this.#context;
    const nowMs = now();
    const due = takeDue(sql, nowMs);
    await Promise.all([alarm.needBy(nextDueMs(sql)), outbound.sendDue()]);
    const business = businessId(sql);
    for (const delivery of due) {
      try {
        await enqueue({ business, ...delivery });
        markQueued(sql, delivery, nowMs);
      } catch (error) {
        log('warn', 'a CRM delivery could not be queued and will be tried again', {
          business,
          ...delivery,
          error: errorText(error),
        });
      }
    }
  }

  /** What to send and where, unless this ticket is void or its destination is to be left alone. */
  async claim(due: DueDelivery): Promise<ClaimedDelivery | null> {
    const { sql, exists, crm, alarm, now } = this.#context;
    if (!exists()) return null;
    const claimed = claim(sql, due, now());
    if (claimed === null) {
      // One that went back to wait is the alarm's.
      await alarm.needBy(nextDueMs(sql));
      return null;
    }
    const { destination, body, attempts } = claimed;
    if (destination === 'webhook') {
      const webhook = readConfig(sql).crm;
      if (webhook !== null) return { destination, body, attempts, ...webhook };
    } else {
      const connection = await crm.connection(destination);
      if (connection.ok) return { destination, body, attempts, ...connection.value };
      if (connection.fault !== unknownConnection) {
        return { destination: 'none', attempts, error: `${connection.fault.message} ${connection.fault.action}` };
      }
    }
    await this.record(due, { outcome: 'dead', status: null, error: 'The CRM was removed from the settings.' }, false);
    return null;
  }

  /** Whether the same message should be tried again. */
  async record(due: DueDelivery, result: DeliveryResult, attempted = true): Promise<boolean> {
    const { sql, exists, alarm, now, random, breakerOpenMs } = this.#context;
    if (!exists()) return false;
    const again = record(sql, due, result, attempted, { nowMs: now(), random, openMs: breakerOpenMs() });
    if (again) await alarm.needBy(nextDueMs(sql));
    else await this.sendDue();
    return again;
  }

  /** The queue has given up. */
  async bury(due: DueDelivery): Promise<void> {
    if (!this.#context.exists()) return;
    bury(this.#context.sql, due, this.#context.now());
    await this.sendDue();
  }

  async replay(deliveryId: string): Promise<Answer<Delivery>> {
    const { sql, exists, now } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    const answer = replay(sql, deliveryId, now());
    if (answer.ok) await this.sendDue();
    return answer;
  }

  list(filter: DeliveryFilter): Answer<DeliveryList> {
    const { sql, exists, now } = this.#context;
    return exists() ? succeed(listDeliveries(sql, filter, now())) : fail(unknownBusiness);
  }

  detail(deliveryId: string): Answer<DeliveryDetail> {
    const { sql, exists } = this.#context;
    return exists() ? detailOfDelivery(sql, deliveryId) : fail(unknownBusiness);
  }
}
