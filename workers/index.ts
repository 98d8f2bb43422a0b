import { consumeDeadLetters, consumeDeliveries } from './crm/consumer.ts';
import type { Env } from './env.ts';
import { app } from './http/app.ts';
import { log } from './log.ts';
import { consumeSchedulingTasks } from './scheduling/consumer.ts';
import { consumeHooks } from './webhooks/outbound/consumer.ts';
import { consumeWebhooks } from './webhooks/consumer.ts';

export { Business } from './business/business.ts';
export { Fleet } from './fleet/fleet.ts';

export default {
  fetch: app.fetch,
  async queue(batch, env) {
    // Each environment has queues of its own: `parley-crm-staging`.
    switch (batch.queue.replace(/-(?:staging|production)$/, '')) {
      case 'parley-crm':
        return consumeDeliveries(batch, env);
      case 'parley-crm-dead':
        return consumeDeadLetters(batch, env);
      case 'parley-scheduling':
        return consumeSchedulingTasks(batch, env);
      case 'parley-webhooks':
        return consumeWebhooks(batch, env);
      case 'parley-hooks':
        return consumeHooks(batch, env);
      default:
        log('error', 'a batch came from an unknown queue', { queue: batch.queue });
        return batch.retryAll();
    }
  },
} satisfies ExportedHandler<Env>;
