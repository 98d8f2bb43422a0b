import type { RemoteInfo, Socket } from 'node:dgram';
import { ComfortNoise } from '../../../audio/comfort-noise.ts';
import type { G711Law } from '../../../audio/g711.ts';
import { type LineEar, RecognizerEar } from '../../../audio/line-ear.ts';
import type { LineQuality } from '../../../audio/line-quality.ts';
import { roundTripOf } from '../../../audio/reception-stats.ts';
import { parseRtcp, serializeRtcp, toNtp } from '../../../audio/rtcp.ts';
import { parseRtp, type RtpPacket } from '../../../audio/rtp.ts';
import { G711Codec } from '../../rtp/g711-codec.ts';
import type { LineCodec } from '../../rtp/line-codec.ts';
import { OpusCodec } from '../../rtp/opus-codec.ts';
import { comfortNoiseType, lawTypes } from '../../rtp/payload-types.ts';
import type { RelayedPacket, RelayEnd } from '../../rtp/relay-end.ts';
import { Relay } from '../../rtp/relay.ts';
import { SentStream } from '../../rtp/sent-stream.ts';
import type { AgreedMedia } from '../sdp/answer.ts';
import type { PortPool } from './port-range.ts';
import { ReceivedStream, type StreamListener } from './received-stream.ts';
import { Secrecy } from './secrecy.ts';
import { bindPair } from './socket-pair.ts';
import { SourceLock } from './source-lock.ts';

const maxPacketBytes = 1_500;
/** RFC 3550 §6.2: at least every 5 s. */
const reportEveryFrames = 250;

export interface RtpLegOptions {
  readonly host: string;
  readonly ports: PortPool;
  readonly listener: StreamListener;
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
  /** What a narrow band is listened to with. Absent: the recogniser's. */
  readonly ear?: () => LineEar;
}

/** The caller's audio and ours over RTP: G.711 or Opus, encrypted where that was agreed. */
export class RtpLeg implements RelayEnd {
  readonly port: number;
  readonly #options: RtpLegOptions;
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  readonly #lock = new SourceLock();
  readonly #ours = new SentStream();
  readonly #secrecy = new Secrecy();
  #theirs: ReceivedStream | undefined;
  #codec: { readonly name: string; readonly payloadType: number; readonly codec: LineCodec } | undefined;
  #media: AgreedMedia | undefined;
  #lastPacketMs: number;
  #frames = 0;
  readonly #relay = new Relay(() => this.law);
  #roundTripMs: number | undefined;
  #theirLossPct: number | undefined;
  #closed = false;

