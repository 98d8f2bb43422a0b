import { rtpHeaderBytes } from '../../../audio/rtp.ts';
import { Protection, rtcpTagBytes, rtpTagBytes, type Suite } from './protection.ts';
import type { MasterKey } from './session-keys.ts';

const encryptedFlag = 0x80000000;
/** Of an RTCP packet, what stays readable: the header and who sends it. */
const rtcpClearBytes = 8;

/** Makes our packets safe (RFC 3711). For one stream of ours. */
export class SrtpSender {
  readonly #rtp: Protection;
  readonly #rtcp: Protection;
  readonly #tagBytes: number;
  #rollovers = 0;
  #lastSequenceNumber: number | undefined;
  #rtcpIndex = 0;

  constructor(suite: Suite, master: MasterKey) {
    this.#rtp = new Protection(master, 'rtp');
    this.#rtcp = new Protection(master, 'rtcp');
    this.#tagBytes = rtpTagBytes(suite);
  }

  /** @param packet RTP; in the order of its sequence numbers. */
  rtp(packet: Uint8Array): Buffer {
    const start = rtpHeaderBytes(packet);
    if (start === undefined) throw new Error('Cannot encrypt what is no RTP packet.');
    const safe = Buffer.allocUnsafe(packet.length + this.#tagBytes);
    safe.set(packet);
    const sequenceNumber = safe.readUInt16BE(2);
    if (this.#lastSequenceNumber !== undefined && sequenceNumber < this.#lastSequenceNumber) this.#rollovers += 1;
    this.#lastSequenceNumber = sequenceNumber;
    const index = this.#rollovers * 0x10000 + sequenceNumber;
    this.#rtp.crypt(safe.subarray(start, packet.length), safe.readUInt32BE(8), index);
    safe.set(this.#rtp.tag(safe.subarray(0, packet.length), this.#tagBytes, this.#rollovers), packet.length);
    return safe;
  }

  rtcp(packet: Uint8Array): Buffer {
    const safe = Buffer.allocUnsafe(packet.length + 4 + rtcpTagBytes);
    safe.set(packet);
    const index = this.#rtcpIndex;
    this.#rtcpIndex = (index + 1) % encryptedFlag;
    this.#rtcp.crypt(safe.subarray(rtcpClearBytes, packet.length), safe.readUInt32BE(4), index);
    safe.writeUInt32BE(encryptedFlag + index, packet.length);
    const signed = safe.subarray(0, packet.length + 4);
    safe.set(this.#rtcp.tag(signed, rtcpTagBytes, undefined), signed.length);
    return safe;
  }
}
