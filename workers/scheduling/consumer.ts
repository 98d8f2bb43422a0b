import * as v from 'valibot';
import type { Env } from '../env.ts';
import { errorText, log } from '../log.ts';
import { settingsOf } from '../settings.ts';
import { perform } from './perform.ts';
import { SchedulingTask } from './task.ts';

/**
 * `parley-scheduling`: does each job once and settles it with its business, which decides when it is due again. A
 * message that is lost is sent again by the business's alarm, so none is ever retried by the queue.
 */
export async function consumeSchedulingTasks(batch: MessageBatch, env: Env): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) => {
      const task = v.safeParse(SchedulingTask, message.body);
      if (!task.success) log('error', 'a queue message is not a scheduling task and was dropped', { id: message.id });
      else await handle(task.output, env);
      message.ack();
    }),
  );
}

async function handle(task: SchedulingTask, env: Env): Promise<void> {
  try {
    using desk = await env.BUSINESS.getByName(task.business).calendarDesk();
    const work = await desk.claimJob(task);
    if (work === null) return;
    const performed = await perform(work, settingsOf(env));
    await desk.settleJob(task, performed.result, performed.yield);
  } catch (error) {
    log('error', 'a scheduling job failed', { ...task, error: errorText(error) });
  }
}
