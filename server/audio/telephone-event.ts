/** The keys by their event number (RFC 4733 §3.2). */
export const keyEvents = '0123456789*#ABCD';
/** A key whose end never comes counts as released after this. */
const releasedAfterMs = 250;

/** Finds key presses among telephone-event packets: each once, however many of its packets come. One a stream. */
export class KeyReceiver {
  #open: { readonly timestamp: number; readonly key: string; seenMs: number } | undefined;
  #lastTimestamp: number | undefined;

  /** @returns the key, when this packet ends it. */
  push(packet: { timestamp: number; payload: Uint8Array }, nowMs: number): string | undefined {
    const { timestamp, payload } = packet;
    const key = keyEvents[payload[0] ?? 255];
    const ended = ((payload[1] ?? 0) & 0x80) !== 0;
    // Three packets tell of one end; the press's timestamp tells them from the next press.
    if (payload.length < 4 || key === undefined || this.#isOld(timestamp)) return undefined;
    const unfinished = this.#open && this.#open.timestamp !== timestamp ? this.#release() : undefined;
    if (!ended) {
      this.#open = { timestamp, key, seenMs: nowMs };
      return unfinished;
    }
    this.#open = undefined;
    this.#lastTimestamp = timestamp;
    return (unfinished ?? '') + key;
  }

  /** To be called every 20 ms. @returns a key whose end was lost. */
  advance(nowMs: number): string | undefined {
    return this.#open && nowMs - this.#open.seenMs >= releasedAfterMs ? this.#release() : undefined;
  }

  #release(): string | undefined {
    const open = this.#open;
    this.#open = undefined;
    this.#lastTimestamp = open?.timestamp;
    return open?.key;
  }

  #isOld(timestamp: number): boolean {
    return this.#lastTimestamp !== undefined && ((timestamp - this.#lastTimestamp) | 0) <= 0;
  }
}
