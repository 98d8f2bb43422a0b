import { randomInt } from 'node:crypto';
import { KeySender } from '../../audio/key-sender.ts';
import { type OwnPlace, Renumbering } from '../../audio/renumbering.ts';
import { serializeRtp } from '../../audio/rtp.ts';
import type { RelayedPacket } from './relay-end.ts';
import { comfortNoiseType } from './payload-types.ts';
import type { LineCodec } from './line-codec.ts';

const framesPerSecond = 50;

export type VoiceEncoder = Pick<LineCodec, 'clockRateHz' | 'encode'>;

export interface SentTypes {
  readonly payloadType: number;
  /** Of RFC 4733 key presses, where the other side takes them. */
  readonly eventPayloadType: number | undefined;
}

/** Our RTP stream: the agent's frames, key presses in their place, or what came at another leg. */
export class SentStream {
  readonly ssrc = randomInt(1, 0xffffffff);
  // Low, so that whoever loses our first encrypted packets does not miss a wrap (RFC 3711 §3.3.1).
  #sequenceNumber = randomInt(0x8000);
  #timestamp = randomInt(0x100000000);
  #codec: VoiceEncoder | undefined;
  #types: SentTypes | undefined;
  #keys: KeySender | undefined;
  readonly #renumbering = new Renumbering();
  /** Where the sound ends that came at another leg. */
  #relayedUntil: number | undefined;
  #flowing = false;
  #packets = 0;
  #bytes = 0;

  use(codec: VoiceEncoder, types: SentTypes): void {
    if (codec.clockRateHz !== this.#codec?.clockRateHz) this.#keys = undefined;
    this.#codec = codec;
    this.#types = types;
    this.#keys ??= new KeySender(this.#frameTicks);
    // Other keys may encrypt it now: nothing from before may come after.
    this.#renumbering.restart();
    this.#relayedUntil = undefined;
  }

  get timestamp(): number {
    return this.#timestamp;
  }

  get sent(): { packets: number; bytes: number } {
    return { packets: this.#packets, bytes: this.#bytes };
  }

  /** False where the other side takes no key presses, or one of them is no key. */
  press(keys: string): boolean {
    return this.#types?.eventPayloadType !== undefined && this.#keys?.press(keys) === true;
  }

  /** @returns the packet of this frame. */
  next(frame: Int16Array): Buffer | undefined {
    const [codec, types] = [this.#codec, this.#types];
    if (!codec || !types) return undefined;
    const place = this.#free();
    this.#timestamp = place.timestamp;
    this.#sequenceNumber = place.sequenceNumber;
    this.#renumbering.restart();
    // Also under a key press: what a codec remembers must not have holes.
    const voice = codec.encode(frame);
    const key = types.eventPayloadType === undefined ? undefined : this.#keys?.next(this.#timestamp);
    const marker = key ? key.marker : !this.#flowing;
    this.#flowing = !key;
    const payload = key?.payload ?? voice;
    this.#count(payload);
    return serializeRtp({
      payloadType: (key ? types.eventPayloadType : undefined) ?? types.payloadType,
      marker,
      sequenceNumber: this.#sequenceNumber,
      timestamp: key?.timestamp ?? this.#timestamp,
      ssrc: this.ssrc,
      payload,
    });
  }

  /**
   * Sends on what came at another leg, with our numbers.
   *
   * @returns undefined for what must not be sent: it was already, or the other side does not take it.
   */
  relay(packet: RelayedPacket): Buffer | undefined {
    const payloadType = this.#typeOf(packet);
    if (payloadType === undefined) {
      this.#renumbering.passOver(packet);
      return undefined;
    }
    const place = this.#renumbering.place(packet, () => this.#free());
    if (!place) return undefined;
    const { sequenceNumber, timestamp, first, furthest } = place;
    const isVoice = packet.kind === 'voice';
    if (furthest) {
      this.#sequenceNumber = sequenceNumber;
      // A byte is a tick.
      if (isVoice) this.#relayedUntil = (timestamp + packet.payload.length) >>> 0;
    }
    this.#count(packet.payload);
    return serializeRtp({
      payloadType,
      marker: packet.marker || (first && isVoice),
      sequenceNumber,
      timestamp,
      ssrc: this.ssrc,
      payload: packet.payload,
    });
  }

  /** Nothing is sent in this frame: on hold, or before there is anywhere to send to. */
  skip(): void {
    this.#timestamp = (this.#timestamp + this.#frameTicks) >>> 0;
    this.#flowing = false;
  }

  /** After all that was sent, and not before its time. */
  #free(): OwnPlace {
    const due = (this.#timestamp + this.#frameTicks) >>> 0;
    const isAhead = this.#relayedUntil !== undefined && ((this.#relayedUntil - due) | 0) > 0;
    return {
      sequenceNumber: (this.#sequenceNumber + 1) & 0xffff,
      timestamp: isAhead && this.#relayedUntil !== undefined ? this.#relayedUntil : due,
    };
  }

  #typeOf({ kind }: RelayedPacket): number | undefined {
    switch (kind) {
      case 'voice':
        return this.#types?.payloadType;
      case 'key':
        return this.#types?.eventPayloadType;
      case 'quiet':
        return comfortNoiseType;
      default:
        return kind satisfies never;
    }
  }

  #count(payload: Uint8Array): void {
    this.#packets += 1;
    this.#bytes += payload.length;
  }

  get #frameTicks(): number {
    return (this.#codec?.clockRateHz ?? 0) / framesPerSecond;
  }
}
