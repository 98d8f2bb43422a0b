import { sequenceDistance } from './rtp.ts';

/** How long a missing packet is waited for: what the line's jitter asks for, within these. */
const minWaitMs = 20;
const maxWaitMs = 120;
/** A longer gap is a new stream or a pause, not loss: it is not filled. */
const maxLost = 50;
/** A packet this far behind is late, or doubled; further behind, it belongs to a stream that began anew. */
const maxLate = 3_000;

/** What comes out: a packet's content, or a place where one is missing. */
export type Played<T> = { readonly item: T } | { readonly lost: true };

const nothing: readonly never[] = [];

interface Waiting<T> {
  readonly item: T;
  readonly sinceMs: number;
}

/**
 * Puts packets back in order. Made for a listener that is a machine: what is in order comes out at once, without the
 * steady delay that an ear needs, and only a missing packet holds up those behind it, for a time that follows the
 * line's jitter (RFC 3550 §6.4.1).
 */
export class JitterBuffer<T> {
  readonly #clockRateHz: number;
  readonly #waiting = new Map<number, Waiting<T>>();
  #next: number | undefined;
  #last: { readonly timestamp: number; readonly arrivalMs: number } | undefined;
  #jitterMs = 0;

  constructor(clockRateHz: number) {
    this.#clockRateHz = clockRateHz;
  }

  get waitMs(): number {
    return Math.max(minWaitMs, Math.min(maxWaitMs, 4 * this.#jitterMs));
  }

  get jitterMs(): number {
    return this.#jitterMs;
  }

  /** What is in order now. Late and doubled packets are dropped. */
  push(packet: { sequenceNumber: number; timestamp: number }, item: T, nowMs: number): readonly Played<T>[] {
    this.#measure(packet.timestamp, nowMs);
    this.#next ??= packet.sequenceNumber;
    const ahead = sequenceDistance(this.#next, packet.sequenceNumber);
    // As nearly all do.
    if (ahead === 0 && this.#waiting.size === 0) {
      this.#next = (packet.sequenceNumber + 1) & 0xffff;
      return [{ item }];
    }
    if (ahead < 0 && ahead > -maxLate) return [];
    if (ahead < 0 || ahead >= maxLost) {
      this.#waiting.clear();
      this.#next = packet.sequenceNumber;
    }
    if (!this.#waiting.has(packet.sequenceNumber)) {
      this.#waiting.set(packet.sequenceNumber, { item, sinceMs: nowMs });
    }
    return this.advance(nowMs);
  }

  /** Gives up what was waited for long enough. To be called every 20 ms. */
  advance(nowMs: number): readonly Played<T>[] {
    if (this.#waiting.size === 0) return nothing;
    const out: Played<T>[] = [];
    while (this.#waiting.size > 0 && this.#next !== undefined) {
      const waiting = this.#waiting.get(this.#next);
      if (!waiting && nowMs - this.#oldestMs() < this.waitMs) break;
      this.#waiting.delete(this.#next);
      this.#next = (this.#next + 1) & 0xffff;
      out.push(waiting ? { item: waiting.item } : { lost: true });
    }
    return out;
  }

  #oldestMs(): number {
    let oldestMs = Infinity;
    for (const { sinceMs } of this.#waiting.values()) oldestMs = Math.min(oldestMs, sinceMs);
    return oldestMs;
  }

  #measure(timestamp: number, arrivalMs: number): void {
    const last = this.#last;
    this.#last = { timestamp, arrivalMs };
    if (!last) return;
    const sentMs = (((timestamp - last.timestamp) | 0) * 1_000) / this.#clockRateHz;
    const difference = Math.abs(arrivalMs - last.arrivalMs - sentMs);
    // A pause of the sender, or a new stream, says nothing about the line.
    if (difference < 1_000) this.#jitterMs += (difference - this.#jitterMs) / 16;
  }
}
