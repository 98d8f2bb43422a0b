import type { EventAck, EventBatch } from '../../contract/call-event.ts';
import type { Log } from '../observe/log.ts';
import type { Outbox, OpenCall } from './outbox.ts';

const batchSize = 100;
/** A call without news says this often that it is alive; the control plane closes it after 60 s of silence. */
const heartbeatMs = 15_000;
const firstRetryMs = 250;
const maxRetryMs = 10_000;

export interface DeliveryOptions {
  readonly outbox: Outbox;
  readonly send: (callId: string, batch: EventBatch) => Promise<EventAck>;
  readonly log: Log;
}

/**
 * Sends each call's events to the control plane: at least once, in order, one batch of a call at a time. What is not
 * acknowledged stays and is sent again, with back-off.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #busy = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();
  #heartbeat: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = firstRetryMs;
  #stopped = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Also delivers what an earlier process left. */
  start(): void {
    this.#sendAll();
    this.#heartbeat = setInterval(() => this.#sendAll(), heartbeatMs);
  }

  /** There is something new to send. */
  notify(call: OpenCall): void {
    if (this.#stopped) return;
    // While the control plane is away the timer below tries for all calls.
    if (this.#retry) return;
    if (this.#busy.has(call.callId)) {
      this.#again.add(call.callId);
      return;
    }
    this.#busy.set(call.callId, this.#deliver(call));
  }

  /** One last attempt for what is there; the rest waits on disk for the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#sendAll();
    this.#stopped = true;
    await Promise.allSettled(this.#busy.values());
    clearTimeout(this.#retry);
  }

  #sendAll(): void {
    for (const call of this.#options.outbox.calls()) this.notify(call);
  }

  async #deliver(call: OpenCall): Promise<void> {
    const { callId, business } = call;
    const { outbox, send } = this.#options;
    try {
      let more = true;
      while (more) {
        this.#again.delete(callId);
        const events = outbox.pending(callId, batchSize);
        const { nextSeq } = await send(callId, { business, events });
        outbox.acknowledge(callId, nextSeq);
        const last = events.at(-1)?.seq ?? -1;
        if (nextSeq <= (events[0]?.seq ?? -1))
          throw new Error(`The control plane asks again for event ${nextSeq}, which it acknowledged`);
        more = this.#again.has(callId) || (events.length === batchSize && nextSeq > last);
      }
      this.#retryMs = firstRetryMs;
    } catch (error) {
      this.#scheduleRetry(error);
    } finally {
      this.#busy.delete(callId);
      if (this.#again.delete(callId)) this.notify(call);
    }
  }

  #scheduleRetry(error: unknown): void {
    if (this.#retry || this.#stopped) return;
    this.#options.log.warn('Call events wait in the outbox', { retryMs: this.#retryMs, error });
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#sendAll();
    }, this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, maxRetryMs);
  }
}
