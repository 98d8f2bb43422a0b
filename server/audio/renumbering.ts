import { ReplayWindow } from './replay-window.ts';
import { sequenceDistance } from './rtp.ts';

/** Further ahead or behind than this is no loss and no disorder: the stream has begun anew (RFC 3550 §A.1). */
const maxAhead = 3_000;
const maxBehind = 100;

/** A packet's place in its stream. */
export interface RtpPlace {
  readonly ssrc: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
}

export interface OwnPlace {
  readonly sequenceNumber: number;
  readonly timestamp: number;
}

/**
 * Gives the packets of another's stream a place in ours: gaps and disorder stay what they are, the numbers are ours. No
 * number is given twice, which encryption could not bear (RFC 3711 §9.1).
 */
export class Renumbering {
  #theirs: { readonly ssrc: number; readonly timestamp: number; sequenceNumber: number; position: number } | undefined;
  #ours: OwnPlace = { sequenceNumber: 0, timestamp: 0 };
  #passedOver = 0;
  #given = new ReplayWindow();

  /** Whatever comes next begins at the next free place: something else was sent meanwhile. */
  restart(): void {
    this.#theirs = undefined;
  }

  /**
   * @param free where the next packet of ours would be; asked for when theirs begins.
   * @returns undefined for a packet that was there already, or is too late. `furthest`: none is ahead of it.
   */
  place(packet: RtpPlace, free: () => OwnPlace): (OwnPlace & { first: boolean; furthest: boolean }) | undefined {
    const { position, furthest, first } = this.#locate(packet);
    if (first) this.#ours = free();
    const index = position - this.#passedOver;
    if (index < 0 || !this.#given.isNew(index)) return undefined;
    this.#given.add(index);
    return {
      sequenceNumber: (this.#ours.sequenceNumber + index) & 0xffff,
      timestamp: (this.#ours.timestamp + packet.timestamp - (this.#theirs?.timestamp ?? 0)) >>> 0,
      first,
      furthest,
    };
  }

  /** This one is not for the other side: those behind it move up, so that nothing seems lost. */
  passOver(packet: RtpPlace): void {
    const { furthest, first } = this.#locate(packet);
    if (first) this.restart();
    else if (furthest) this.#passedOver += 1;
  }

  /** Counted from the first packet of their stream. */
  #locate({ ssrc, sequenceNumber, timestamp }: RtpPlace): { position: number; furthest: boolean; first: boolean } {
    const theirs = this.#theirs;
    const ahead = theirs?.ssrc === ssrc ? sequenceDistance(theirs.sequenceNumber, sequenceNumber) : Infinity;
    if (!theirs || ahead > maxAhead || ahead < -maxBehind) {
      this.#theirs = { ssrc, timestamp, sequenceNumber, position: 0 };
      this.#passedOver = 0;
      this.#given = new ReplayWindow();
      return { position: 0, furthest: true, first: true };
    }
    const position = theirs.position + ahead;
    if (ahead <= 0) return { position, furthest: false, first: false };
    theirs.sequenceNumber = sequenceNumber;
    theirs.position = position;
    return { position, furthest: true, first: false };
  }
}
