import type { Business } from './business/business.ts';
import type { CrmTask } from './crm/task.ts';
import type { SchedulingTask } from './scheduling/task.ts';
import type { Fleet } from './fleet/fleet.ts';
import type { HookTask } from './webhooks/outbound/task.ts';
import type { WebhookTask } from './webhooks/task.ts';

/** What the runtime binds to this Worker. `wrangler.toml` declares it; settings.ts checks the text among it. */
export interface Env {
  readonly BUSINESS: DurableObjectNamespace<Business>;
  readonly FLEET: DurableObjectNamespace<Fleet>;
  readonly CRM_QUEUE: Queue<CrmTask>;
  readonly SCHEDULING_QUEUE: Queue<SchedulingTask>;
  readonly WEBHOOK_QUEUE: Queue<WebhookTask>;
  readonly RECORDINGS: R2Bucket;
  readonly HOOK_QUEUE: Queue<HookTask>;
  readonly NODE_KEY?: string;
  readonly STAFF_KEY?: string;
  readonly SESSION_KEY?: string;
  readonly MASTER_KEY?: string;
  readonly MASTER_KEY_BEFORE?: string;
  readonly MEDIA_NODES?: string;
  readonly CARRIER_ACCOUNTS?: string;
  readonly PHONE_NUMBERS?: string;
  readonly PUBLIC_URL?: string;
  readonly CRM_RETRY_BASE_SECONDS?: string;
  readonly WEBHOOK_LOOPBACK?: string;
  readonly PRIVATE_ADDRESSES?: string;
  readonly DNS_RESOLVER_URL?: string;
  readonly CLIENT_ADDRESS?: string;
}
