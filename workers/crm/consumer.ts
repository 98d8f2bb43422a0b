import * as v from 'valibot';
import type { ClaimedDelivery } from '../business/delivery-desk.ts';
import type { Env } from '../env.ts';
import { errorText, log } from '../log.ts';
import { crmWebhookTrouble, nameTrouble } from '../webhooks/outbound/destination.ts';
import { settingsOf } from '../settings.ts';
import { retryDelayS } from './retry.ts';
import { send, type Sent } from './send.ts';
import { sendToCrm } from './send-to-crm.ts';
import { CrmTask } from './task.ts';

/** For faults of our own, which are not the receiver's. */
const ownFaultDelayS = 30;

/** `parley-crm`: tries each delivery once and records how it went. The queue brings it back after a failure. */
export async function consumeDeliveries(batch: MessageBatch, env: Env): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) => handle(message, async (task) => deliver(task, message, env))),
  );
}

/** `parley-crm-dead`: what the queue has given up, for staff to see and replay. */
export async function consumeDeadLetters(batch: MessageBatch, env: Env): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) =>
      handle(message, async (task) => {
        using desk = await env.BUSINESS.getByName(task.business).deliveryDesk();
        await desk.bury(task);
        message.ack();
      }),
    ),
  );
}

async function deliver(task: CrmTask, message: Message, env: Env): Promise<void> {
  using desk = await env.BUSINESS.getByName(task.business).deliveryDesk();
  const claimed = await desk.claim(task);
  if (claimed === null) {
    message.ack();
    return;
  }
  const sent = await attempt(task, claimed, env);
  switch (sent.outcome) {
    case 'delivered':
      await desk.record(task, sent);
      message.ack();
      return;
    case 'refused':
      await desk.record(task, { ...sent, outcome: 'dead' });
      message.ack();
      return;
    case 'failed': {
      const baseS = settingsOf(env).CRM_RETRY_BASE_SECONDS;
      const delayS = retryDelayS(claimed.attempts + 1, baseS, sent.retryAfterS, Math.random);
      const again = await desk.record(task, { ...sent, outcome: 'retry', delayS });
      if (again) message.retry({ delaySeconds: delayS });
      else message.ack();
      return;
    }
    default:
      sent satisfies never;
  }
}

async function attempt(task: CrmTask, claimed: ClaimedDelivery, env: Env): Promise<Sent> {
  if (claimed.destination === 'none') {
    return { outcome: 'failed', status: null, error: claimed.error, retryAfterS: null, concerns: 'delivery' };
  }
  if (claimed.destination !== 'webhook') return sendToCrm(task, claimed, env);
  const { url, secret, body } = claimed;
  const settings = settingsOf(env);
  const trouble = crmWebhookTrouble(url, settings) ?? (await nameTrouble(url, settings));
  if (trouble !== null) return { outcome: 'failed', status: null, error: trouble, retryAfterS: null, concerns: 'crm' };
  return send({ url, secrets: [secret], webhookId: task.deliveryId, body, nowMs: Date.now() });
}

/** A fault of our own brings the message back later, and leaves the rest of its batch alone. */
async function handle(message: Message, work: (task: CrmTask) => Promise<void>): Promise<void> {
  const task = v.safeParse(CrmTask, message.body);
  if (!task.success) {
    log('error', 'a queue message is not a CRM task and was dropped', { messageId: message.id });
    message.ack();
    return;
  }
  try {
    await work(task.output);
  } catch (error) {
    log('error', 'a CRM task failed', { ...task.output, error: errorText(error) });
    message.retry({ delaySeconds: ownFaultDelayS });
  }
}
