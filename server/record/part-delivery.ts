import type { PartAck, RecordingPart } from '../../contract/recording.ts';
import type { Log } from '../observe/log.ts';
import type { Spool, SpooledPart } from './spool.ts';

const firstRetryMs = 1_000;
const maxRetryMs = 60_000;
/** The control plane is away, not just one call's events. */
const maxFailuresInARound = 3;

export interface PartDeliveryOptions {
  readonly spool: Spool;
  /** Rejects with `retry: 'never'` on the error when there is no use in trying again. */
  readonly send: (part: RecordingPart, bytes: Uint8Array) => Promise<PartAck>;
  readonly log: Log;
  readonly after: (ms: number, work: () => void) => () => void;
}

/** Sends spooled parts to the control plane, one at a time, each call's in order; with back-off until it has them. */
export class PartDelivery {
  readonly #options: PartDeliveryOptions;
  /** Refused for good: they stay on disk, and are tried again at the next start. */
  readonly #parked = new Set<string>();
  #round: Promise<void> | undefined;
  #again = false;
  #cancelRetry: (() => void) | undefined;
  #retryMs = firstRetryMs;
  #stopped = false;
  /** The last call that failed: the next round begins after it, or the same few would keep all others from going. */
  #failedLast: string | undefined;

  constructor(options: PartDeliveryOptions) {
    this.#options = options;
  }

  /** There may be something to send. */
  notify(): void {
    if (this.#stopped || this.#cancelRetry) return;
    if (this.#round) this.#again = true;
    else this.#begin();
  }

  /** One last round; the rest waits on disk for the next start. */
  async stop(): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.notify();
    this.#stopped = true;
    await this.#round;
  }

  #begin(): void {
    this.#round = this.#sendAll().then((failures) => {
      this.#round = undefined;
      if (this.#stopped) return;
      if (failures > 0) this.#retryLater();
      else this.#retryMs = firstRetryMs;
      const again = this.#again;
      this.#again = false;
      if (again) this.notify();
    });
  }

  #retryLater(): void {
    this.#cancelRetry = this.#options.after(this.#retryMs, () => {
      this.#cancelRetry = undefined;
      this.notify();
    });
    this.#retryMs = Math.min(this.#retryMs * 2, maxRetryMs);
  }

  /** @returns how many calls have parts that could not be sent now. */
  async #sendAll(): Promise<number> {
    const failed = new Set<string>();
    for (const part of this.#inTurn()) {
      const { callId } = part;
      if (failed.has(callId) || this.#parked.has(callId)) continue;
      if (!(await this.#sendOne(part))) {
        failed.add(callId);
        this.#failedLast = callId;
      }
      if (failed.size >= maxFailuresInARound) break;
    }
    return failed.size;
  }

  /** All that waits, from the call after the one that failed last; each call's parts in their order. */
  #inTurn(): SpooledPart[] {
    const calls = [...Map.groupBy(this.#options.spool.waiting(), ({ callId }) => callId)];
    const next = calls.findIndex(([callId]) => callId === this.#failedLast) + 1;
    return [...calls.slice(next), ...calls.slice(0, next)].flatMap(([, parts]) => parts);
  }

  async #sendOne(part: SpooledPart): Promise<boolean> {
    const { spool, send, log } = this.#options;
    const { callId, business, durationMs, last } = part;
    try {
      const { kept } = await send({ callId, business, part: part.part, durationMs, last }, spool.read(part));
      if (!kept) log.info('A part of a recording was not to be kept', { callId, part: part.part });
      spool.forget(part);
      return true;
    } catch (error) {
      if (error instanceof Error && 'retry' in error && error.retry === 'never') {
        this.#parked.add(callId);
        log.error("The control plane refuses a call's recording; it stays on disk", { callId, error });
        return true;
      }
      log.warn('A part of a recording waits on disk', { callId, part: part.part, error });
      return false;
    }
  }
}
