import { RpcTarget } from 'cloudflare:workers';
import type {
  InboxWebhookDetail,
  PersonAnswer,
  WebhookInbox,
  WebhookSource,
  WebhookSourceState,
} from '../../contract/webhook.ts';
import { fail, succeed, type Answer, type Fault } from '../answer.ts';
import type { Alarm } from '../business/alarm.ts';
import { businessId } from '../business/config.ts';
import type { BusinessKey } from '../business/data-key.ts';
import { unknownBusiness } from '../business/faults.ts';
import { errorText } from '../log.ts';
import { sha256Hex } from '../session/digest.ts';
import {
  failWebhook,
  forgetWebhook,
  inboxWebhook,
  keepWebhook,
  listInbox,
  readWebhook,
  settleWebhook,
  waitingWebhooks,
} from './inbox.ts';
import { applyPersonChange, knownPerson } from './people.ts';
import { readChanges } from './read-changes.ts';
import { type RawWebhook, verifyWebhook } from './signature.ts';
import { listSources, noteRefusal, openSecret, removeSource, saveSource, sealedSecretOf } from './sources.ts';
import type { WebhookTask } from './task.ts';

/** A header, a URL and a body as they came: what can cross from the route to the business. */
export interface ReceivedWebhook extends Omit<RawWebhook, 'headers'> {
  readonly headers: readonly (readonly [string, string])[];
}

export interface WebhookDeskContext {
  readonly storage: DurableObjectStorage;
  readonly alarm: Alarm;
  readonly key: BusinessKey;
  readonly exists: () => boolean;
  readonly now: () => number;
  readonly publicUrl: () => string;
  readonly enqueue: (task: WebhookTask, delaySeconds: number) => Promise<void>;
  /** Has calendars of a kind asked what changed: the webhook only says that something did. */
  readonly calendarsChanged: (kind: 'calcom') => Promise<void>;
}

/** Applied in one go, and stored together. Then whoever called meanwhile has a turn. */
const atOnce = 5;
const breatherMs = 5;
/** A message costs as much as a webhook: while many come, one is enough for all that come in this time. */
const gatherSeconds = 1;
/** With one message. */
const maxApplied = 1_000;
/** Longer than a message needs to come back, where the queue is well. */
const underwayMs = 5_000;
/** Longer than the queue tries. */
const lostAfterMs = 15 * 60_000;
const givenUpMs = 24 * 3_600_000;

const unknownSource: Fault = {
  status: 404,
  code: 'not-found',
  message: 'This business takes no webhooks from there.',
  action: 'Set the source up with PUT /v1/businesses/:business/webhook-sources/:source.',
};

const unknownWebhook: Fault = {
  status: 404,
  code: 'not-found',
  message: 'No such webhook is kept.',
  action:
    'Take the id from npm run webhooks -- inbox. Those that were applied are forgotten after a week, others after a month.',
};

const notQueued: Fault = {
  status: 503,
  code: 'unavailable',
  message: 'The webhook could not be taken just now.',
  action: 'Send it again in a minute.',
};

const forged = (reason: string): Fault => ({
  status: 401,
  code: 'unauthorized',
  message: reason,
  action: 'Compare the secret here with the one that the sender shows.',
});

/** What other systems tell a business: proven, kept, answered, and then applied. */
export class WebhookDesk extends RpcTarget {
  readonly #context: WebhookDeskContext;
  /** When the message was last underway that takes along all that comes meanwhile. */
  #queuedAtMs: number | null = null;
  #lastQueuedMs = 0;

  constructor(context: WebhookDeskContext) {
    super();
    this.#context = context;
  }

  async setSource(source: WebhookSource, secret: string): Promise<Answer<WebhookSourceState[]>> {
    const { storage, key, exists, now } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    await saveSource(storage.sql, key.get(), { source, secret, nowMs: now() });
    return this.sources();
  }

  removeSource(source: WebhookSource): Answer<null> {
    const { storage, exists } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    removeSource(storage.sql, source);
    return succeed(null);
  }

  sources(): Answer<WebhookSourceState[]> {
    const { storage, exists, publicUrl } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    const business = businessId(storage.sql);
    return succeed(listSources(storage.sql, (source) => `${publicUrl()}/v1/webhooks/${business}/${source}`));
  }

