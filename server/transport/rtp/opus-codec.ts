import type { ComfortNoise } from '../../audio/comfort-noise.ts';
import { Concealer } from '../../audio/concealment.ts';
import { frameSamples, sampleRateHz } from '../../audio/frame.ts';
import { OpusDecoder, OpusEncoder } from '../../audio/opus.ts';
import type { LineCodec } from './line-codec.ts';

/** RFC 7587: wideband, so it needs no repair. The library decodes no FEC: losses are concealed as G.711's are. */
export class OpusCodec implements LineCodec {
  readonly clockRateHz = 48_000;
  readonly #payloadType: number;
  readonly #noise: ComfortNoise;
  readonly #encoder = new OpusEncoder();
  readonly #decoder = new OpusDecoder();
  readonly #concealer = new Concealer(sampleRateHz);
  #packetSamples = frameSamples;

  constructor(payloadType: number, noise: ComfortNoise) {
    this.#payloadType = payloadType;
    this.#noise = noise;
  }

  encode(frame: Int16Array): Uint8Array {
    return this.#encoder.encode(frame);
  }

  knows(payloadType: number): boolean {
    return payloadType === this.#payloadType;
  }

  decode(_payloadType: number, payload: Uint8Array): Int16Array {
    const samples = this.#tryDecode(payload);
    if (!samples) return this.lost();
    this.#packetSamples = samples.length;
    return this.#concealer.heard(samples);
  }

  lost(): Int16Array {
    return this.#concealer.lost(this.#packetSamples);
  }

  quiet(level: number): Int16Array {
    return this.#noise.make(frameSamples, level);
  }

  forEar(samples: Int16Array): Int16Array {
    return samples;
  }

  /** Anybody can send bytes that are no Opus. */
  #tryDecode(payload: Uint8Array): Int16Array | undefined {
    if (payload.length === 0) return undefined;
    try {
      const samples = this.#decoder.decode(payload);
      return samples.length > 0 ? samples : undefined;
    } catch {
      return undefined;
    }
  }
}
