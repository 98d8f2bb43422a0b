import { randomInt } from 'node:crypto';
import { KeySender } from '../../../audio/key-sender.ts';
import { serializeRtp } from '../../../audio/rtp.ts';
import type { AgreedMedia } from '../sdp/answer.ts';
import type { LineCodec } from './line-codec.ts';

const framesPerSecond = 50;

/** Our RTP stream: the agent's frames, and key presses in their place. */
export class SentStream {
  readonly ssrc = randomInt(1, 0xffffffff);
  // Low, so that whoever loses our first encrypted packets does not miss a wrap (RFC 3711 §3.3.1).
  #sequenceNumber = randomInt(0x8000);
  #timestamp = randomInt(0x100000000);
  #codec: LineCodec | undefined;
  #types: Pick<AgreedMedia, 'payloadType' | 'eventPayloadType'> | undefined;
  #keys: KeySender | undefined;
  #flowing = false;
  #packets = 0;
  #bytes = 0;

  use(codec: LineCodec, types: Pick<AgreedMedia, 'payloadType' | 'eventPayloadType'>): void {
    if (codec.clockRateHz !== this.#codec?.clockRateHz) this.#keys = undefined;
    this.#codec = codec;
    this.#types = types;
    this.#keys ??= new KeySender(this.#frameTicks);
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
    this.#timestamp = (this.#timestamp + this.#frameTicks) >>> 0;
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    // Also under a key press: what a codec remembers must not have holes.
    const voice = codec.encode(frame);
    const key = types.eventPayloadType === undefined ? undefined : this.#keys?.next(this.#timestamp);
    const marker = key ? key.marker : !this.#flowing;
    this.#flowing = !key;
    const payload = key?.payload ?? voice;
    this.#packets += 1;
    this.#bytes += payload.length;
    return serializeRtp({
      payloadType: (key ? types.eventPayloadType : undefined) ?? types.payloadType,
      marker,
      sequenceNumber: this.#sequenceNumber,
      timestamp: key?.timestamp ?? this.#timestamp,
      ssrc: this.ssrc,
      payload,
    });
  }

  /** Nothing is sent in this frame: on hold, or before there is anywhere to send to. */
  skip(): void {
    this.#timestamp = (this.#timestamp + this.#frameTicks) >>> 0;
    this.#flowing = false;
  }

  get #frameTicks(): number {
    return (this.#codec?.clockRateHz ?? 0) / framesPerSecond;
  }
}
