import * as v from 'valibot';
import { send } from '../../crm/send.ts';
import type { Env } from '../../env.ts';
import { errorText, log } from '../../log.ts';
import { settingsOf, type Settings } from '../../settings.ts';
import type { AttemptResult } from './deliveries.ts';
import { endpointTrouble, nameTrouble } from './destination.ts';
import type { ClaimedHook } from './outbound-desk.ts';
import { HookTask } from './task.ts';

/** `parley-hooks`: tries each delivery once. What is to be tried again, the business's alarm brings back. */
export async function consumeHooks(batch: MessageBatch, env: Env): Promise<void> {
  await Promise.all(batch.messages.map(async (message) => consume(message, env)));
}

async function consume(message: Message, env: Env): Promise<void> {
  const task = v.safeParse(HookTask, message.body);
  message.ack();
  if (!task.success) {
    log('error', 'a queue message is not a webhook to send and was dropped', { messageId: message.id });
    return;
  }
  try {
    using desk = await env.BUSINESS.getByName(task.output.business).outboundWebhooks();
    const claimed = await desk.claim(task.output);
    if (claimed !== null) await desk.record(task.output, await attempt(claimed, settingsOf(env)));
  } catch (error) {
    log('error', 'a webhook could not be sent and will be tried again', { ...task.output, error: errorText(error) });
  }
}

/** One attempt. The address is looked at each time: the rules, or where its name leads, may have changed since it was given. */
async function attempt({ url, secrets, eventId, body }: ClaimedHook, settings: Settings): Promise<AttemptResult> {
  const beganMs = Date.now();
  const trouble = endpointTrouble(url, settings) ?? (await nameTrouble(url, settings));
  if (trouble !== null) return { ok: false, status: null, tookMs: 0, error: trouble, retryAfterS: null };
  const sent = await send({ url, secrets, webhookId: eventId, body, nowMs: beganMs });
  return {
    ok: sent.outcome === 'delivered',
    status: sent.status,
    tookMs: Date.now() - beganMs,
    error: sent.outcome === 'delivered' ? null : sent.error,
    retryAfterS: sent.outcome === 'failed' ? sent.retryAfterS : null,
  };
}
