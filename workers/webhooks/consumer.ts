import * as v from 'valibot';
import type { Env } from '../env.ts';
import { errorText, log } from '../log.ts';
import { WebhookTask } from './task.ts';

const retryDelayS = 30;

/** `parley-webhooks`: has each business apply what it was told. */
export async function consumeWebhooks(batch: MessageBatch, env: Env): Promise<void> {
  await Promise.all(batch.messages.map(async (message) => consume(message, env)));
}

async function consume(message: Message, env: Env): Promise<void> {
  const task = v.safeParse(WebhookTask, message.body);
  if (!task.success) {
    log('error', 'a queue message is not a webhook task and was dropped', { messageId: message.id });
    message.ack();
    return;
  }
  const { business, webhookId } = task.output;
  try {
    await env.BUSINESS.getByName(business).webhooks().apply(webhookId);
    message.ack();
  } catch (error) {
    log('error', 'a webhook could not be applied and will be tried again', { ...task.output, error: errorText(error) });
    message.retry({ delaySeconds: retryDelayS });
  }
}
