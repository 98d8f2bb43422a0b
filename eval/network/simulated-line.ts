import { ComfortNoise } from '../../server/audio/comfort-noise.ts';
import { encodeG711 } from '../../server/audio/g711.ts';
import { RecognizerEar } from '../../server/audio/line-ear.ts';
import { parseRtp, serializeRtp } from '../../server/audio/rtp.ts';
import { G711Codec } from '../../server/transport/rtp/g711-codec.ts';
import { ReceivedStream } from '../../server/transport/telephone/rtp/received-stream.ts';
import { Impairment, type NetworkQuality } from './impairment.ts';

const frameMs = 20;
const frameSamples = 160;
/** Longer than any packet is waited for. */
const afterMs = 400;

/** The node's side of a telephone line over a network, from packets to what a recogniser gets. On a clock of its own. */
export class SimulatedLine {
  readonly #network: Impairment;
  readonly #stream: ReceivedStream;
  #heard: Int16Array[] = [];
  #onTheWay: { readonly atMs: number; readonly packet: Uint8Array }[] = [];
  #nowMs = 0;
  #sequenceNumber = 0;

  constructor(quality: NetworkQuality, seed: number) {
    this.#network = new Impairment(quality, seed);
    const codec = new G711Codec('PCMU', 0, new RecognizerEar(seed), new ComfortNoise(seed));
    const listener = { audio: (samples: Int16Array) => void this.#heard.push(samples), keyPressed: () => undefined };
    this.#stream = new ReceivedStream(listener, codec, 0);
    this.#stream.use(codec, 101);
  }

  /** Share of the packets that did not come, or too late. */
  get lossShare(): number {
    const { received, lost } = this.#stream.counts;
    return lost / Math.max(1, received + lost);
  }

  get jitterMs(): number {
    return this.#stream.jitterMs;
  }

  /**
   * @param samples what is said, 8,000 Hz; the line is silent afterwards.
   * @returns what a recogniser gets of it, 16,000 Hz.
   */
  say(samples: Int16Array): Int16Array {
    this.#heard = [];
    const padded = new Int16Array(frameSamples * Math.ceil(samples.length / frameSamples) + 8 * afterMs);
    padded.set(samples);
    for (let at = 0; at < padded.length; at += frameSamples) this.#step(padded.subarray(at, at + frameSamples));
    const whole = new Int16Array(this.#heard.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of this.#heard) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #step(frame: Int16Array): void {
    const packet = serializeRtp({
      payloadType: 0,
      marker: this.#sequenceNumber === 0,
      sequenceNumber: this.#sequenceNumber & 0xffff,
      timestamp: this.#sequenceNumber * frameSamples,
      ssrc: 7,
      payload: encodeG711('PCMU', frame),
    });
    this.#sequenceNumber += 1;
    const delayMs = this.#network.next();
    if (delayMs !== undefined) this.#onTheWay.push({ atMs: this.#nowMs + delayMs, packet });
    this.#nowMs += frameMs;
    const here = this.#onTheWay.filter(({ atMs }) => atMs <= this.#nowMs).sort((a, b) => a.atMs - b.atMs);
    this.#onTheWay = this.#onTheWay.filter(({ atMs }) => atMs > this.#nowMs);
    for (const { atMs, packet: bytes } of here) {
      const parsed = parseRtp(bytes);
      if (parsed) this.#stream.push(parsed, atMs);
    }
    this.#stream.advance(this.#nowMs);
  }
}
