import { ComfortNoise } from '../audio/comfort-noise.ts';
import { Concealer } from '../audio/concealment.ts';
import { frameMs, sampleRateHz, silentFrame } from '../audio/frame.ts';
import { decodeG711, encodeG711, type G711Law } from '../audio/g711.ts';
import { JitterBuffer, type Played } from '../audio/jitter-buffer.ts';
import { RecognizerEar } from '../audio/line-ear.ts';
import type { LineQuality } from '../audio/line-quality.ts';
import { Resampler } from '../audio/resampler.ts';
import type { CarrierSocket } from '../transport/stream/carrier-socket.ts';
import type { StreamAudio, StreamMessage } from '../transport/stream/stream-protocol.ts';
import { Playout } from '../transport/stream/playout.ts';
import type { LineListener, TelephoneLine } from './telephone-line.ts';

const clockRateHz = 8_000;
const chunkSamples = 160;
/** A carrier that sends nothing for so long is quiet, not late: over TCP nothing is lost, and what was late still comes. */
const quietAfterMs = 400;
const quietLevel = 8;
/** What the carrier has buffered when we hang up is waited for, but not longer. */
const lastWordsMs = 1_500;
const lastMark = 'last-words';
/** Of our silence, so much is sent: pauses keep their length, and what the carrier has buffered drains in longer ones. */
const sentSilenceFrames = 25;

export interface StreamLineOptions {
  readonly socket: Pick<CarrierSocket, 'listen' | 'sendAudio' | 'sendMark' | 'sendClear' | 'close' | 'closed'>;
  readonly streamId: string;
  /** Of the caller's audio. Ours is µ-law. */
  readonly law: G711Law;
  readonly now: () => number;
}

/** A call whose audio a carrier brings over a WebSocket. The carrier has picked up already. */
export class StreamLine implements TelephoneLine {
  readonly #options: StreamLineOptions;
  readonly #down = new Resampler(sampleRateHz, clockRateHz);
  readonly #ear = new RecognizerEar(1);
  readonly #concealer = new Concealer();
  readonly #noise = new ComfortNoise(1);
  readonly #jitter = new JitterBuffer<StreamAudio>(clockRateHz);
  readonly #playout: Playout;
  #listener: LineListener | undefined;
  #silentFrames = 0;
  #received = 0;
  #lost = 0;
  #lastPacketMs: number;
  #lastAudioMs: number;
  #over = false;

  constructor(options: StreamLineOptions) {
    this.#options = options;
    this.#lastPacketMs = options.now();
    this.#lastAudioMs = this.#lastPacketMs;
    this.#playout = new Playout(options.now);
    // From here on a frame in is a packet out.
    this.#down.push(silentFrame);
  }

  async open(listener: LineListener): Promise<void> {
    const { socket } = this.#options;
    this.#listener = listener;
    socket.listen({ message: (message) => this.#receive(message), closed: () => this.#end('connection-lost') });
    // The caller may have given up while the playbook was fetched.
    if (socket.closed) return this.#end('caller-hang-up');
    listener.ready();
    listener.connected();
  }

  play(frame: Int16Array): void {
    if (this.#over) return;
    const samples = this.#down.push(frame);
    this.#ear.said(samples);
    this.#silentFrames = frame === silentFrame ? this.#silentFrames + 1 : 0;
    if (this.#silentFrames <= sentSilenceFrames) this.#send(encodeG711('PCMU', samples));
    this.#tick(this.#options.now());
  }

  flush(): void {
    this.#options.socket.sendClear(this.#options.streamId);
    this.#playout.clear();
  }

  get quality(): LineQuality {
    const { jitterMs } = this.#jitter;
    return {
      packetsReceived: this.#received,
      packetsLost: this.#lost,
      jitterMs,
      roundTripMs: undefined,
      theirLossPct: undefined,
    };
  }

  get lastPacketMs(): number {
    return this.#lastPacketMs;
  }

  get downstreamMs(): number | undefined {
    return this.#playout.delayMs;
  }

  /** The agent's goodbye is still on its way: the carrier says when it has been played. */
  hangUp(): void {
    const { socket, streamId } = this.#options;
    const gone = this.#over || socket.closed;
    this.#over = true;
    if (gone) return socket.close();
    const close = (): void => {
      clearTimeout(timer);
      socket.close();
    };
    const timer = setTimeout(close, lastWordsMs);
    socket.listen({
      message: (message) => {
        if (message.kind === 'stop' || (message.kind === 'mark' && message.name === lastMark)) close();
      },
      closed: close,
    });
    socket.sendMark(streamId, lastMark);
  }

  #send(payload: Uint8Array): void {
    const { socket, streamId } = this.#options;
    socket.sendAudio(streamId, payload);
    const mark = this.#playout.sent();
    if (mark !== undefined) socket.sendMark(streamId, mark);
  }

  #receive(message: StreamMessage): void {
    if (this.#over) return;
    this.#lastPacketMs = this.#options.now();
    switch (message.kind) {
      case 'audio':
        this.#received += 1;
        this.#emit(this.#jitter.push(placeOf(message), message, this.#lastPacketMs));
        return;
      case 'key':
        this.#listener?.keyPressed(message.key);
        return;
      case 'mark':
        this.#playout.returned(message.name);
        return;
      case 'stop':
        this.#end('caller-hang-up');
        return;
      case 'fault':
        this.#listener?.degraded(message.cause);
        return;
      case 'start':
      case 'other':
        return;
      default:
        message satisfies never;
    }
  }

  #tick(nowMs: number): void {
    this.#emit(this.#jitter.advance(nowMs));
    if (nowMs - this.#lastAudioMs < quietAfterMs) return;
    this.#lastAudioMs += frameMs;
    this.#hear(this.#noise.make(chunkSamples, quietLevel));
  }

  #emit(played: readonly Played<StreamAudio>[]): void {
    for (const one of played) {
      if ('lost' in one) {
        this.#lost += 1;
        this.#hear(this.#concealer.lost(chunkSamples));
      } else {
        this.#lastAudioMs = this.#options.now();
        this.#hear(this.#concealer.heard(decodeG711(this.#options.law, one.item.payload)));
      }
    }
  }

  #hear(samples: Int16Array): void {
    this.#listener?.audio(this.#ear.heard(samples));
  }

  #end(reason: 'caller-hang-up' | 'connection-lost'): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener?.ended(reason);
  }
}

/** A chunk's place in the stream, as an RTP packet has it. */
function placeOf({ chunk, timestampMs }: StreamAudio): { sequenceNumber: number; timestamp: number } {
  return { sequenceNumber: chunk & 0xffff, timestamp: (timestampMs * clockRateHz) / 1_000 };
}
