import { silentFrame } from '../../audio/frame.ts';
import { decodeG711, encodeG711, type G711Law } from '../../audio/g711.ts';
import type { RelayedPacket, RelayEnd } from './relay-end.ts';

/** After a relayed packet the first frame is on its way for so long: silence would only be put in front of it. */
const graceMs = 60;
/** Packets in 20 ms, and at most at once: somebody who floods us does not flood the other side. */
const packetsPerFrame = 4;
const maxAtOnce = 50;

/** One end of a relay: where to, and what goes out here meanwhile. */
export class Relay {
  readonly #law: () => G711Law | undefined;
  #other: RelayEnd | undefined;
  #lastMs = -Infinity;
  #allowance = maxAtOnce;

  /** @param law as `RelayEnd.law`. */
  constructor(law: () => G711Law | undefined) {
    this.#law = law;
  }

  to(other: RelayEnd | undefined): void {
    this.#other = other;
  }

  /** Where what comes here goes now; undefined: it is listened to. */
  get target(): RelayEnd | undefined {
    return this.#law() !== undefined && this.#other?.law !== undefined ? this.#other : undefined;
  }

  /** To be called every 20 ms. @returns whether this frame may go out: it might come between the other side's packets. */
  mayPlay(frame: Int16Array, nowMs: number): boolean {
    this.#allowance = Math.min(maxAtOnce, this.#allowance + packetsPerFrame);
    return !this.target && (frame !== silentFrame || nowMs - this.#lastMs >= graceMs);
  }

  /** What came at the other side, as it goes out here: the other law byte by byte in ours. Undefined: not at all. */
  admit(packet: RelayedPacket, nowMs: number): RelayedPacket | undefined {
    const law = this.#law();
    if (law === undefined || this.#allowance === 0) return undefined;
    this.#allowance -= 1;
    this.#lastMs = nowMs;
    if (packet.kind !== 'voice' || packet.law === law) return packet;
    return { ...packet, law, payload: encodeG711(law, decodeG711(packet.law, packet.payload)) };
  }
}
