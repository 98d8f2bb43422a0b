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
import { RecordingDesk } from '../recordings/recording-desk.ts';
import type { Placement, PlaceRequest } from '../fleet/fleet.ts';
import { diallingNodes, fleetOf, nodeNamed } from '../fleet/fleet-of.ts';
import type { SchedulingTask } from '../scheduling/task.ts';
import { CallOffice } from '../telephony/calls/office.ts';
import { CarrierDesk } from '../telephony/carriers/carrier-desk.ts';
import { handOver, hangUp, type HandOver } from '../telephony/calls/hand-over.ts';
import type { MediaNode } from '../session/placement.ts';
import { settingsOf } from '../settings.ts';
import { OutboundDesk } from '../webhooks/outbound/outbound-desk.ts';
import { noteInterrupted } from '../webhooks/outbound/call-events.ts';
import type { HookTask } from '../webhooks/outbound/task.ts';
import type { WebhookTask } from '../webhooks/task.ts';
import { WebhookDesk } from '../webhooks/webhook-desk.ts';
import { admitVisitor } from './admit-visitor.ts';
import { Alarm } from './alarm.ts';
import { AppointmentDesk } from './appointment-desk.ts';
import { CallBackDesk } from './call-back-desk.ts';
import { closeCallsOfNode, closeSilentCalls, nextSilenceMs, noteAbsence } from './call-watch.ts';
import { businessId, readConfig, writeConfig, type BusinessConfig } from './config.ts';
import { CrmDesk } from './crm-desk.ts';
import { DeliveryDesk } from './delivery-desk.ts';
import { BusinessKey, masterKeys, type MasterKeys } from './data-key.ts';
import { CalendarDesk } from './calendar-desk.ts';
import { appendEvents } from './event-log.ts';
import * as faults from './faults.ts';
import { joinClaims, nodeOfOpenCall } from './joins.ts';
import { doDuties } from './duties.ts';
import { createStorage, hasStorage, migrate } from './migrate.ts';
import { PeopleDesk } from './people-desk.ts';
import { activePlaybook, playbookJson, storePlaybook } from './playbooks.ts';
import { type Cursor, listCalls, readCall } from './records.ts';
import { widgetConfig } from './widget.ts';
import type { OpenedSession, Visitor } from './sessions.ts';

/** `originAllowed` tells the route whether the page may read the answer. */
export type PublicAnswer<T> = Answer<T> & { readonly originAllowed: boolean };

/**
 * One business: all its data, and the only writer to it. Methods are called over RPC by the routes
 * and by the queue's consumers, with input that has been checked.
 */
export class Business extends DurableObject<Env> {
  /** Replaced by tests. Instance fields cannot be reached over RPC. */
  now: () => number = () => Date.now();
  enqueue: (task: CrmTask) => Promise<void> = async (task) => {
    await this.env.CRM_QUEUE.send(task);
  };
  place: (request: PlaceRequest) => Promise<Placement | null> = async (request) =>
    await fleetOf(this.env).place(request);
  breakerOpenMs: number | null = null;

  enqueueHook: (task: HookTask) => Promise<void> = async (task) => {
    await this.env.HOOK_QUEUE.send(task);
  };

  enqueueWebhook: (task: WebhookTask, delaySeconds: number) => Promise<void> = async (task, delaySeconds) => {
    await this.env.WEBHOOK_QUEUE.send(task, { delaySeconds });
  };