  /** Proves who sent it, keeps it, and has it queued. A replay is answered as the first was. */
  async receive(source: WebhookSource, received: ReceivedWebhook): Promise<Answer<null>> {
    const { storage, key, exists, alarm, now } = this.#context;
    const { sql } = storage;
    const sealed = exists() ? sealedSecretOf(sql, source) : null;
    if (sealed === null) return fail(unknownSource);
    const hook = {
      ...received,
      headers: new Headers(received.headers.map(([name, value]): [string, string] => [name, value])),
    };
    const verdict = await verifyWebhook(source, hook, await openSecret(key.get(), source, sealed), now());
    if (!verdict.ok) {
      noteRefusal(sql, source, verdict.reason, now());
      return fail(forged(verdict.reason));
    }
    const body = new TextDecoder().decode(hook.body);
    const replayKey = verdict.id ?? (await sha256Hex(body));
    const id = storage.transactionSync(() => keepWebhook(sql, { source, replayKey, body, nowMs: now() }));
    if (id === null) return succeed(null);
    const nowMs = now();
    await alarm.needBy(nowMs + lostAfterMs);
    if (this.#queuedAtMs !== null && nowMs - this.#queuedAtMs < underwayMs) return succeed(null);
    try {
      await this.#queue(id);
    } catch {
      forgetWebhook(sql, id);
      return fail(notQueued);
    }
    return succeed(null);
  }

  /**
   * Queues what has waited for too long: the queue lost it, or gave it up while the control plane was not well. What was not
   * applied in a day is left to staff.
   */
  async requeue(): Promise<void> {
    const { storage, alarm, now } = this.#context;
    const nowMs = now();
    const waiting = waitingWebhooks(storage.sql, maxApplied);
    const isLate = ({ receivedMs }: { receivedMs: number }): boolean => nowMs - receivedMs >= lostAfterMs;
    const [oldest] = waiting;
    if (oldest !== undefined) await alarm.needBy((isLate(oldest) ? nowMs : oldest.receivedMs) + lostAfterMs);
    const late = waiting.filter(isLate);
    const isGivenUp = ({ receivedMs }: { receivedMs: number }): boolean => nowMs - receivedMs >= givenUpMs;
    for (const { id } of late.filter(isGivenUp))
      failWebhook(storage.sql, id, 'It was not applied within a day.', nowMs);
    // One message takes the others along.
    const first = late.find((webhook) => !isGivenUp(webhook));
    if (first !== undefined) await this.#queue(first.id).catch(() => null);
  }

  async #queue(webhookId: string): Promise<void> {
    const { storage, now, enqueue } = this.#context;
    const nowMs = now();
    const delaySeconds = nowMs - this.#lastQueuedMs < gatherSeconds * 1_000 ? gatherSeconds : 0;
    this.#queuedAtMs = nowMs;
    this.#lastQueuedMs = nowMs;
    try {
      await enqueue({ business: businessId(storage.sql), webhookId }, delaySeconds);
    } catch (error) {
      this.#queuedAtMs = null;
      throw error;
    }
  }

  /** What the queue brings back, and all that has come since. The same again changes nothing. */
  async apply(id: string): Promise<void> {
    const { storage, now, calendarsChanged } = this.#context;
    const sources = new Set([this.#applyOne(id)]);
    for (const [nth, waiting] of waitingWebhooks(storage.sql, maxApplied).entries()) {
      if (nth % atOnce === 0) {
        this.#queuedAtMs = now();
        await scheduler.wait(breatherMs);
      }
      sources.add(this.#applyOne(waiting.id));
    }
    this.#queuedAtMs = null;
    const [next] = waitingWebhooks(storage.sql, 1);
    if (next !== undefined) await this.#queue(next.id);
    if (sources.has('calcom')) await calendarsChanged('calcom');
  }

  /** Who sent it; null where it is done already. */
  #applyOne(id: string): WebhookSource | null {
    const { storage, now } = this.#context;
    const { sql } = storage;
    const message = readWebhook(sql, id);
    if (message === null) return null;
    try {
      storage.transactionSync(() => {
        for (const change of readChanges(message)) applyPersonChange(sql, message.source, change, now());
        settleWebhook(sql, id);
      });
    } catch (error) {
      // It will not read better by itself: staff see it, and can have it tried again.
      failWebhook(sql, id, errorText(error), now());
    }
    return message.source;
  }

  inbox(): Answer<WebhookInbox> {
    const { storage, exists } = this.#context;
    return exists() ? succeed({ webhooks: listInbox(storage.sql) }) : fail(unknownBusiness);
  }

  inboxWebhook(id: string): Answer<InboxWebhookDetail> {
    const { storage, exists } = this.#context;
    if (!exists()) return fail(unknownBusiness);
    const found = inboxWebhook(storage.sql, id);
    return found === null ? fail(unknownWebhook) : succeed(found);
  }

  /** Tries again to apply one that could not be read, or that the queue lost. How it stands then. */
  async reapply(id: string): Promise<Answer<InboxWebhookDetail>> {
    const known = this.inboxWebhook(id);
    if (!known.ok) return known;
    await this.apply(id);
    return this.inboxWebhook(id);
  }

  /** Who calls from this number, as far as it is known. */
  findPerson(phone: string): Answer<PersonAnswer> {
    const { storage, exists } = this.#context;
    return exists() ? succeed({ person: knownPerson(storage.sql, phone) }) : fail(unknownBusiness);
  }
}
