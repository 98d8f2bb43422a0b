import * as v from 'valibot';
import { AppointmentMessage, CrmMessage } from '../../contract/crm-message.ts';
import type { ClaimedDelivery } from '../business/delivery-desk.ts';
import type { Env } from '../env.ts';
import { settingsOf } from '../settings.ts';
import type { Credentials } from './credentials.ts';
import { CrmError } from './crm-error.ts';
import type { CrmKind } from './crm.ts';
import { changeMapping } from './mapping.ts';
import type { CrmMemory } from './memory.ts';
import { planWrites, type PlanContext } from './plan.ts';
import { planAppointment } from './plan-appointment.ts';
import type { Sent } from './send.ts';
import type { CrmTask } from './task.ts';
import { transcriptUrl } from './transcript-link.ts';
import { vendors } from './vendors.ts';
import { writeToCrm } from './write.ts';

/** Less than the business waits before it takes the attempt for lost. */
const attemptMs = 60_000;

/** One attempt at writing what a delivery says into an owner's CRM. Never throws for what the CRM does. */
export async function sendToCrm(
  task: CrmTask,
  { destination, body, settings, credentials }: Extract<ClaimedDelivery, { destination: CrmKind }>,
  env: Env,
): Promise<Sent> {
  const message = v.parse(v.union([CrmMessage, AppointmentMessage]), JSON.parse(body));
  const vendor = vendors[destination];
  using desk = await env.BUSINESS.getByName(task.business).crmDesk();
  const mapping = changeMapping(vendor.defaults, settings.mapping);
  const context = { mapping, dealStages: settings.dealStages, owners: settings.owners };
  const { key, plan } =
    message.type === 'appointment.changed'
      ? { key: message.data.appointment.id, plan: planAppointment(message, context) }
      : await planCall(message, context, env);
  // Nobody to write about: what is known is with us alone.
  if (plan === null) return { outcome: 'delivered', status: null };
  const session = {
    credentials,
    instanceUrl: settings.instanceUrl ?? null,
    contactFields: Object.keys(mapping.contact),
    save: async (renewed: Credentials) => desk.renew(destination, renewed),
    now: Date.now,
    signal: AbortSignal.timeout(attemptMs),
  };
  const memory: CrmMemory = {
    recall: async (object, keys) => desk.recall({ destination, object, keys }),
    begin: async (object, keys, fingerprint) => desk.begin({ destination, object, keys }, task.deliveryId, fingerprint),
    end: async (object, keys, id, fingerprint) => desk.end({ destination, object, keys }, id, fingerprint),
  };
  try {
    await writeToCrm(vendor.connect(session), memory, plan, key);
    return { outcome: 'delivered', status: null };
  } catch (error) {
    if (!(error instanceof CrmError)) throw error;
    const { status, permanent, retryAfterS, concerns } = error;
    if (permanent) return { outcome: 'refused', status, error: error.message };
    return { outcome: 'failed', status, error: error.message, retryAfterS, concerns };
  }
}

async function planCall(message: CrmMessage, context: Omit<PlanContext, 'transcriptUrl'>, env: Env) {
  const { business, callId } = message.data;
  const url = await transcriptUrl(settingsOf(env), business, callId);
  return { key: callId, plan: planWrites(message, { ...context, transcriptUrl: url }) };
}
