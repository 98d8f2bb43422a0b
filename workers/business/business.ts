import { DurableObject } from 'cloudflare:workers';
import type { EventAck, EventBatch } from '../../contract/call-event.ts';
import type { CallFilter } from '../../contract/call-filter.ts';
import type { CallList, CallRecord } from '../../contract/call-record.ts';
import type { PlacedCall } from '../../contract/outbound.ts';
import type { ActivePlaybook, JoinClaims, SessionRequest, WidgetConfig } from '../../contract/session.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { fail, succeed, type Answer } from '../answer.ts';
import type { CrmTask } from '../crm/task.ts';
import type { Env } from '../env.ts';
import type { Placement, PlaceRequest } from '../fleet/fleet.ts';
import { fleetOf, nodeNamed } from '../fleet/fleet-of.ts';
import type { RecordingDesk } from '../recordings/recording-desk.ts';
import type { SchedulingTask } from '../scheduling/task.ts';
import type { MediaNode } from '../session/placement.ts';
import { settingsOf } from '../settings.ts';
import { handOver, hangUp, type HandOver } from '../telephony/calls/hand-over.ts';
import type { CallOffice } from '../telephony/calls/office.ts';
import type { CarrierDesk } from '../telephony/carriers/carrier-desk.ts';
import type { OutboundDesk } from '../webhooks/outbound/outbound-desk.ts';
import type { HookTask } from '../webhooks/outbound/task.ts';
import type { WebhookTask } from '../webhooks/task.ts';
import type { WebhookDesk } from '../webhooks/webhook-desk.ts';
import { Alarm } from './alarm.ts';
import type { AppointmentDesk } from './appointment-desk.ts';
import type { CalendarDesk } from './calendar-desk.ts';
import type { CallBackDesk } from './call-back-desk.ts';
import { businessId, writeConfig, type BusinessConfig } from './config.ts';
import type { CrmDesk } from './crm-desk.ts';
import { masterKeys, type MasterKeys } from './data-key.ts';
import type { DeliveryDesk } from './delivery-desk.ts';
import { openDesks, type Desks, type Outside } from './desks.ts';
import { doDuties } from './duties.ts';
import * as faults from './faults.ts';
import { joinClaims, nodeOfOpenCall } from './joins.ts';
import { createStorage, hasStorage, migrate } from './migrate.ts';
import type { PeopleDesk } from './people-desk.ts';
import { activePlaybook, playbookJson, storePlaybook } from './playbooks.ts';
import { type Cursor, listCalls, readCall } from './records.ts';
import type { OpenedSession, Visitor } from './sessions.ts';
import type { PublicAnswer } from './visitor-desk.ts';

/**
 * One business: all its data, and the only writer to it. Methods are called over RPC by the routes
 * and by the queue's consumers, with input that has been checked.
 */
