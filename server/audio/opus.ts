import { Decoder, Encoder } from '@evan/opus';
import { frameSamples, sampleRateHz } from './frame.ts';

/** Opus packets (RFC 6716) to Int16 mono at 16,000 Hz. One a stream: the decoder remembers. */
export class OpusDecoder {
  readonly #decoder = new Decoder({ channels: 1, sample_rate: sampleRateHz });

  /** A copy: the library reuses its own memory. Throws on a broken packet. */
  decode(packet: Uint8Array): Int16Array {
    const bytes = this.#decoder.decode(packet);
    return new Int16Array(bytes.slice().buffer);
  }
}

/** What frames became when they were first sent. Approved sentences and silence are encoded once for all calls. */
const encoded = new WeakMap<Int16Array, Uint8Array>();

/** Frames to Opus packets: 32 kbit/s, with in-band error correction. One a stream. */
export class OpusEncoder {
  readonly #encoder = new Encoder({ channels: 1, sample_rate: sampleRateHz, application: 'voip' });

  constructor() {
    this.#encoder.bitrate = 32_000;
    this.#encoder.complexity = 5;
    this.#encoder.signal = 'voice';
    this.#encoder.inband_fec = true;
    this.#encoder.packet_loss = 5;
  }

  /** @param frame 320 samples; must not change afterwards. */
  encode(frame: Int16Array): Uint8Array {
    const known = encoded.get(frame);
    if (known) return known;
    if (frame.length !== frameSamples)
      throw new Error(`Opus takes frames of ${frameSamples} samples, got ${frame.length}`);
    const packet = this.#encoder.encode(frame).slice();
    encoded.set(frame, packet);
    return packet;
  }
}

/** Two channels to one stream, for keeping: 32 kbit/s. A quarter of what complexity 5 costs, and as good to the ear. */
export class StereoOpusEncoder {
  readonly #encoder = new Encoder({ channels: 2, sample_rate: sampleRateHz, application: 'voip' });

  constructor() {
    this.#encoder.bitrate = 32_000;
    this.#encoder.complexity = 1;
    this.#encoder.signal = 'voice';
  }

  /** The encoder's look-ahead, in samples at 48,000 Hz. */
  get preSkip(): number {
    return this.#encoder.lookhead * (48_000 / sampleRateHz);
  }

  /** @param frame 20 ms: left and right by turns, 640 samples. */
  encode(frame: Int16Array): Uint8Array {
    if (frame.length !== 2 * frameSamples)
      throw new Error(`Opus takes stereo frames of ${2 * frameSamples} samples, got ${frame.length}`);
    return this.#encoder.encode(frame).slice();
  }
}
