import { randomInt } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { BandExtension } from '../../../audio/band-extension.ts';
import { announcedLevel, ComfortNoise } from '../../../audio/comfort-noise.ts';
import { Concealer } from '../../../audio/concealment.ts';
import { sampleRateHz, silentFrame } from '../../../audio/frame.ts';
import { decodeG711, encodeG711, type G711Law } from '../../../audio/g711.ts';
import { JitterBuffer, type Played } from '../../../audio/jitter-buffer.ts';
import type { LineQuality } from '../../../audio/line-quality.ts';
import { ReceptionStats, roundTripOf } from '../../../audio/reception-stats.ts';
import { parseRtcp, serializeRtcp, toNtp } from '../../../audio/rtcp.ts';
import { Resampler } from '../../../audio/resampler.ts';
import { parseRtp, type RtpPacket, serializeRtp } from '../../../audio/rtp.ts';
import { KeyReceiver } from '../../../audio/telephone-event.ts';
import type { AgreedMedia } from '../sdp/answer.ts';
import type { PortPool } from './port-range.ts';
import { SourceLock } from './source-lock.ts';

const clockRateHz = 8_000;
const frameSamples = 160;
const frameMs = 20;
const maxPacketBytes = 1_500;
/** RFC 3550 §6.2: at least every 5 s. */
const reportEveryFrames = 250;
const comfortNoiseType = 13;
/** Static payload types; some send the other law than the one that was agreed. */
const staticLaws: ReadonlyMap<number, G711Law> = new Map([
  [0, 'PCMU'],
  [8, 'PCMA'],
]);
/** Of the noise that stands in for a line that sends nothing. */
const quietLevel = 8;

export interface RtpLegListener {
  /** Int16 mono at 16,000 Hz, as it comes, with its band repaired for a recogniser. */
  audio(samples: Int16Array): void;
  keyPressed(key: string): void;
}

export interface RtpLegOptions {
  readonly host: string;
  readonly ports: PortPool;
  readonly listener: RtpLegListener;
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
}

/** The caller's audio and ours over RTP, with G.711 (RFC 3551). */
export class RtpLeg {
  readonly port: number;
  readonly #options: RtpLegOptions;
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  readonly #ssrc = randomInt(1, 0xffffffff);
  #sequenceNumber = randomInt(0x10000);
  #timestamp = randomInt(0x100000000);
  readonly #sent = { packets: 0, bytes: 0 };
  readonly #down = new Resampler(sampleRateHz, clockRateHz);
  /** The recogniser was made for twice a telephone's band. */
  readonly #band = new BandExtension();
  readonly #concealer = new Concealer();
  readonly #noise = new ComfortNoise(this.#ssrc);
  #noiseLevel = quietLevel;
  readonly #keys = new KeyReceiver();
  readonly #lock = new SourceLock();
  #jitter = new JitterBuffer<RtpPacket>(clockRateHz);
  #stats: ReceptionStats | undefined;
  #earlier = { received: 0, lost: 0 };
  #media: AgreedMedia | undefined;
  #lastPacketMs: number | undefined;
  #lastAudioMs: number;
  #frames = 0;
  #roundTripMs: number | undefined;
  #theirLossPct: number | undefined;
  #closed = false;

