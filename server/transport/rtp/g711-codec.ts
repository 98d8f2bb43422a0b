import type { ComfortNoise } from '../../audio/comfort-noise.ts';
import { Concealer } from '../../audio/concealment.ts';
import { decodeG711, encodeG711, type G711Law } from '../../audio/g711.ts';
import { Halver } from '../../audio/halver.ts';
import type { LineEar } from '../../audio/line-ear.ts';
import type { LineCodec } from './line-codec.ts';
import { lawTypes } from './payload-types.ts';

const clockRateHz = 8_000;
const frameSamples = 160;

/** G.711 (RFC 3551 §4.5.14): a telephone's narrow band, which an ear makes fit for recognition. */
export class G711Codec implements LineCodec {
  readonly clockRateHz = clockRateHz;
  readonly #law: G711Law;
  readonly #payloadType: number;
  readonly #ear: LineEar;
  readonly #down = new Halver();
  readonly #concealer = new Concealer();
  readonly #noise: ComfortNoise;
  #packetSamples = frameSamples;

  constructor(law: G711Law, payloadType: number, ear: LineEar, noise: ComfortNoise) {
    this.#law = law;
    this.#payloadType = payloadType;
    this.#ear = ear;
    this.#noise = noise;
  }

  encode(frame: Int16Array): Uint8Array {
    const samples = this.#down.push(frame);
    this.#ear.said(samples);
    return encodeG711(this.#law, samples);
  }

  knows(payloadType: number): boolean {
    return payloadType === this.#payloadType || lawTypes.has(payloadType);
  }

  decode(payloadType: number, payload: Uint8Array): Int16Array {
    const law = payloadType === this.#payloadType ? this.#law : (lawTypes.get(payloadType) ?? this.#law);
    if (payload.length > 0) this.#packetSamples = payload.length;
    return this.#concealer.heard(decodeG711(law, payload));
  }

  lost(): Int16Array {
    return this.#concealer.lost(this.#packetSamples);
  }

  quiet(level: number): Int16Array {
    return this.#noise.make(frameSamples, level);
  }

  forEar(samples: Int16Array): Int16Array {
    return this.#ear.heard(samples);
  }
}
