import { keyEvents } from './telephone-event.ts';

/** One key, in 20 ms frames: so long is it down, then its end is told three times, then a rest (RFC 4733 §2.5.1.3). */
const downFrames = 5;
const endPackets = 3;
const framesPerKey = 10;
/** More than any menu asks for. */
const maxWaiting = 64;
/** -10 dBm0, as telephones send. */
const volume = 10;

/** A frame of a key press. */
export interface KeyPacket {
  readonly payload: Uint8Array;
  /** Of the press's beginning: all its packets have it. */
  readonly timestamp: number;
  /** On the first of them. */
  readonly marker: boolean;
}

/** Presses keys for us: packets that take the place of the voice's. One a stream. */
export class KeySender {
  readonly #frameTicks: number;
  #waiting: number[] = [];
  #startedAt = 0;
  #frame = 0;

  /** @param frameTicks of the RTP clock in 20 ms. */
  constructor(frameTicks: number) {
    this.#frameTicks = frameTicks;
  }

  /** @returns false, and presses none of them, when one is no key or too many are waiting. */
  press(keys: string): boolean {
    const events = [...keys.toUpperCase()].map((key) => keyEvents.indexOf(key));
    if (events.includes(-1) || this.#waiting.length + events.length > maxWaiting) return false;
    this.#waiting.push(...events);
    return true;
  }

  /** What goes out now instead of the voice. To be called for each frame. @param timestamp the frame's. */
  next(timestamp: number): KeyPacket | undefined {
    const event = this.#waiting[0];
    if (event === undefined) return undefined;
    if (this.#frame === 0) this.#startedAt = timestamp;
    this.#frame += 1;
    const frame = this.#frame;
    if (frame === framesPerKey) {
      this.#waiting.shift();
      this.#frame = 0;
    }
    if (frame >= downFrames + endPackets) return undefined;
    const duration = Math.min(frame, downFrames) * this.#frameTicks;
    const flags = (frame >= downFrames ? 0x80 : 0) | volume;
    const payload = Uint8Array.of(event, flags, duration >> 8, duration & 0xff);
    return { payload, timestamp: this.#startedAt, marker: frame === 1 };
  }
}