  private constructor(options: RtpLegOptions, port: number, rtp: Socket, rtcp: Socket) {
    this.#options = options;
    this.port = port;
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    this.#lastAudioMs = options.now();
    // From here on a frame in is a packet out.
    this.#down.push(silentFrame);
    rtp.on('message', (bytes, from) => this.#safely(() => this.#receive(bytes, from)));
    rtcp.on('message', (bytes, from) => this.#safely(() => this.#receiveReport(bytes, from)));
    for (const socket of [rtp, rtcp]) socket.on('error', options.onFault);
  }

  /** Undefined when every port of the range is in use. */
  static async open(options: RtpLegOptions): Promise<RtpLeg | undefined> {
    const { host, ports } = options;
    for (let tries = 0; tries < 10; tries += 1) {
      const port = ports.take();
      if (port === undefined) return undefined;
      const bound = await bindPair(host, port);
      if (bound) return new RtpLeg(options, port, ...bound);
      // Another program has it now; it may be free later.
      ports.giveBack(port);
    }
    return undefined;
  }

  /** To be called with each agreement: the first, and those that change it. */
  agree(media: AgreedMedia): void {
    this.#media = media;
    this.#lock.expect(media.remote?.address);
  }

  /** The caller has put us on hold, or sends nothing: silence is not a fault then. */
  get held(): boolean {
    const direction = this.#media?.direction;
    return direction === 'recvonly' || direction === 'inactive' || direction === 'sendonly';
  }

  /** Epoch ms of the caller's last packet, or of the opening. */
  get lastPacketMs(): number {
    return this.#lastPacketMs ?? this.#lastAudioMs;
  }

  get hasReceived(): boolean {
    return this.#lastPacketMs !== undefined;
  }

  get quality(): LineQuality {
    const now = this.#stats?.counts ?? { received: 0, lost: 0 };
    return {
      packetsReceived: this.#earlier.received + now.received,
      packetsLost: this.#earlier.lost + now.lost,
      jitterMs: this.#jitter.jitterMs,
      roundTripMs: this.#roundTripMs,
      theirLossPct: this.#theirLossPct,
    };
  }

  /** Sends 20 ms of the agent, and sees to what is due on the other side. @param frame 320 samples at 16,000 Hz. */
  play(frame: Int16Array): void {
    if (this.#closed) return;
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + frameSamples) >>> 0;
    const samples = this.#down.push(frame);
    const media = this.#media;
    const target = this.#target;
    if (media && target && media.direction !== 'recvonly' && media.direction !== 'inactive') {
      const payload = encodeG711(media.codec, samples);
      const { payloadType } = media;
      const [sequenceNumber, timestamp, ssrc] = [this.#sequenceNumber, this.#timestamp, this.#ssrc];
      const marker = this.#sent.packets === 0;
      this.#send(this.#rtp, serializeRtp({ payloadType, marker, sequenceNumber, timestamp, ssrc, payload }), target);
      this.#sent.packets += 1;
      this.#sent.bytes += payload.length;
    }
    this.#tick(this.#options.now());
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#rtp.close();
    this.#rtcp.close();
    this.#options.ports.giveBack(this.port);
  }

  /** Where the caller's packets come from, once they do; before that, where the description says. */
  get #target(): { address: string; port: number } | undefined {
    return this.#lock.source ?? this.#media?.remote;
  }

  #tick(nowMs: number): void {
    this.#emit(this.#jitter.advance(nowMs));
    const key = this.#keys.advance(nowMs);
    if (key !== undefined) this.#options.listener.keyPressed(key);
    // The listener's clock goes on while the line sends nothing: a pause, silence suppression, or loss.
    if (this.hasReceived && nowMs - this.#lastAudioMs >= this.#jitter.waitMs + 2 * frameMs) {
      this.#lastAudioMs += frameMs;
      this.#hear(this.#noise.make(frameSamples, this.#noiseLevel));
    }
    this.#frames += 1;
    if (this.#frames % reportEveryFrames === 0) this.#report(nowMs);
  }

  #receive(bytes: Uint8Array, from: RemoteInfo): void {
    const media = this.#media;
    const packet = bytes.length <= maxPacketBytes ? parseRtp(bytes) : undefined;
    if (!packet || !media || this.#closed) return;
    const nowMs = this.#options.now();
    const known = packet.payloadType === media.eventPayloadType || packet.payloadType === comfortNoiseType;
    if (!known && this.#lawOf(packet.payloadType) === undefined) return;
    if (!this.#lock.accepts({ address: from.address, port: from.port, ssrc: packet.ssrc }, nowMs)) return;
    this.#lastPacketMs = nowMs;
    this.#count(packet);
    if (packet.payloadType === media.eventPayloadType) this.#press(packet, nowMs);
    // The payload is a view of memory that the socket may use again.
    const kept = { ...packet, payload: packet.payload.slice() };
    this.#emit(this.#jitter.push(packet, kept, nowMs));
  }

  #press(packet: RtpPacket, nowMs: number): void {
    for (const key of this.#keys.push(packet, nowMs) ?? '') this.#options.listener.keyPressed(key);
  }

  #count(packet: RtpPacket): void {
    if (this.#stats?.ssrc !== packet.ssrc) {
      const before = this.#stats?.counts;
      if (before) {
        this.#earlier = { received: this.#earlier.received + before.received, lost: this.#earlier.lost + before.lost };
        this.#jitter = new JitterBuffer(clockRateHz);
      }
      this.#stats = new ReceptionStats(packet.ssrc, packet.sequenceNumber);
    }
    this.#stats.packet(packet.sequenceNumber);
  }

  #emit(played: readonly Played<RtpPacket>[]): void {
    for (const one of played) {
      if ('lost' in one) this.#hear(this.#concealer.lost(frameSamples));
      else this.#decode(one.item);
    }
  }

  #decode({ payloadType, payload }: RtpPacket): void {
    this.#lastAudioMs = this.#options.now();
    const law = this.#lawOf(payloadType);
    if (law) {
      this.#hear(this.#concealer.heard(decodeG711(law, payload)));
      return;
    }
    if (payloadType === comfortNoiseType) this.#noiseLevel = announcedLevel(payload);
    // A key press sounds like nothing: the recogniser would take its tone for speech.
    this.#hear(this.#noise.make(frameSamples, this.#noiseLevel));
  }

  #hear(samples: Int16Array): void {
    this.#options.listener.audio(this.#band.push(samples));
  }

