import { RpcTarget } from 'cloudflare:workers';
import type {
  NewWebhookEndpoint,
  WebhookDelivery,
  WebhookDeliveryList,
  WebhookEndpoint,
  WebhookEndpointChange,
  WebhookEndpointSecret,
  WebhookReplay,
} from '../../../contract/webhook-endpoint.ts';
import { fail, succeed, type Answer, type Fault } from '../../answer.ts';
import type { Alarm } from '../../business/alarm.ts';
import { businessId } from '../../business/config.ts';
import type { BusinessKey } from '../../business/data-key.ts';
import { unknownBusiness, unknownDelivery } from '../../business/faults.ts';
import { errorText, log } from '../../log.ts';
import { openText, sealText, type DataKey } from '../../privacy/sealed.ts';
import {
  claim,
  nextDueMs,
  record,
  replayOne,
  replaySince,
  takeDue,
  type AttemptResult,
  type DueHook,
} from './deliveries.ts';
import { readLog, type LogFilter } from './delivery-log.ts';
import {
  addEndpoint,
  changeEndpoint,
  countEndpoints,
  dropFormerSecrets,
  listEndpoints,
  maxEndpoints,
  readEndpoint,
  removeEndpoint,
  replaceSecret,
  type Endpoint,
} from './endpoints.ts';
import { noteEventFor } from './events.ts';
import { renderEvent } from './render.ts';
import type { HookTask } from './task.ts';

/** What a consumer needs to send. */
export interface ClaimedHook {
  readonly url: string;
  /** The newest first. */
  readonly secrets: readonly string[];
  readonly eventId: string;
  readonly body: string;
}

export interface OutboundContext {
  readonly storage: DurableObjectStorage;
  readonly key: BusinessKey;
  readonly alarm: Alarm;
  readonly exists: () => boolean;
  readonly now: () => number;
  readonly random: () => number;
  readonly publicUrl: () => string;
  readonly enqueue: (task: HookTask) => Promise<void>;
}

const unknownEndpoint: Fault = {
  status: 404,
  code: 'not-found',
  message: 'This business has no such webhook endpoint.',
  action: 'Take the id from npm run webhooks, or from GET /v1/businesses/:business/webhook-endpoints.',
};

const tooMany: Fault = {
  status: 409,
  code: 'conflict',
  message: `A business has at most ${maxEndpoints} webhook endpoints.`,
  action: 'Remove one first.',
};

const disabled: Fault = {
  status: 409,
  code: 'conflict',
  message: 'This webhook endpoint is disabled.',
  action: 'Enable it first: PATCH it with {"enabled":true}.',
};

/** What an owner's own systems are told: written down with what happened, then seen to until it is settled. */
export class OutboundDesk extends RpcTarget {
  readonly #context: OutboundContext;
  readonly #sql: SqlStorage;

  constructor(context: OutboundContext) {
    super();
    this.#context = context;
    this.#sql = context.storage.sql;
  }

  // Staff. The address has been checked.

