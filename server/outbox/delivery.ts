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
  /** Rejects with `retry: 'never'` on the error when there is no use in trying again. */
  readonly send: (callId: string, batch: EventBatch) => Promise<EventAck>;
  readonly log: Log;
}

/** One call's place in the delivery. */
interface Line {
  readonly call: OpenCall;
  sending: Promise<void> | undefined;
  /** Something new came while a batch was on its way. */
  again: boolean;
  retry: NodeJS.Timeout | undefined;
  retryMs: number;
}

/**
 * Sends each call's events to the control plane: at least once, in order, one batch of a call at a time. What is not
 * acknowledged stays and is sent again, with back-off. Calls do not wait for one another.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #lines = new Map<string, Line>();
  /** Refused for good: kept on disk, tried again at the next start. */
  readonly #parked = new Set<string>();
  #heartbeat: NodeJS.Timeout | undefined;
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
    if (this.#stopped || this.#parked.has(call.callId)) return;
    const line = this.#lineOf(call);
    if (line.retry) return;
    if (line.sending) line.again = true;
    else line.sending = this.#deliver(line);
  }

  /** One last attempt for what is there; the rest waits on disk for the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#heartbeat);
    for (const line of this.#lines.values()) {
      clearTimeout(line.retry);
      line.retry = undefined;
    }
    this.#sendAll();
    this.#stopped = true;
    await Promise.allSettled([...this.#lines.values()].map(async ({ sending }) => sending));
  }

  #sendAll(): void {
    for (const call of this.#options.outbox.calls()) this.notify(call);
  }

  #lineOf(call: OpenCall): Line {
    const known = this.#lines.get(call.callId);
    if (known) return known;
    const line: Line = { call, sending: undefined, again: false, retry: undefined, retryMs: firstRetryMs };
    this.#lines.set(call.callId, line);
    return line;
  }

  async #deliver(line: Line): Promise<void> {
    try {
      do {
        line.again = false;
        if (await this.#sendBatch(line.call)) line.again = true;
      } while (line.again);
      line.retryMs = firstRetryMs;
      this.#lines.delete(line.call.callId);
    } catch (error) {
      this.#failed(line, error);
    } finally {
      line.sending = undefined;
    }
  }

  /** True when there is more to send than fits one batch. */
  async #sendBatch({ callId, business }: OpenCall): Promise<boolean> {
    const { outbox, send } = this.#options;
    const events = outbox.pending(callId, batchSize);
    const { nextSeq } = await send(callId, { business, events });
    outbox.acknowledge(callId, nextSeq);
    const [first] = events;
    if (first && nextSeq <= first.seq)
      throw new Error(`The control plane asks for event ${nextSeq}, which is not here any more`);
    return events.length === batchSize;
  }

  #failed(line: Line, error: unknown): void {
    const { callId } = line.call;
    const { log } = this.#options;
    if (error instanceof Error && 'retry' in error && error.retry === 'never') {
      this.#parked.add(callId);
      this.#lines.delete(callId);
      log.error("The control plane refuses a call's events; they stay in the outbox", { callId, error });
      return;
    }
    if (this.#stopped) return;
    log.warn('Call events wait in the outbox', { callId, retryMs: line.retryMs, error });
    line.retry = setTimeout(() => {
      line.retry = undefined;
      this.notify(line.call);
    }, line.retryMs);
    line.retryMs = Math.min(line.retryMs * 2, maxRetryMs);
  }
}
