/** The keys by their event number (RFC 4733 §3.2). */
export const keyEvents = '0123456789*#ABCD';
/** A key whose end never comes counts as released after this. */
const releasedAfterMs = 250;
/** Nobody presses more at once. */
const maxOpen = 8;

/** A key that is down, or was when it was last heard of. */
interface Press {
  readonly timestamp: number;
  readonly key: string;
  readonly seenMs: number;
}

/** Finds key presses among telephone-event packets: each once, in order, however they come. One a stream. */
export class KeyReceiver {
  /** Whose end has not come, the oldest first. */
  #open: Press[] = [];
  #lastTimestamp: number | undefined;

  /** @returns the key, when this packet ends it; before it those whose ends were overtaken. */
  push(packet: { timestamp: number; payload: Uint8Array }, nowMs: number): string | undefined {
    const { timestamp, payload } = packet;
    const key = keyEvents[payload[0] ?? 255];
    const ended = ((payload[1] ?? 0) & 0x80) !== 0;
    // Three packets tell of one end; the press's timestamp tells them from the next press.
    if (payload.length < 4 || key === undefined || this.#isOld(timestamp)) return undefined;
    const others = this.#open.filter((press) => press.timestamp !== timestamp);
    this.#open = [...others, { timestamp, key, seenMs: nowMs }].sort((a, b) => (a.timestamp - b.timestamp) | 0);
    if (ended) return this.#releaseUntil((press) => press.timestamp === timestamp);
    return this.#open.length > maxOpen ? this.#releaseUntil((press) => press === this.#open[0]) : undefined;
  }

  /** To be called every 20 ms. @returns keys whose ends were lost. */
  advance(nowMs: number): string | undefined {
    if (this.#open.length === 0) return undefined;
    return this.#releaseUntil(({ seenMs }) => nowMs - seenMs >= releasedAfterMs);
  }

  /** The last one that fits, and all that are older. */
  #releaseUntil(fits: (press: Press) => boolean): string | undefined {
    const released = this.#open.splice(0, this.#open.findLastIndex(fits) + 1);
    this.#lastTimestamp = released.at(-1)?.timestamp ?? this.#lastTimestamp;
    return released.length > 0 ? released.map(({ key }) => key).join('') : undefined;
  }

  #isOld(timestamp: number): boolean {
    return this.#lastTimestamp !== undefined && ((timestamp - this.#lastTimestamp) | 0) <= 0;
  }
}
