import { ReplayWindow } from '../../../audio/replay-window.ts';
import { rtpHeaderBytes } from '../../../audio/rtp.ts';
import { Protection, rtcpTagBytes, rtpTagBytes, type Suite } from './protection.ts';
import type { MasterKey } from './session-keys.ts';

const encryptedFlag = 0x80000000;
const rtcpClearBytes = 8;
/** 4 of an RTCP packet's index. */
const leastRtcpBytes = rtcpClearBytes + 4 + rtcpTagBytes;

/** More sources than this in one call are nobody's telephone. */
const maxStreams = 16;

interface Stream {
  readonly replay: ReplayWindow;
  rollovers: number;
  newest: number;
}

/**
 * Checks and opens the other side's packets (RFC 3711 §3.3). What is not genuine, or came before, is undefined and
 * changes nothing. Never throws.
 */
export class SrtpReceiver {
  readonly #rtp: Protection;
  readonly #rtcp: Protection;
  readonly #tagBytes: number;
  /** By their source, only of genuine packets. */
  readonly #streams = new Map<number, Stream>();
  readonly #reports = new Map<number, ReplayWindow>();

  constructor(suite: Suite, master: MasterKey) {
    this.#rtp = new Protection(master, 'rtp');
    this.#rtcp = new Protection(master, 'rtcp');
    this.#tagBytes = rtpTagBytes(suite);
  }

  rtp(packet: Uint8Array): Buffer | undefined {
    const end = packet.length - this.#tagBytes;
    const start = end > 0 ? rtpHeaderBytes(packet.subarray(0, end)) : undefined;
    if (start === undefined) return undefined;
    const plain = Buffer.from(packet.subarray(0, end));
    const sequenceNumber = plain.readUInt16BE(2);
    const ssrc = plain.readUInt32BE(8);
    const known = this.#streams.get(ssrc);
    if (!known && this.#streams.size >= maxStreams) return undefined;
    const rollovers = known ? guessRollovers(known, sequenceNumber) : 0;
    const index = rollovers * 0x10000 + sequenceNumber;
    if (rollovers < 0 || known?.replay.isNew(index) === false) return undefined;
    if (!this.#rtp.isGenuine(plain, packet.subarray(end), rollovers)) return undefined;
    this.#remember(known, ssrc, rollovers, sequenceNumber);
    this.#rtp.crypt(plain.subarray(start), ssrc, index);
    return plain;
  }

  rtcp(packet: Uint8Array): Buffer | undefined {
    const end = packet.length - 4 - rtcpTagBytes;
    if (packet.length < leastRtcpBytes) return undefined;
    const signed = packet.subarray(0, end + 4);
    if (!this.#rtcp.isGenuine(signed, packet.subarray(end + 4), undefined)) return undefined;
    const plain = Buffer.from(packet.subarray(0, end));
    const ssrc = plain.readUInt32BE(4);
    const word = Buffer.from(signed).readUInt32BE(end);
    const index = word % encryptedFlag;
    const replay = this.#reports.get(ssrc) ?? new ReplayWindow();
    if (!replay.isNew(index) || this.#reports.size > maxStreams) return undefined;
    replay.add(index);
    this.#reports.set(ssrc, replay);
    if (word >= encryptedFlag) this.#rtcp.crypt(plain.subarray(rtcpClearBytes), ssrc, index);
    return plain;
  }

  #remember(known: Stream | undefined, ssrc: number, rollovers: number, sequenceNumber: number): void {
    const stream = known ?? { replay: new ReplayWindow(), rollovers, newest: sequenceNumber };
    this.#streams.set(ssrc, stream);
    stream.replay.add(rollovers * 0x10000 + sequenceNumber);
    const isNewer = rollovers > stream.rollovers || sequenceNumber > stream.newest;
    if (rollovers < stream.rollovers || !isNewer) return;
    stream.rollovers = rollovers;
    stream.newest = sequenceNumber;
  }
}

/** How often the sequence number has gone around, by the newest packet (RFC 3711 §3.3.1). */
function guessRollovers({ rollovers, newest }: Stream, sequenceNumber: number): number {
  if (newest < 0x8000) return sequenceNumber - newest > 0x8000 ? rollovers - 1 : rollovers;
  return newest - 0x8000 > sequenceNumber ? rollovers + 1 : rollovers;
}