  enqueueScheduling: (task: SchedulingTask) => Promise<void> = async (task) => {
    await this.env.SCHEDULING_QUEUE.send(task);
  };
  handOver: (node: MediaNode, call: PlacedCall) => Promise<HandOver> = (node, call) =>
    handOver(node, settingsOf(this.env).NODE_KEY, call);
  hangUp: (node: MediaNode, callId: string) => Promise<HandOver> = (node, callId) =>
    hangUp(node, settingsOf(this.env).NODE_KEY, callId);

  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #alarm: Alarm;
  readonly #calendarDesk: CalendarDesk;
  readonly #deliveries: DeliveryDesk;
  readonly #crm: CrmDesk;
  readonly #office: CallOffice;
  readonly #webhooks: WebhookDesk;
  readonly #carriers: CarrierDesk;
  readonly #people: PeopleDesk;
  readonly #recordings: RecordingDesk;
  readonly #outbound: OutboundDesk;
  readonly #callBacks: CallBackDesk;
  readonly #appointmentDesk: AppointmentDesk;
  /** False for a name that nobody has set up: nothing is ever stored for it. */
  #exists = false;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#storage = state.storage;
    this.#sql = state.storage.sql;
    this.#alarm = new Alarm(state.storage);
    const now = (): number => this.now();
    const exists = (): boolean => this.#exists;
    this.#people = new PeopleDesk({
      storage: state.storage,
      alarm: this.#alarm,
      exists,
      now,
      publicUrl: () => this.#publicUrl,
      crm: {
        connection: async (kind) => this.#crm.connection(kind),
        renew: async (kind, credentials) => this.#crm.renew(kind, credentials),
      },
      recordings: { erase: async (callId) => this.#recordings.erase(callId) },
      tellCalendars: async () => this.#calendarDesk.sendDue(),
    });
    const key = new BusinessKey(this.#sql, () => this.#masterKeys);
    this.#outbound = new OutboundDesk({
      storage: state.storage,
      key,
      alarm: this.#alarm,
      exists,
      now,
      random: Math.random,
      publicUrl: () => this.#publicUrl,
      enqueue: (task) => this.enqueueHook(task),
    });
    this.#callBacks = new CallBackDesk({ storage: state.storage, outbound: this.#outbound, exists, now });
    this.#calendarDesk = new CalendarDesk({
      storage: state.storage,
      alarm: this.#alarm,
      key,
      outbound: this.#outbound,
      settings: () => settingsOf(env),
      exists,
      now,
      orderCall: async (request, key) => {
        const ordered = await this.#office.order(request, key);
        return ordered.ok ? null : ordered.fault.message;
      },
      enqueue: async (task) => this.enqueueScheduling(task),
    });
    this.#crm = new CrmDesk({ sql: this.#sql, key, exists, now });
    this.#deliveries = new DeliveryDesk({
      sql: this.#sql,
      exists,
      crm: this.#crm,
      outbound: this.#outbound,
      alarm: this.#alarm,
      now,
      publicUrl: () => this.#publicUrl,
      random: Math.random,
      breakerOpenMs: () => this.breakerOpenMs ?? settingsOf(env).CRM_RETRY_BASE_SECONDS * 12_000,
      enqueue: async (task) => this.enqueue(task),
    });
    this.#office = new CallOffice({
      storage: state.storage,
      alarm: this.#alarm,
      exists,
      now,
      publicUrl: () => this.#publicUrl,
      nodes: () => diallingNodes(env),
      nodeNamed: (name) => nodeNamed(env, name),
      handOver: (node, call) => this.handOver(node, call),
      hangUp: (node, callId) => this.hangUp(node, callId),
    });
    this.#webhooks = new WebhookDesk({
      storage: state.storage,
      alarm: this.#alarm,
      key,
      exists,
      now,
      publicUrl: () => this.#publicUrl,
      calendarsChanged: async (kind) => this.#calendarDesk.calendarsChanged(kind),
      enqueue: (task, delaySeconds) => this.enqueueWebhook(task, delaySeconds),
    });
    this.#appointmentDesk = new AppointmentDesk({
      storage: state.storage,
      calendars: this.#calendarDesk,
      deliveries: this.#deliveries,
      exists,
      now,
      publicUrl: () => this.#publicUrl,
    });
    this.#recordings = new RecordingDesk({ sql: this.#sql, bucket: env.RECORDINGS, key, exists, now });
    this.#carriers = new CarrierDesk({
      storage: state.storage,
      alarm: this.#alarm,
      exists,
      now,
      place: (request) => this.place(request),
      append: (callId, batch) => this.appendEvents(callId, batch),
    });
    void state.blockConcurrencyWhile(async () => {
      await this.#alarm.load();
      this.#exists = hasStorage(this.#sql);
      if (!this.#exists) return;
      migrate(this.#storage, this.#masterKeys, this.now());
      await this.#people.wake();
    });
  }

  /** Calendars and mail outside of here. */
  calendarDesk(): CalendarDesk {
    return this.#calendarDesk;
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

  /** Who called. */
  people(): PeopleDesk {
    return this.#people;
  }

  call(callId: string): Answer<CallRecord> {
    if (!this.#exists) return fail(faults.unknownBusiness);
    const found = readCall(this.#sql, callId, businessId(this.#sql), this.#publicUrl);
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

  callBacks(): CallBackDesk {
    return this.#callBacks;
  }

  /** The calls that the business places. */
  office(): CallOffice {
    return this.#office;
  }

  /** The calls that carriers bring. */
  carriers(): CarrierDesk {
    return this.#carriers;
  }

  recordings(): RecordingDesk {
    return this.#recordings;
  }

  webhooks(): WebhookDesk {
    return this.#webhooks;
  }

  outboundWebhooks(): OutboundDesk {
    return this.#outbound;
  }

  // Visitors

  widget(origin: string | null, wanted?: string): PublicAnswer<WidgetConfig> {
    const originAllowed = this.#allows(origin);
    if (!this.#exists) return { ...fail(faults.unknownBusiness), originAllowed };
    if (origin !== null && !originAllowed) return { ...fail(faults.foreignOrigin), originAllowed };
    return { ...widgetConfig(this.#sql, wanted), originAllowed };
  }

  /** Whether a page may read answers that concern this business. */
  allowsOrigin(origin: string): boolean {
    return this.#allows(origin);
  }

  async openSession(request: SessionRequest, visitor: Visitor): Promise<PublicAnswer<OpenedSession>> {
    const originAllowed = this.#allows(visitor.origin);
    if (!this.#exists) return { ...fail(faults.unknownBusiness), originAllowed };
    if (!originAllowed) return { ...fail(faults.foreignOrigin), originAllowed };
    const reception = {
      storage: this.#storage,
      alarm: this.#alarm,
      nowMs: this.now(),
      place: this.place,
      nodes: () => settingsOf(this.env).MEDIA_NODES,
    };
    return { ...(await admitVisitor(reception, request, visitor)), originAllowed };
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

  async appendEvents(callId: string, { events }: EventBatch): Promise<Answer<EventAck>> {
    if (!this.#exists) return fail(faults.unknownBusiness);
    const nowMs = this.now();
    const answer = this.#storage.transactionSync(() => {
      const appended = appendEvents(this.#sql, callId, events, nowMs);
      if (appended.ok) appended.value.causes.forEach((cause) => this.#deliveries.notify(callId, cause, cause.atMs));
      return appended;
    });
    if (!answer.ok) return answer;
    const { causes } = answer.value;
    // Both begin in this turn, so that the events and the alarm they need are stored together.
    // What the end of a call makes room for is no matter of this request.
    if (events.some(({ fact }) => fact.type === 'call-end')) this.ctx.waitUntil(this.#office.dialDue());
    await Promise.all([
      this.#alarm.needBy(nextSilenceMs(this.#sql)),
      causes.length > 0 ? this.#deliveries.sendDue() : this.#outbound.sendDue(),
    ]);
    return succeed({ nextSeq: answer.value.nextSeq });
  }

  /** Free times and appointments, for callers. */
  appointmentDesk(): AppointmentDesk {
    return this.#appointmentDesk;
  }

  // The queue's consumers and staff

  deliveryDesk(): DeliveryDesk {
    return this.#deliveries;
  }

  crmDesk(): CrmDesk {
    return this.#crm;
  }

  override async alarm(): Promise<void> {
    this.#alarm.rang();
    if (!this.#exists) return;
    await doDuties(
      {
        // The first: others go by which calls are over.
        calls: () => this.#closeSilentCalls(),
        ...this.#people.duties(),
        dials: () => this.#office.dialDue(),
        deliveries: () => this.#deliveries.sendDue(),
        calendars: () => this.#calendarDesk.sendDue(),
        webhooks: () => this.#webhooks.requeue(),
      },
      { sql: this.#sql, alarm: this.#alarm, now: () => this.now() },
    );
  }

  async #closeSilentCalls(): Promise<void> {
    const nowMs = this.now();
    this.#storage.transactionSync(() => {
      noteAbsence(this.#sql, nowMs);
      this.#tellInterrupted(closeSilentCalls(this.#sql, nowMs), nowMs);
    });
    await this.#alarm.needBy(nextSilenceMs(this.#sql));
  }

  /** The fleet has not heard of a media node for too long. */
  async nodeLost(node: string): Promise<void> {
    if (!this.#exists) return;
    const nowMs = this.now();
    this.#storage.transactionSync(() => this.#tellInterrupted(closeCallsOfNode(this.#sql, node), nowMs));
    await Promise.all([this.#office.dialDue(), this.#deliveries.sendDue()]);
  }

  #tellInterrupted(callIds: readonly string[], nowMs: number): void {
    for (const callId of callIds) {
      this.#deliveries.notify(callId, { type: 'call.completed', cause: 'interrupted' }, nowMs);
      noteInterrupted(this.#sql, callId, nowMs);
    }
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

  #allows(origin: string | null): boolean {
    return this.#exists && origin !== null && readConfig(this.#sql).origins.includes(origin);
  }

  get #publicUrl(): string {
    return settingsOf(this.env).PUBLIC_URL;
  }
}