  private constructor(options: RtpLegOptions, port: number, rtp: Socket, rtcp: Socket) {
    this.#options = options;
    this.port = port;
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    this.#lastPacketMs = options.now();
    rtp.on('message', (bytes, from) => this.#safely(this.#receive, bytes, from));
    rtcp.on('message', (bytes, from) => this.#safely(this.#receiveReport, bytes, from));
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
    const nowMs = this.#options.now();
    const codec = this.#codecOf(media);
    const wasHeld = this.held;
    this.#media = media;
    this.#secrecy.agree(media.encryption);
    this.#lock.expect(media.remote?.address);
    this.#ours.use(codec, media);
    this.#theirs ??= new ReceivedStream(this.#options.listener, codec, nowMs);
    this.#theirs.use(codec, media.eventPayloadType);
    if (this.held) this.#theirs.excuse(nowMs);
    else if (wasHeld) this.#lastPacketMs = nowMs;
  }

  /** The caller has put us on hold, or sends nothing: silence is not a fault then. */
  get held(): boolean {
    const direction = this.#media?.direction;
    return direction === 'recvonly' || direction === 'inactive' || direction === 'sendonly';
  }

  /** Epoch ms of the caller's last packet; before the first one, and after a hold, of when they could send. */
  get lastPacketMs(): number {
    return this.#lastPacketMs;
  }

  get quality(): LineQuality {
    const { received = 0, lost = 0 } = this.#theirs?.counts ?? {};
    return {
      packetsReceived: received,
      packetsLost: lost,
      jitterMs: this.#theirs?.jitterMs ?? 0,
      roundTripMs: this.#roundTripMs,
      theirLossPct: this.#theirLossPct,
      soundlessMs: this.#theirs?.soundlessMs(this.#options.now()),
      codec: this.#media?.codec,
      encrypted: this.#media && this.#media.encryption !== undefined,
    };
  }

  /** Presses keys on the other side's menu (RFC 4733). False where it takes none, or one of them is no key. */
  sendKeys(keys: string): boolean {
    return this.#ours.press(keys);
  }

  /** Sends 20 ms of the agent, and sees to what is due on the other side. @param frame 320 samples at 16,000 Hz. */
  play(frame: Int16Array): void {
    if (this.#closed) return;
    const [media, target, nowMs] = [this.#media, this.#target, this.#options.now()];
    const sends = media && media.direction !== 'recvonly' && media.direction !== 'inactive';
    if (this.#relay.mayPlay(frame, nowMs) && sends && target) {
      const packet = this.#ours.next(frame);
      if (packet) this.#send(this.#rtp, this.#secrecy.sealRtp(packet), target);
    } else this.#ours.skip();
    if (this.held) this.#theirs?.excuse(nowMs);
    this.#theirs?.advance(nowMs);
    this.#frames += 1;
    if (this.#frames % reportEveryFrames === 0) this.#report(nowMs);
  }

  get law(): G711Law | undefined {
    const media = this.#media;
    const flows = media?.direction === 'sendrecv' && !this.#closed;
    return flows && media.codec !== 'opus' ? media.codec : undefined;
  }

  relayTo(other: RelayEnd | undefined): void {
    this.#relay.to(other);
    if (!other) this.#theirs?.listen(this.#options.now());
  }

  relay(packet: RelayedPacket): void {
    const target = this.#target;
    const admitted = target && this.#relay.admit(packet, this.#options.now());
    const bytes = admitted && this.#ours.relay(admitted);
    if (target && bytes) this.#send(this.#rtp, this.#secrecy.sealRtp(bytes), target);
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

  /** The one in use, as long as it is the same: it remembers what was before. */
  #codecOf({ codec: name, payloadType }: AgreedMedia): LineCodec {
    if (this.#codec?.name === name && this.#codec.payloadType === payloadType) return this.#codec.codec;
    const noise = new ComfortNoise(this.#ours.ssrc);
    const makeEar = this.#options.ear ?? (() => new RecognizerEar(this.#ours.ssrc));
    const codec =
      name === 'opus' ? new OpusCodec(payloadType, noise) : new G711Codec(name, payloadType, makeEar(), noise);
    this.#codec = { name, payloadType, codec };
    return codec;
  }

  #receive(bytes: Uint8Array, from: RemoteInfo): void {
    const theirs = this.#theirs;
    if (!theirs || this.#closed || bytes.length > maxPacketBytes) return;
    const opened = this.#secrecy.openRtp(bytes);
    const packet = opened && parseRtp(opened);
    if (!packet || !theirs.knows(packet.payloadType)) return;
    const nowMs = this.#options.now();
    if (!this.#lock.accepts({ address: from.address, port: from.port, ssrc: packet.ssrc }, nowMs)) return;
    this.#lastPacketMs = nowMs;
    const other = this.#relay.target;
    const relayed = other && this.#relayedOf(packet);
    if (relayed) {
      theirs.relayed(relayed, nowMs);
      other.relay(relayed);
    } else theirs.push(packet, nowMs);
  }

  #relayedOf(packet: RtpPacket): RelayedPacket | undefined {
    const [law, type] = [this.law, packet.payloadType];
    if (!law) return undefined;
    if (type === this.#media?.eventPayloadType) return { ...packet, law, kind: 'key' };
    if (type === comfortNoiseType) return { ...packet, law, kind: 'quiet' };
    return { ...packet, law: type === this.#media?.payloadType ? law : (lawTypes.get(type) ?? law), kind: 'voice' };
  }

  #report(nowMs: number): void {
    const target = this.#target;
    if (!target) return;
    const { seconds, fraction } = toNtp(nowMs);
    const { ssrc, timestamp, sent } = this.#ours;
    const sender = { ntpSeconds: seconds, ntpFraction: fraction, timestamp, ...sent };
    const block = this.#theirs?.block(nowMs);
    const bytes = serializeRtcp({ ssrc, sender, blocks: block ? [block] : [] }, `agent-${ssrc}`);
    this.#send(this.#rtcp, this.#secrecy.sealRtcp(bytes), { address: target.address, port: target.port + 1 });
  }

  #receiveReport(bytes: Uint8Array, from: RemoteInfo): void {
    if (this.#closed || bytes.length > maxPacketBytes || from.address !== this.#target?.address) return;
    const opened = this.#secrecy.openRtcp(bytes);
    if (!opened) return;
    const nowMs = this.#options.now();
    for (const { ssrc, sender, blocks } of parseRtcp(opened)) {
      if (sender) this.#theirs?.senderReport(ssrc, sender, nowMs);
      const ours = blocks.find((block) => block.ssrc === this.#ours.ssrc);
      if (!ours) continue;
      this.#theirLossPct = ours.lostShare * 100;
      this.#roundTripMs = roundTripOf(ours, nowMs) ?? this.#roundTripMs;
    }
  }

  #send(socket: Socket, bytes: Uint8Array, { address, port }: { address: string; port: number }): void {
    if (port > 65_535) return;
    try {
      // Without a callback a failure would be an error of the socket.
      socket.send(bytes, port, address, ignore);
    } catch (error) {
      this.#options.onFault(error);
    }
  }

  #safely(work: (bytes: Uint8Array, from: RemoteInfo) => void, bytes: Uint8Array, from: RemoteInfo): void {
    try {
      work.call(this, bytes, from);
    } catch (error) {
      this.#options.onFault(error);
    }
  }
}

const ignore = (): void => undefined;
