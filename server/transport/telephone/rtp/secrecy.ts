import type { Encryption } from '../sdp/answer.ts';
import { SrtpReceiver } from '../srtp/srtp-receiver.ts';
import { SrtpSender } from '../srtp/srtp-sender.ts';
import type { MasterKey } from '../srtp/session-keys.ts';

/** A leg's packets, sealed and opened as was agreed; where nothing was, they pass as they are. */
export class Secrecy {
  #agreed: Encryption | undefined;
  #sender: SrtpSender | undefined;
  #receiver: SrtpReceiver | undefined;

  /** Keys that stay keep counting: a sequence of packets must never be encrypted twice in the same way. */
  agree(encryption: Encryption | undefined): void {
    const before = this.#agreed;
    this.#agreed = encryption;
    const sameSuite = before?.suite === encryption?.suite;
    if (!sameSuite || !isSame(before?.ours, encryption?.ours)) {
      this.#sender = encryption && new SrtpSender(encryption.suite, encryption.ours);
    }
    if (!sameSuite || !isSame(before?.theirs, encryption?.theirs)) {
      this.#receiver = encryption && new SrtpReceiver(encryption.suite, encryption.theirs);
    }
  }

  sealRtp(packet: Buffer): Buffer {
    return this.#sender ? this.#sender.rtp(packet) : packet;
  }

  sealRtcp(packet: Buffer): Buffer {
    return this.#sender ? this.#sender.rtcp(packet) : packet;
  }

  /** Undefined for what is not genuine. */
  openRtp(packet: Uint8Array): Uint8Array | undefined {
    return this.#receiver ? this.#receiver.rtp(packet) : packet;
  }

  openRtcp(packet: Uint8Array): Uint8Array | undefined {
    return this.#receiver ? this.#receiver.rtcp(packet) : packet;
  }
}

function isSame(one: MasterKey | undefined, other: MasterKey | undefined): boolean {
  if (!one || !other) return one === other;
  return Buffer.compare(one.key, other.key) === 0 && Buffer.compare(one.salt, other.salt) === 0;
}
