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