  #lawOf(payloadType: number): G711Law | undefined {
    return payloadType === this.#media?.payloadType ? this.#media.codec : staticLaws.get(payloadType);
  }

  #report(nowMs: number): void {
    const target = this.#target;
    if (!target) return;
    const { seconds, fraction } = toNtp(nowMs);
    const sender = { ntpSeconds: seconds, ntpFraction: fraction, timestamp: this.#timestamp, ...this.#sent };
    const block = this.#stats?.block((this.#jitter.jitterMs * clockRateHz) / 1_000, nowMs);
    const bytes = serializeRtcp({ ssrc: this.#ssrc, sender, blocks: block ? [block] : [] }, `agent-${this.#ssrc}`);
    this.#send(this.#rtcp, bytes, { address: target.address, port: target.port + 1 });
  }

  #receiveReport(bytes: Uint8Array, from: RemoteInfo): void {
    if (this.#closed || bytes.length > maxPacketBytes || from.address !== this.#target?.address) return;
    const nowMs = this.#options.now();
    for (const { ssrc, sender, blocks } of parseRtcp(bytes)) {
      if (sender && ssrc === this.#stats?.ssrc) this.#stats.senderReport(sender, nowMs);
      const ours = blocks.find((block) => block.ssrc === this.#ssrc);
      if (!ours) continue;
      this.#theirLossPct = ours.lostShare * 100;
      this.#roundTripMs = roundTripOf(ours, nowMs) ?? this.#roundTripMs;
    }
  }

  #send(socket: Socket, bytes: Uint8Array, { address, port }: { address: string; port: number }): void {
    if (port > 65_535) return;
    // Without a callback a failure would be an error of the socket.
    this.#safely(() => socket.send(bytes, port, address, () => undefined));
  }

  #safely(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.onFault(error);
    }
  }
}

async function bindPair(host: string, port: number): Promise<[Socket, Socket] | undefined> {
  const pair = [port, port + 1].map(() => createSocket(isIPv6(host) ? 'udp6' : 'udp4')) as [Socket, Socket];
  try {
    await Promise.all(
      pair.map(async (socket, index) => {
        const bound = once(socket, 'listening');
        socket.bind(port + index, host);
        await bound;
      }),
    );
    return pair;
  } catch {
    for (const socket of pair) socket.close();
    return undefined;
  }
}
