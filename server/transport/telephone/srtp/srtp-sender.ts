import { rtpHeaderBytes, sequenceDistance } from '../../../audio/rtp.ts';
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
  /** Sequence number and rollovers (RFC 3711 §3.3.1) of the packet that is furthest on. */
  #newest: number | undefined;
  #rtcpIndex = 0;

  constructor(suite: Suite, master: MasterKey) {
    this.#rtp = new Protection(master, 'rtp');
    this.#rtcp = new Protection(master, 'rtcp');
    this.#tagBytes = rtpTagBytes(suite);
  }

  /** @param packet RTP; never two with one sequence number, and none from before the first. One that was overtaken may be late. */
  rtp(packet: Uint8Array): Buffer {
    const start = rtpHeaderBytes(packet);
    if (start === undefined) throw new Error('Cannot encrypt what is no RTP packet.');
    const safe = Buffer.allocUnsafe(packet.length + this.#tagBytes);
    safe.set(packet);
    const sequenceNumber = safe.readUInt16BE(2);
    const newest = this.#newest ?? sequenceNumber;
    const index = newest + sequenceDistance(newest & 0xffff, sequenceNumber);
    this.#newest = Math.max(newest, index);
    this.#rtp.crypt(safe.subarray(start, packet.length), safe.readUInt32BE(8), index);
    safe.set(
      this.#rtp.tag(safe.subarray(0, packet.length), this.#tagBytes, Math.floor(index / 0x10000)),
      packet.length,
    );
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
