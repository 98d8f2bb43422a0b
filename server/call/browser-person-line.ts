import type { ClientMessage } from '../../contract/signaling.ts';
import type { G711Law } from '../audio/g711.ts';
import { BrowserMedia } from '../transport/browser/browser-media.ts';
import type { MediaWorkers } from '../transport/browser/media-workers.ts';
import type { SignalingSocket } from '../transport/browser/signaling-socket.ts';
import type { RelayEnd } from '../transport/rtp/relay-end.ts';
import type { PersonLine, PersonLineEnd, PersonLineListener } from './person-line.ts';
import { type After } from './silence-timer.ts';

export interface BrowserPersonLineOptions {
  readonly callId: string;
  /** What they read before they take the call. */
  readonly briefing: string;
  readonly agentName: string;
  readonly workers: MediaWorkers;
  readonly after: After;
  /** Nobody has taken the call after so long: given up. */
  readonly ringMs: number;
  /** How the caller's telephone speaks. */
  readonly law: G711Law | undefined;
  /** Nobody can join it any more. */
  readonly onOver: () => void;
}

/** Somebody of the business who takes a call on a page: they read what it is about, accept, and talk over WebRTC. */
export class BrowserPersonLine implements PersonLine {
  readonly replaceableUri = undefined;
  readonly #options: BrowserPersonLineOptions;
  #listener: PersonLineListener | undefined;
  #stopRinging: (() => void) | undefined;
  #socket: SignalingSocket | undefined;
  #media: BrowserMedia | undefined;
  #state: 'waiting' | 'talking' | 'over' = 'waiting';
  #ready = false;

  constructor(options: BrowserPersonLineOptions) {
    this.#options = options;
  }

  open(listener: PersonLineListener): Promise<void> {
    if (this.#state === 'over') return Promise.resolve();
    this.#listener = listener;
    this.#stopRinging = this.#options.after(this.#options.ringMs, () => this.#end('no-answer'));
    listener.ringing();
    return Promise.resolve();
  }

  /** A page has come to take the call. False when somebody is there already, or it is too late. */
  async join(socket: SignalingSocket): Promise<boolean> {
    if (this.#state !== 'waiting' || this.#socket) return false;
    const { callId, agentName, briefing, workers, law } = this.#options;
    this.#socket = socket;
    socket.listen({
      message: (message) => void this.#receive(message).catch(() => this.#refuse(message)),
      closed: () => this.#left(),
    });
    const listener = {
      audio: (samples: Int16Array): void => {
        if (this.#state === 'talking') this.#listener?.audio(samples);
      },
      died: () => this.#end('lost'),
    };
    const media = await BrowserMedia.open(await workers.room(), listener, law);
    if (this.#socket !== socket) {
      media.close();
      return false;
    }
    this.#media = media;
    socket.send({ type: 'welcome', callId, resumeKey: '', agentName, media: media.offer });
    socket.send({ type: 'briefing', callId, text: briefing });
    return true;
  }

  get relayEnd(): RelayEnd | undefined {
    return this.#media;
  }

  play(frame: Int16Array): void {
    this.#media?.play(frame);
  }

  get lastPacketMs(): number | undefined {
    return this.#state === 'talking' ? this.#media?.lastAudioMs : undefined;
  }

  hangUp(): void {
    this.#end('hung-up');
  }

  async #receive(message: ClientMessage): Promise<void> {
    const [media, socket] = [this.#media, this.#socket];
    if (!media || !socket) return;
    switch (message.type) {
      case 'connect-transport':
        return media.connect(message.direction, message.dtlsParameters);
      case 'restart-ice': {
        const iceParameters = await media.restartIce(message.direction);
        return socket.send({ type: 'ice-restarted', direction: message.direction, iceParameters });
      }
      case 'produce':
        return socket.send({ type: 'produced', producerId: await media.produce(message.rtpParameters) });
      case 'consume': {
        const { id, producerId, rtpParameters } = await media.consume(message.rtpCapabilities);
        return socket.send({ type: 'consumed', consumerId: id, producerId, rtpParameters: { ...rtpParameters } });
      }
      case 'ready':
        this.#ready = true;
        return;
      case 'accept':
        return this.#accept(socket);
      case 'decline':
        return this.#end('rejected');
      case 'hang-up':
        return this.#end(this.#state === 'talking' ? 'hung-up' : 'rejected');
      case 'mute':
      case 'media-stats':
      case 'typing':
        return;
      case 'hello':
      case 'resume':
      case 'say':
        return this.#refuse(message);
      default:
        message satisfies never;
    }
  }

  #accept(socket: SignalingSocket): void {
    if (this.#state !== 'waiting') return;
    if (!this.#ready) {
      socket.problem('bad-request', 'There is no sound yet.', 'Send ready before accept.');
      return;
    }
    this.#state = 'talking';
    this.#stopRinging?.();
    this.#listener?.answered();
  }

  #refuse({ type }: ClientMessage): void {
    this.#socket?.problem('bad-request', `'${type}' cannot be done here.`, 'Reload the page and join again.');
  }

  /** Before they have taken the call they, or somebody else, can still do so. */
  #left(): void {
    if (this.#state === 'talking') this.#end('hung-up');
    this.#socket = undefined;
    this.#media?.close();
    this.#media = undefined;
    this.#ready = false;
  }

  #end(end: PersonLineEnd): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#stopRinging?.();
    this.#options.onOver();
    this.#media?.close();
    this.#socket?.refuse('call-ended', 'This call is over.', 'Nothing has to be done.', 'normal');
    this.#listener?.ended(end);
  }
}
