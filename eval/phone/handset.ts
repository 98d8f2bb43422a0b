import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Pacer } from '../../server/agent/speak/pacer.ts';
import { decodeG711, encodeG711 } from '../../server/audio/g711.ts';
import { resample } from '../../server/audio/resampler.ts';
import { parseRtp, serializeRtp } from '../../server/audio/rtp.ts';
import { audibleSpan } from '../speech/audible.ts';
import { type CallerVoice, narrowCallerSpeech } from '../speech/caller-voice.ts';
import { type Dial, HandsetSignaling } from './handset-signaling.ts';

const frameSamples = 160;
const frameMs = 20;
const silentFrame = new Int16Array(frameSamples);
/** Sound in a single packet is a click. */
const onsetPackets = 2;

/** When something was said: epoch ms of its first and its last audible sample, as a microphone took them. */
export interface SpokenAt {
  readonly startMs: number;
  readonly endMs: number;
}

export type HandsetCall = Omit<Dial, 'rtpPort'>;

/** A telephone in this process: signaling and G.711 over UDP, with the time of every packet. All times are epoch ms. */
export class Handset {
  readonly #signaling: HandsetSignaling;
  readonly #rtp: Socket;
  readonly #stopPacing: () => void;
  /** Frames still to be sent. */
  #mouth: Int16Array[] = [];
  #sequenceNumber = 0;
  /** When each audible packet of the agent came, in order; two columns of one table. */
  readonly #audibleMs: number[] = [];
  readonly #audibleNumbers: number[] = [];
  #nextFrameMs = 0;

  private constructor(signaling: HandsetSignaling, rtp: Socket) {
    this.#signaling = signaling;
    this.#rtp = rtp;
    rtp.on('message', (bytes) => this.#hear(bytes));
    const pacer = new Pacer(frameMs, () => performance.now());
    this.#stopPacing = pacer.add(
      () => this.#send(),
      () => rtp.close(),
    );
  }

  /** Resolves when the call is answered. */
  static async call(call: HandsetCall): Promise<Handset> {
    const rtp = createSocket('udp4');
    rtp.bind(0, '127.0.0.1');
    await once(rtp, 'listening');
    try {
      return new Handset(await HandsetSignaling.call({ ...call, rtpPort: rtp.address().port }), rtp);
    } catch (cause) {
      rtp.close();
      throw cause;
    }
  }

  /** Resolves when either side has hung up. */
  get over(): Promise<void> {
    return this.#signaling.over;
  }

  /** Speaks from the next packet on, in place of what is still to be said. */
  async say(text: string, voice: CallerVoice): Promise<SpokenAt> {
    const { sound, audibleFromMs, audibleToMs } = await narrowCallerSpeech(text, voice);
    const narrow = resample(sound.pcm, sound.sampleRateHz, 8_000);
    const frames = Array.from({ length: Math.ceil(narrow.length / frameSamples) }, (_, index) => {
      const frame = new Int16Array(frameSamples);
      frame.set(narrow.subarray(index * frameSamples, (index + 1) * frameSamples));
      return frame;
    });
    this.#mouth = frames;
    // A microphone had taken the first sample of a packet when the packet before it left.
    const startedMs = this.#nextFrameMs - frameMs;
    return { startMs: startedMs + audibleFromMs, endMs: startedMs + audibleToMs };
  }

  /** The agent's first packet with sound at or after a moment. */
  onsetAfter(fromMs: number): number | undefined {
    for (let index = 0; index < this.#audibleMs.length; index += 1) {
      const atMs = this.#audibleMs[index] ?? 0;
      const [first = 0, last = Infinity] = [
        this.#audibleNumbers[index],
        this.#audibleNumbers[index + onsetPackets - 1],
      ];
      if (atMs >= fromMs && last - first < 2 * onsetPackets) return atMs;
    }
    return undefined;
  }

  async waitForOnset(fromMs: number, timeoutMs = 20_000): Promise<number> {
    const untilMs = Date.now() + timeoutMs;
    while (Date.now() < untilMs) {
      const onsetMs = this.onsetAfter(fromMs);
      if (onsetMs !== undefined) return onsetMs;
      await pause(frameMs / 2);
    }
    throw new Error(`Waited ${timeoutMs} ms for the agent to speak.`);
  }

  /** The last packet with sound in a span of time. */
  lastAudibleBetween(fromMs: number, toMs: number): number | undefined {
    return this.#audibleMs.findLast((atMs) => atMs >= fromMs && atMs <= toMs);
  }

  /** How long nothing has been heard. */
  get silentMs(): number {
    return Date.now() - (this.#audibleMs.at(-1) ?? 0);
  }

  async hangUp(): Promise<void> {
    await this.#signaling.hangUp();
  }

  close(): void {
    this.#stopPacing();
    this.#rtp.close();
    this.#signaling.close();
  }

  #send(): void {
    this.#nextFrameMs = Date.now() + frameMs;
    this.#sequenceNumber += 1;
    const payload = encodeG711('PCMU', this.#mouth.shift() ?? silentFrame);
    const packet = {
      payloadType: 0,
      marker: this.#sequenceNumber === 1,
      sequenceNumber: this.#sequenceNumber & 0xffff,
      timestamp: this.#sequenceNumber * frameSamples,
      ssrc: 1,
      payload,
    };
    this.#rtp.send(serializeRtp(packet), this.#signaling.remotePort, '127.0.0.1');
  }

  #hear(bytes: Uint8Array): void {
    const packet = parseRtp(bytes);
    if (packet?.payloadType !== 0 || audibleSpan(decodeG711('PCMU', packet.payload), 8_000) === null) return;
    this.#audibleMs.push(Date.now());
    this.#audibleNumbers.push(packet.sequenceNumber);
  }
}