export class Business extends DurableObject<Env> implements Outside {
  /** Replaced by tests. Instance fields cannot be reached over RPC. */
  now: () => number = () => Date.now();
  enqueue = async (task: CrmTask): Promise<void> => void (await this.env.CRM_QUEUE.send(task));
  enqueueHook = async (task: HookTask): Promise<void> => void (await this.env.HOOK_QUEUE.send(task));
  enqueueWebhook = async (task: WebhookTask, delaySeconds: number): Promise<void> =>
    void (await this.env.WEBHOOK_QUEUE.send(task, { delaySeconds }));
  enqueueScheduling = async (task: SchedulingTask): Promise<void> => void (await this.env.SCHEDULING_QUEUE.send(task));
  place = async (request: PlaceRequest): Promise<Placement | null> => await fleetOf(this.env).place(request);
  handOver = (node: MediaNode, call: PlacedCall): Promise<HandOver> =>
    handOver(node, settingsOf(this.env).NODE_KEY, call);
  hangUp = (node: MediaNode, callId: string): Promise<HandOver> => hangUp(node, settingsOf(this.env).NODE_KEY, callId);
  breakerOpenMs: number | null = null;

  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #alarm: Alarm;
  readonly #desks: Desks;
  /** False for a name that nobody has set up: nothing is ever stored for it. */
  #exists = false;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#storage = state.storage;
    this.#sql = state.storage.sql;
    this.#alarm = new Alarm(state.storage);
    this.#desks = openDesks({
      storage: state.storage,
      env,
      alarm: this.#alarm,
      outside: this,
      exists: () => this.#exists,
      now: () => this.now(),
      masterKeys: () => this.#masterKeys,
      later: (work) => state.waitUntil(work),
    });
    void state.blockConcurrencyWhile(async () => {
      await this.#alarm.load();
      this.#exists = hasStorage(this.#sql);
      if (!this.#exists) return;
      migrate(this.#storage, this.#masterKeys, this.now());
      await this.#desks.people.wake();
    });
  }

  // Its parts

  /** Free times and appointments, for callers and staff. */
  appointmentDesk(): AppointmentDesk {
    return this.#desks.appointments;
  }

  /** Calendars and mail outside of here. */
  calendarDesk(): CalendarDesk {
    return this.#desks.calendars;
  }

  callBacks(): CallBackDesk {
    return this.#desks.callBacks;
  }

  /** The calls that carriers bring. */
  carriers(): CarrierDesk {
    return this.#desks.carriers;
  }

  crmDesk(): CrmDesk {
    return this.#desks.crm;
  }

  deliveryDesk(): DeliveryDesk {
    return this.#desks.deliveries;
  }

  /** The calls that the business places. */
  office(): CallOffice {
    return this.#desks.office;
  }

  outboundWebhooks(): OutboundDesk {
    return this.#desks.outbound;
  }

  /** Who called. */
  people(): PeopleDesk {
    return this.#desks.people;
  }

  recordings(): RecordingDesk {
    return this.#desks.recordings;
  }

  webhooks(): WebhookDesk {
    return this.#desks.webhooks;
  }

  // Staff

  configure(business: string, config: BusinessConfig): void {
    this.#create(business);
    writeConfig(this.#sql, config);
  }

  publishPlaybook(bundle: Bundle): void {
    this.#create(bundle.business.id);
    this.#storage.transactionSync(() => storePlaybook(this.#sql, bundle, this.now()));
  }

  calls(cursor: Cursor | null, filter: CallFilter): Answer<CallList> {
    return this.#exists ? succeed(listCalls(this.#sql, cursor, filter)) : fail(faults.unknownBusiness);
  }

  call(callId: string): Answer<CallRecord> {
    if (!this.#exists) return fail(faults.unknownBusiness);
    const found = readCall(this.#sql, callId, businessId(this.#sql), settingsOf(this.env).PUBLIC_URL);
    return found === null ? fail(faults.unknownCall) : succeed(found);
  }

  /** For somebody of the business who takes a call over in a browser. */
  async joinCall(callId: string): Promise<Answer<{ claims: JoinClaims; signalingUrl: string }>> {
    if (!this.#exists) return fail(faults.unknownBusiness);
    const name = nodeOfOpenCall(this.#sql, callId);
    const node = name === null ? undefined : await nodeNamed(this.env, name);
    if (node === undefined) return fail(faults.callNotUp);
    const claims = joinClaims({ business: businessId(this.#sql), callId, node: node.name, nowMs: this.now() });
    return succeed({ claims, signalingUrl: node.signalingUrl });
  }

  // Visitors

  widget(origin: string | null, wanted?: string): PublicAnswer<WidgetConfig> {
    return this.#desks.visitors.widget(origin, wanted);
  }

  allowsOrigin(origin: string): boolean {
    return this.#desks.visitors.allows(origin);
  }

  async openSession(request: SessionRequest, visitor: Visitor): Promise<PublicAnswer<OpenedSession>> {
    return this.#desks.visitors.openSession(request, visitor);
  }

  // Media nodes

  async playbook(hash: string): Promise<Answer<ArrayBuffer>> {
    const body = this.#exists ? await playbookJson(this.#sql, hash) : null;
    return body === null ? fail(faults.unknownPlaybook) : succeed(body);
  }

  /** What a call by phone is answered with; a page learns it with its session. */
  activePlaybook(): Answer<ActivePlaybook> {
    if (!this.#exists) return fail(faults.unknownBusiness);
    const playbook = activePlaybook(this.#sql);
    return playbook === null ? fail(faults.noPlaybook) : succeed({ hash: playbook.hash });
  }

  async appendEvents(callId: string, batch: EventBatch): Promise<Answer<EventAck>> {
    return this.#desks.calls.append(callId, batch);
  }

  /** The fleet has not heard of a media node for too long. */
  async nodeLost(node: string): Promise<void> {
    await this.#desks.calls.closeOfNode(node);
  }

  // The clock

  override async alarm(): Promise<void> {
    this.#alarm.rang();
    if (!this.#exists) return;
    const { calls, people, office, deliveries, calendars, webhooks } = this.#desks;
    await doDuties(
      {
        // The first: others go by which calls are over.
        calls: () => calls.closeSilent(),
        ...people.duties(),
        dials: () => office.dialDue(),
        deliveries: () => deliveries.sendDue(),
        calendars: () => calendars.sendDue(),
        webhooks: () => webhooks.requeue(),
      },
      { sql: this.#sql, alarm: this.#alarm, now: () => this.now() },
    );
  }

  #create(business: string): void {
    if (this.#exists) return;
    createStorage(this.#storage, business, this.#masterKeys, this.now());
    this.#exists = true;
  }

  get #masterKeys(): MasterKeys {
    const { MASTER_KEY, MASTER_KEY_BEFORE } = settingsOf(this.env);
    return masterKeys(MASTER_KEY, MASTER_KEY_BEFORE);
  }
}