  async create(endpoint: NewWebhookEndpoint): Promise<Answer<WebhookEndpointSecret>> {
    const key = this.#key();
    if (!key.ok) return key;
    const id = crypto.randomUUID();
    const secret = newSecret();
    const sealedSecret = await sealText(key.value, purposeOf(id), secret);
    if (countEndpoints(this.#sql) >= maxEndpoints) return fail(tooMany);
    addEndpoint(this.#sql, id, endpoint, { sealedSecret, nowMs: this.#context.now() });
    return this.#withSecret(id, secret);
  }

  list(): Answer<{ endpoints: WebhookEndpoint[] }> {
    if (!this.#context.exists()) return fail(unknownBusiness);
    return succeed({ endpoints: listEndpoints(this.#sql, this.#context.now()) });
  }

  get(id: string): Answer<WebhookEndpoint> {
    if (!this.#context.exists()) return fail(unknownBusiness);
    const [endpoint] = listEndpoints(this.#sql, this.#context.now(), id);
    return endpoint === undefined ? fail(unknownEndpoint) : succeed(endpoint);
  }

  async change(id: string, change: WebhookEndpointChange): Promise<Answer<WebhookEndpoint>> {
    const known = this.get(id);
    if (!known.ok) return known;
    this.#context.storage.transactionSync(() => {
      changeEndpoint(this.#sql, id, change, this.#context.now());
    });
    await this.sendDue();
    return this.get(id);
  }

  remove(id: string): Answer<null> {
    if (!this.#context.exists()) return fail(unknownBusiness);
    const removed = this.#context.storage.transactionSync(() => removeEndpoint(this.#sql, id));
    return removed ? succeed(null) : fail(unknownEndpoint);
  }

  /** Another secret. The former signs too until its time is over, so that the receiver can change it without a gap. */
  async rotate(id: string, overlapMs: number): Promise<Answer<WebhookEndpointSecret>> {
    const key = this.#key();
    if (!key.ok) return key;
    const secret = newSecret();
    const sealedSecret = await sealText(key.value, purposeOf(id), secret);
    const known = this.get(id);
    if (!known.ok) return known;
    const nowMs = this.#context.now();
    replaceSecret(this.#sql, id, { sealedSecret, formerUntilMs: nowMs + overlapMs, nowMs });
    return this.#withSecret(id, secret);
  }

  async test(id: string): Promise<Answer<WebhookDelivery>> {
    const enabled = this.#enabled(id);
    if (!enabled.ok) return enabled;
    const atMs = this.#context.now();
    const event = { type: 'webhook.test', cause: `test ${crypto.randomUUID()}`, subject: id, atMs } as const;
    const deliveryId = this.#context.storage.transactionSync(() => noteEventFor(this.#sql, id, event, atMs));
    await this.sendDue();
    return this.#delivery(id, deliveryId);
  }

  log(id: string, filter: LogFilter): Answer<WebhookDeliveryList> {
    const known = this.get(id);
    return known.ok ? succeed({ deliveries: readLog(this.#sql, id, filter) }) : known;
  }

  async replay(id: string, deliveryId: string): Promise<Answer<WebhookDelivery>> {
    const enabled = this.#enabled(id);
    if (!enabled.ok) return enabled;
    if (!replayOne(this.#sql, id, deliveryId, this.#context.now())) return fail(unknownDelivery);
    await this.sendDue();
    return this.#delivery(id, deliveryId);
  }

  async replaySince(id: string, since: WebhookReplay): Promise<Answer<{ replayed: number }>> {
    const enabled = this.#enabled(id);
    if (!enabled.ok) return enabled;
    const replayed = replaySince(this.#sql, id, since, this.#context.now());
    await this.sendDue();
    return succeed({ replayed });
  }

  // The queue's consumer

  /** What to send and where, unless this ticket is void. */
  async claim(due: DueHook): Promise<ClaimedHook | null> {
    const { exists, now, publicUrl } = this.#context;
    if (!exists()) return null;
    const nowMs = now();
    const claimed = claim(this.#sql, due, nowMs);
    if (claimed === null) return null;
    const { eventId, endpointId } = claimed;
    dropFormerSecrets(this.#sql, nowMs);
    try {
      const endpoint = readEndpoint(this.#sql, endpointId);
      const body = renderEvent(this.#sql, eventId, { business: businessId(this.#sql), publicUrl: publicUrl(), nowMs });
      if (endpoint !== null && body !== null) return { ...(await this.#open(endpoint)), eventId, body };
    } catch (error) {
      // A fault of ours counts like one of theirs: it is tried again for as long, and seen in the log.
      const told = { ok: false, status: null, tookMs: 0, error: errorText(error), retryAfterS: null };
      await this.record(due, told);
      return null;
    }
    // There is nothing left to tell: that is as good as told.
    await this.record(due, { ok: true, status: null, tookMs: 0, error: erased, retryAfterS: null });
    return null;
  }

  async record(due: DueHook, result: AttemptResult): Promise<void> {
    const { storage, exists, now, random } = this.#context;
    if (!exists()) return;
    storage.transactionSync(() => {
      record(this.#sql, due, result, { nowMs: now(), random });
    });
    await this.sendDue();
  }

  // The business itself

  /** Puts every delivery whose time has come on the queue. What fails here, the alarm repeats: it is set before anything is awaited. */
  async sendDue(): Promise<void> {
    const { alarm, now, enqueue } = this.#context;
    const due = takeDue(this.#sql, now());
    await alarm.needBy(nextDueMs(this.#sql));
    if (due.length === 0) return;
    const business = businessId(this.#sql);
    for (const delivery of due) {
      try {
        await enqueue({ business, ...delivery });
      } catch (error) {
        log('warn', 'a webhook could not be queued and will be tried again', {
          business,
          ...delivery,
          error: errorText(error),
        });
      }
    }
  }

  async #open({ id, url, sealedSecret, sealedFormerSecret }: Endpoint): Promise<Pick<ClaimedHook, 'url' | 'secrets'>> {
    const key = this.#key();
    if (!key.ok) throw new Error(key.fault.message);
    const sealed = [sealedSecret, sealedFormerSecret].filter((secret) => secret !== null);
    return { url, secrets: await Promise.all(sealed.map((secret) => openText(key.value, purposeOf(id), secret))) };
  }

  #enabled(id: string): Answer<null> {
    const known = this.get(id);
    if (!known.ok) return known;
    return known.value.status === 'enabled' ? succeed(null) : fail(disabled);
  }

  #delivery(id: string, deliveryId: string): Answer<WebhookDelivery> {
    const [delivery] = readLog(this.#sql, id, { status: null, limit: 1 }, deliveryId);
    return delivery === undefined ? fail(unknownDelivery) : succeed(delivery);
  }

  #withSecret(id: string, secret: string): Answer<WebhookEndpointSecret> {
    const endpoint = this.get(id);
    return endpoint.ok ? succeed({ endpoint: endpoint.value, secret }) : endpoint;
  }

  #key(): Answer<DataKey> {
    const { exists, key } = this.#context;
    return exists() ? succeed(key.get()) : fail(unknownBusiness);
  }
}

const erased = 'What it is about was erased.';

const purposeOf = (id: string): string => `webhook endpoint ${id}`;

/** As Standard Webhooks writes them: 32 random bytes. */
const newSecret = (): string => `whsec_${crypto.getRandomValues(new Uint8Array(32)).toBase64()}`;
