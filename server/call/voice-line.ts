import type { ClientMessage, MediaOffer, ServerMessage } from '../../contract/signaling.ts';
import type { Pacer } from '../agent/speak/pacer.ts';
import type { SpokenVoice } from '../agent/speak/spoken-voice.ts';
import { BrowserMedia } from '../transport/browser/browser-media.ts';
import type { MediaWorkers } from '../transport/browser/media-workers.ts';
import type { CallRecording } from '../record/call-recording.ts';
import type { CallHandovers } from './call-handovers.ts';
import { Ears, type EarsListener, type EarsOptions } from './ears.ts';

export type MediaMessage = Extract<
  ClientMessage,
  { type: 'connect-transport' | 'produce' | 'consume' | 'ready' | 'restart-ice' }
>;

export interface VoiceLineListener extends EarsListener {
  /** The caller can hear the agent and be heard. */
  ready(again: boolean): void;
  /** The media worker died; `ready` follows when the page has built its media anew. */
  away(): void;
}

export interface VoiceLineOptions extends EarsOptions {
  readonly workers: MediaWorkers;
  readonly pacer: Pacer;
  readonly voice: SpokenVoice;
  /** While a person has the call, its sound is theirs. */
  readonly handovers: Pick<CallHandovers, 'nextFrame' | 'hear'>;
  readonly recording?: CallRecording | undefined;
  readonly tell: (message: ServerMessage) => void;
  readonly listener: VoiceLineListener;
}

/** The sound of one call: media both ways, hearing, and the agent's frames. Survives the death of its media worker. */
export class VoiceLine {
  readonly #options: VoiceLineOptions;
  readonly #ears: Ears;
  #media: BrowserMedia | undefined;
  #mediaSinceMs: number;
  #joined = false;
  /** False while nobody would hear the agent's frames: they wait. */
  #playing = false;
  readonly #stopPacing: () => void;
  #closed = false;

  private constructor(options: VoiceLineOptions) {
    this.#options = options;
    this.#mediaSinceMs = options.now();
    this.#ears = new Ears(options);
    this.#stopPacing = options.pacer.add(
      () => this.#playFrame(),
      (error) =>
        options.guard('media', () => {
          throw error;
        }),
    );
  }

  static async open(options: VoiceLineOptions): Promise<VoiceLine> {
    const line = new VoiceLine(options);
    try {
      await line.#openMedia();
      return line;
    } catch (error) {
      line.close();
      throw error;
    }
  }

  get offer(): MediaOffer | undefined {
    return this.#media?.offer;
  }

  /** Nothing has come from the caller for this long. */
  silentMs(nowMs: number): number {
    return nowMs - Math.max(this.#media?.lastAudioMs ?? 0, this.#mediaSinceMs);
  }

  /** Rejects when the media worker does not accept what the page sent. */
  async receive(message: MediaMessage): Promise<void> {
    const media = this.#media;
    const { tell } = this.#options;
    if (!media || this.#closed) return;
    switch (message.type) {
      case 'connect-transport':
        return media.connect(message.direction, message.dtlsParameters);
      case 'restart-ice': {
        const iceParameters = await media.restartIce(message.direction);
        return tell({ type: 'ice-restarted', direction: message.direction, iceParameters });
      }
      case 'produce':
        return tell({ type: 'produced', producerId: await media.produce(message.rtpParameters) });
      case 'consume': {
        const { id, producerId, rtpParameters } = await media.consume(message.rtpCapabilities);
        return tell({ type: 'consumed', consumerId: id, producerId, rtpParameters: { ...rtpParameters } });
      }
      case 'ready':
        return this.#ready();
      default:
        message satisfies never;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopPacing();
    this.#media?.close();
    this.#options.guard('recognition', () => this.#ears.close());
  }

  #ready(): void {
    if (this.#playing) return;
    const again = this.#joined;
    this.#joined = true;
    this.#playing = true;
    this.#options.listener.ready(again);
  }

  #playFrame(): void {
    if (!this.#playing) return;
    const { handovers } = this.#options;
    this.#media?.play(handovers.nextFrame() ?? this.#agentFrame());
  }

  #agentFrame(): Int16Array {
    const { voice, recording } = this.#options;
    const frame = voice.nextFrame();
    recording?.agent(frame);
    return frame;
  }

  async #openMedia(): Promise<void> {
    const media = await BrowserMedia.open(await this.#options.workers.room(), {
      audio: (samples) => {
        if (!this.#options.handovers.hear(samples)) this.#ears.push(samples);
      },
      died: () => this.#options.guard('media', () => this.#restart()),
    });
    if (this.#closed) {
      media.close();
      return;
    }
    this.#media = media;
    this.#mediaSinceMs = this.#options.now();
  }

  async #restart(): Promise<void> {
    if (this.#closed) return;
    this.#playing = false;
    this.#media = undefined;
    this.#mediaSinceMs = this.#options.now();
    this.#options.listener.away();
    await this.#openMedia();
    if (this.offer) this.#options.tell({ type: 'media-restart', media: this.offer });
  }
}
