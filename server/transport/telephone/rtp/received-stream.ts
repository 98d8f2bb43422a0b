import { announcedLevel } from '../../../audio/comfort-noise.ts';
import { decodeG711 } from '../../../audio/g711.ts';
import { JitterBuffer, type Played } from '../../../audio/jitter-buffer.ts';
import { ReceptionStats } from '../../../audio/reception-stats.ts';
import type { SenderInfo, ReportBlock } from '../../../audio/rtcp.ts';
import type { RtpPacket } from '../../../audio/rtp.ts';
import { Soundless } from '../../../audio/soundless.ts';
import { KeyReceiver } from '../../../audio/telephone-event.ts';
import type { LineCodec } from '../../rtp/line-codec.ts';
import { comfortNoiseType } from '../../rtp/payload-types.ts';
import type { RelayedPacket } from '../../rtp/relay-end.ts';

const frameMs = 20;
/** Of the noise that stands in for a line that sends nothing. */
const quietLevel = 8;

export interface StreamListener {
  /** Int16 mono at 16,000 Hz, as it comes; a telephone's narrow band is repaired for a recogniser. */
  audio(samples: Int16Array): void;
  keyPressed(key: string): void;
}

/** The other side's RTP stream: in order, without holes, its key presses told apart. */
export class ReceivedStream {
  readonly #listener: StreamListener;
  readonly #soundless: Soundless;
  #codec: LineCodec;
  #eventPayloadType: number | undefined;
  #keys = new KeyReceiver();
  #jitter: JitterBuffer<RtpPacket>;
  #stats: ReceptionStats | undefined;
  #earlier = { received: 0, lost: 0 };
  #noiseLevel = quietLevel;
  #lastAudioMs: number;
  /** What comes is for others: counted, not listened to. */
  #relayed = false;

  constructor(listener: StreamListener, codec: LineCodec, nowMs: number) {
    this.#listener = listener;
    this.#codec = codec;
    this.#jitter = new JitterBuffer(codec.clockRateHz);
    this.#soundless = new Soundless(nowMs);
    this.#lastAudioMs = nowMs;
  }

  use(codec: LineCodec, eventPayloadType: number | undefined): void {
    if (codec.clockRateHz !== this.#codec.clockRateHz) this.#jitter = new JitterBuffer(codec.clockRateHz);
    this.#codec = codec;
    this.#eventPayloadType = eventPayloadType;
  }

  get ssrc(): number | undefined {
    return this.#stats?.ssrc;
  }

  get counts(): { received: number; lost: number } {
    const { received, lost } = this.#stats?.counts ?? { received: 0, lost: 0 };
    return { received: this.#earlier.received + received, lost: this.#earlier.lost + lost };
  }

  get jitterMs(): number {
    return this.#jitter.jitterMs;
  }

  soundlessMs(nowMs: number): number {
    return this.#soundless.longestMs(nowMs);
  }

  /** Nothing is owed, as on hold: silence is no fault. */
  excuse(nowMs: number): void {
    this.#soundless.excuse(nowMs);
  }

  /** What was not agreed on is nobody's business here. */
  knows(payloadType: number): boolean {
    return payloadType === this.#eventPayloadType || payloadType === comfortNoiseType || this.#codec.knows(payloadType);
  }

  push(packet: RtpPacket, nowMs: number): void {
    this.listen(nowMs);
    this.#count(packet);
    if (packet.payloadType === this.#eventPayloadType) {
      for (const key of this.#keys.push(packet, nowMs) ?? '') this.#listener.keyPressed(key);
    }
    this.#emit(this.#jitter.push(packet, packet, nowMs), nowMs);
  }

  /** Somebody else listens to it. */
  relayed(packet: RelayedPacket, nowMs: number): void {
    this.#relayed = true;
    this.#count(packet);
    // For its measure of the line.
    this.#jitter.push(packet, packet, nowMs);
    if (packet.kind === 'voice') this.#soundless.heard(decodeG711(packet.law, packet.payload), nowMs);
    else this.#soundless.restart(nowMs);
  }

  /** What comes is to be listened to from now on. */
  listen(nowMs: number): void {
    if (!this.#relayed) return;
    this.#relayed = false;
    this.#lastAudioMs = nowMs;
    this.#keys = new KeyReceiver();
    // What waited has been heard elsewhere.
    this.#jitter.advance(Infinity);
  }

  /** To be called every 20 ms: gives up lost packets, and fills the time while nothing comes at all. */
  advance(nowMs: number): void {
    if (this.#relayed) {
      this.#jitter.advance(nowMs);
      return;
    }
    this.#emit(this.#jitter.advance(nowMs), nowMs);
    for (const key of this.#keys.advance(nowMs) ?? '') this.#listener.keyPressed(key);
    // The listener's clock goes on while the line sends nothing: a pause, silence suppression, or loss.
    if (this.#stats && nowMs - this.#lastAudioMs >= this.#jitter.waitMs + 2 * frameMs) {
      this.#lastAudioMs += frameMs;
      this.#hear(this.#codec.quiet(this.#noiseLevel));
    }
  }

  block(nowMs: number): ReportBlock | undefined {
    return this.#stats?.block((this.#jitter.jitterMs * this.#codec.clockRateHz) / 1_000, nowMs);
  }

  senderReport(ssrc: number, sender: SenderInfo, nowMs: number): void {
    if (ssrc === this.#stats?.ssrc) this.#stats.senderReport(sender, nowMs);
  }

  #count(packet: RtpPacket): void {
    if (this.#stats?.ssrc !== packet.ssrc) {
      if (this.#stats) {
        this.#earlier = this.counts;
        // Another stream has other numbers and times.
        this.#jitter = new JitterBuffer(this.#codec.clockRateHz);
        this.#keys = new KeyReceiver();
      }
      this.#stats = new ReceptionStats(packet.ssrc, packet.sequenceNumber);
    }
    this.#stats.packet(packet.sequenceNumber);
  }

  #emit(played: readonly Played<RtpPacket>[], nowMs: number): void {
    for (const one of played) this.#hear('lost' in one ? this.#codec.lost() : this.#decode(one.item, nowMs));
  }

  #hear(samples: Int16Array): void {
    this.#listener.audio(this.#codec.forEar(samples));
  }

  #decode({ payloadType, payload }: RtpPacket, nowMs: number): Int16Array {
    this.#lastAudioMs = nowMs;
    if (payloadType !== this.#eventPayloadType && this.#codec.knows(payloadType)) {
      const samples = this.#codec.decode(payloadType, payload);
      this.#soundless.heard(samples, nowMs);
      return samples;
    }
    this.#soundless.restart(nowMs);
    if (payloadType === comfortNoiseType) this.#noiseLevel = announcedLevel(payload);
    // A key press sounds like nothing: the recogniser would take its tone for speech.
    return this.#codec.quiet(this.#noiseLevel);
  }
}
