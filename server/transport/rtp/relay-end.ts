import type { G711Law } from '../../audio/g711.ts';
import type { RtpPacket } from '../../audio/rtp.ts';

/** A packet on its way from one side of a joined call to the other, at 8,000 Hz. */
export interface RelayedPacket extends RtpPacket {
  /** `key`: RFC 4733. `quiet`: comfort noise, RFC 3389. */
  readonly kind: 'voice' | 'key' | 'quiet';
  /** Of a voice. */
  readonly law: G711Law;
}

/** One side of a call that two people talk in, where its packets can be handed to the other side as they are. */
export interface RelayEnd {
  /** How it hears and speaks now; undefined while it cannot be relayed: another codec, or on hold. */
  readonly law: G711Law | undefined;
  /**
   * From now on what comes here goes to the other side, whenever both have a law; else it is listened to, as before. The
   * other side must be told the same of this one.
   *
   * @param other undefined: no more.
   */
  relayTo(other: RelayEnd | undefined): void;
  /** Sends on what came at the other side. */
  relay(packet: RelayedPacket): void;
}
