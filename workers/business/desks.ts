import type { PlacedCall } from '../../contract/outbound.ts';
import type { CrmTask } from '../crm/task.ts';
import type { Env } from '../env.ts';
import type { Placement, PlaceRequest } from '../fleet/fleet.ts';
import { diallingNodes, nodeNamed } from '../fleet/fleet-of.ts';
import { RecordingDesk } from '../recordings/recording-desk.ts';
import type { SchedulingTask } from '../scheduling/task.ts';
import type { MediaNode } from '../session/placement.ts';
import { settingsOf } from '../settings.ts';
import type { HandOver } from '../telephony/calls/hand-over.ts';
import { CallOffice } from '../telephony/calls/office.ts';
import { CarrierDesk } from '../telephony/carriers/carrier-desk.ts';
import { OutboundDesk } from '../webhooks/outbound/outbound-desk.ts';
import type { HookTask } from '../webhooks/outbound/task.ts';
import type { WebhookTask } from '../webhooks/task.ts';
import { WebhookDesk } from '../webhooks/webhook-desk.ts';
import type { Alarm } from './alarm.ts';
import { AppointmentDesk } from './appointment-desk.ts';
import { CalendarDesk } from './calendar-desk.ts';
import { CallBackDesk } from './call-back-desk.ts';
import { CrmDesk } from './crm-desk.ts';
import { BusinessKey, type MasterKeys } from './data-key.ts';
import { DeliveryDesk } from './delivery-desk.ts';
import { OpenCalls } from './open-calls.ts';
import { PeopleDesk } from './people-desk.ts';
import { VisitorDesk } from './visitor-desk.ts';

/** What a business does outside of its own storage. Its object does it; tests replace it. */
export interface Outside {
  enqueue(task: CrmTask): Promise<void>;
  enqueueHook(task: HookTask): Promise<void>;
  enqueueWebhook(task: WebhookTask, delaySeconds: number): Promise<void>;
  enqueueScheduling(task: SchedulingTask): Promise<void>;
  place(request: PlaceRequest): Promise<Placement | null>;
  handOver(node: MediaNode, call: PlacedCall): Promise<HandOver>;
  hangUp(node: MediaNode, callId: string): Promise<HandOver>;
  /** For how long a CRM that keeps failing is left alone; null as the settings say. */
  readonly breakerOpenMs: number | null;
}

/** Where the desks stand: the object of one business. */
export interface Premises {
  readonly storage: DurableObjectStorage;
  readonly env: Env;
  readonly alarm: Alarm;
  readonly outside: Outside;
  /** False for a name that nobody has set up. */
  readonly exists: () => boolean;
  readonly now: () => number;
  readonly masterKeys: () => MasterKeys;
  /** Has something done that nobody waits for. */
  readonly later: (work: Promise<unknown>) => void;
}

export type Desks = ReturnType<typeof openDesks>;

/** The parts of a business, each with what it needs of the others. */
export function openDesks({ storage, env, alarm, outside, exists, now, masterKeys, later }: Premises) {
  const { sql } = storage;
  const publicUrl = (): string => settingsOf(env).PUBLIC_URL;
  const random = Math.random;
  const key = new BusinessKey(sql, masterKeys);
  const common = { storage, alarm, key, exists, now, publicUrl };
  const place = (request: PlaceRequest): Promise<Placement | null> => outside.place(request);

  const outbound = new OutboundDesk({ ...common, random, enqueue: (task) => outside.enqueueHook(task) });
  const crm = new CrmDesk({ sql, key, exists, now });
  const recordings = new RecordingDesk({ sql, bucket: env.RECORDINGS, key, exists, now });
  const callBacks = new CallBackDesk({ ...common, outbound });
  const deliveries = new DeliveryDesk({
    ...common,
    sql,
    crm,
    outbound,
    random,
    breakerOpenMs: () => outside.breakerOpenMs ?? settingsOf(env).CRM_RETRY_BASE_SECONDS * 12_000,
    enqueue: (task) => outside.enqueue(task),
  });
  const office = new CallOffice({
    ...common,
    nodes: () => diallingNodes(env),
    nodeNamed: (name) => nodeNamed(env, name),
    handOver: (node, call) => outside.handOver(node, call),
    hangUp: (node, callId) => outside.hangUp(node, callId),
  });
  const calendars = new CalendarDesk({
    ...common,
    deliveries,
    settings: () => settingsOf(env),
    orderCall: async (request, idempotencyKey) => {
      const ordered = await office.order(request, idempotencyKey);
      return ordered.ok ? null : ordered.fault.message;
    },
    enqueue: (task) => outside.enqueueScheduling(task),
  });
  const appointments = new AppointmentDesk({ ...common, calendars, deliveries });
  const people = new PeopleDesk({ ...common, crm, recordings, tellCalendars: () => calendars.sendDue() });
  const webhooks = new WebhookDesk({
    ...common,
    calendarsChanged: (kind) => calendars.calendarsChanged(kind),
    enqueue: (task, delaySeconds) => outside.enqueueWebhook(task, delaySeconds),
  });
  const calls = new OpenCalls({ ...common, deliveries, outbound, office, later });
  const carriers = new CarrierDesk({ ...common, place, append: (callId, batch) => calls.append(callId, batch) });
  const visitors = new VisitorDesk({ ...common, place, nodes: () => settingsOf(env).MEDIA_NODES });
  return {
    appointments,
    calendars,
    callBacks,
    calls,
    carriers,
    crm,
    deliveries,
    office,
    outbound,
    people,
    recordings,
    visitors,
    webhooks,
  };
}
