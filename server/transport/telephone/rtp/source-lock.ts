/** From where media comes. */
export interface MediaSource {
  readonly address: string;
  readonly port: number;
  readonly ssrc: number;
}

interface Locked {
  readonly address: string;
  readonly port: number;
  ssrc: number;
  seenMs: number;
}

/** An unexpected source must send so many packets in a row, over so long, before it is believed. */
const provenPackets = 5;
const provenMs = 100;
/** The source may move when it has been quiet for so long: sooner when it is the same stream. */
const sameStreamQuietMs = 500;
const otherStreamQuietMs = 2_000;

/**
 * Decides whose packets count (symmetric RTP, RFC 4961). The address that the description names is taken at once, as
 * is its port behind a NAT, even from another who was there before; anybody else has to go on for 100 ms while the
 * right one is quiet. So nobody can talk into a call by guessing its port, and a caller whose network changes is heard
 * again.
 */
export class SourceLock {
  #expectedAddress: string | undefined;
  #locked: Locked | undefined;
  #candidate: (MediaSource & { packets: number; sinceMs: number }) | undefined;

  /** The description has changed: what was locked may not hold any more. */
  expect(address: string | undefined): void {
    if (address !== this.#expectedAddress) this.#locked = undefined;
    this.#expectedAddress = address;
  }

  get source(): MediaSource | undefined {
    return this.#locked;
  }

  accepts(from: MediaSource, nowMs: number): boolean {
    const locked = this.#locked;
    if (locked && locked.address === from.address && locked.port === from.port) {
      locked.ssrc = from.ssrc;
      locked.seenMs = nowMs;
      this.#candidate = undefined;
      return true;
    }
    if (from.address === this.#expectedAddress && locked?.address !== from.address) {
      this.#lock(from, nowMs);
      return true;
    }
    if (locked && !this.#mayMove(locked, from, nowMs)) return false;
    if (!this.#proves(from, nowMs)) return false;
    this.#lock(from, nowMs);
    return true;
  }

  #mayMove(locked: Locked, from: MediaSource, nowMs: number): boolean {
    return nowMs - locked.seenMs > (locked.ssrc === from.ssrc ? sameStreamQuietMs : otherStreamQuietMs);
  }

  #proves(from: MediaSource, nowMs: number): boolean {
    const known = this.#candidate;
    const same = known?.address === from.address && known.port === from.port && known.ssrc === from.ssrc;
    const { packets, sinceMs } = same ? known : { packets: 0, sinceMs: nowMs };
    this.#candidate = { ...from, packets: packets + 1, sinceMs };
    return packets + 1 >= provenPackets && nowMs - sinceMs >= provenMs;
  }

  #lock(from: MediaSource, nowMs: number): void {
    this.#candidate = undefined;
    this.#locked = { ...from, seenMs: nowMs };
  }
}
