import { Device, type types } from 'mediasoup-client';
import type { ClientMessage, MediaOffer } from '../../contract/signaling.ts';
import { iceParameters, json, routerCapabilities, rtpParameters, transportOptions } from './mediasoup-parameters.ts';
import type { Playback } from './playback.ts';

/** Speech: forward error correction against loss, a packet each 20 ms, no gaps (the node counts on steady packets). */
const OPUS: types.ProducerCodecOptions = {
  opusStereo: false,
  opusFec: true,
  opusDtx: false,
  opusPtime: 20,
  opusMaxAverageBitrate: 32_000,
};

type Direction = 'send' | 'receive';

export interface TransportPairOptions {
  readonly offer: MediaOffer;
  readonly track: MediaStreamTrack;
  readonly playback: Playback;
  send(message: ClientMessage): void;
  onState(direction: Direction, state: types.ConnectionState): void;
}

/** The two WebRTC transports of one media offer: the microphone out, the agent's voice in. */
export class TransportPair {
  readonly offer: MediaOffer;
  readonly #options: TransportPairOptions;
  readonly #device: Device;
  #sending: types.Transport | null = null;
  #receiving: types.Transport | null = null;
  #consumer: types.Consumer | null = null;
  #produced: ((answer: { id: string }) => void) | null = null;

  private constructor(options: TransportPairOptions, device: Device) {
    this.offer = options.offer;
    this.#options = options;
    this.#device = device;
  }

  static async create(options: TransportPairOptions): Promise<TransportPair> {
    const device = await Device.factory();
    await device.load({ routerRtpCapabilities: routerCapabilities(options.offer) });
    return new TransportPair(options, device);
  }

  /** Starts both directions. The node's answers come in through `produced` and `consumed`. */
  start(): Promise<unknown> {
    const { offer, send } = this.#options;
    const sending = this.#device.createSendTransport(transportOptions(offer.send));
    const receiving = this.#device.createRecvTransport(transportOptions(offer.receive));
    this.#sending = sending;
    this.#receiving = receiving;
    this.#watch(sending, 'send');
    this.#watch(receiving, 'receive');
    sending.on('produce', ({ rtpParameters }, done) => {
      this.#produced = done;
      send({ type: 'produce', rtpParameters: json(rtpParameters) });
    });
    this.resume();
    return sending.produce({
      track: this.#options.track,
      codecOptions: OPUS,
      stopTracks: false,
      disableTrackOnPause: false,
      zeroRtpOnPause: false,
    });
  }

  /** Asks for the agent's voice; again, where the answer was lost with the connection. */
  resume(): void {
    if (this.#consumer !== null) return;
    this.#options.send({ type: 'consume', rtpCapabilities: json(this.#device.recvRtpCapabilities) });
  }

  produced(producerId: string): void {
    this.#produced?.({ id: producerId });
    this.#produced = null;
  }

  async consumed(answer: {
    consumerId: string;
    producerId: string;
    rtpParameters: Record<string, unknown>;
  }): Promise<void> {
    if (this.#receiving === null || this.#receiving.closed) return;
    this.#consumer = await this.#receiving.consume({
      id: answer.consumerId,
      producerId: answer.producerId,
      kind: 'audio',
      rtpParameters: rtpParameters(answer.rtpParameters),
    });
    this.#options.playback.attach(this.#consumer.track, this.#consumer.rtpReceiver);
  }

  async iceRestarted(direction: Direction, parameters: Record<string, unknown>): Promise<void> {
    const transport = direction === 'send' ? this.#sending : this.#receiving;
    await transport?.restartIce({ iceParameters: iceParameters(parameters) });
  }

  get connected(): boolean {
    return this.#sending?.connectionState === 'connected' && this.#receiving?.connectionState === 'connected';
  }

  async stats(): Promise<RTCStatsReport | null> {
    return this.#receiving === null || this.#receiving.closed ? null : this.#receiving.getStats();
  }

  close(): void {
    this.#sending?.close();
    this.#receiving?.close();
  }

  #watch(transport: types.Transport, direction: Direction): void {
    transport.on('connect', ({ dtlsParameters }, done) => {
      this.#options.send({ type: 'connect-transport', direction, dtlsParameters: json(dtlsParameters) });
      done();
    });
    transport.on('connectionstatechange', (state) => this.#options.onState(direction, state));
  }
}
