import { Device } from 'mediasoup-client';
import type { DtlsParameters, IceCandidate, IceParameters, RtpParameters, Transport } from 'mediasoup-client/types';
import * as v from 'valibot';
import { type ClientMessage, type MediaOffer, ServerMessage, type TransportOffer } from '../../contract/signaling.ts';
import { encodedStreams, tapEncoded } from './encoded-tap.ts';
import { play } from './playing.ts';

/** Is shown the payload of every packet. */
export interface PacketTaps {
  sent(payload: Uint8Array): void;
  came(payload: Uint8Array): void;
}

type Of<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

/** A page's connection to a media node without a user interface: signaling and media as the widget does them. */
export class NodeLink {
  private readonly socket: WebSocket;
  private readonly listeners = new Set<(message: ServerMessage) => void>();
  private transports: Transport[] = [];
  private readonly taps: PacketTaps | undefined;

  private constructor(socket: WebSocket, taps: PacketTaps | undefined) {
    this.socket = socket;
    this.taps = taps;
  }

  static async open(url: string, onMessage: (message: ServerMessage) => void, taps?: PacketTaps): Promise<NodeLink> {
    const socket = new WebSocket(url);
    const link = new NodeLink(socket, taps);
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      const message = v.parse(ServerMessage, JSON.parse(String(event.data)));
      onMessage(message);
      for (const listener of link.listeners) listener(message);
    });
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error(`Cannot connect to ${url}`)));
    });
    return link;
  }

  send(message: ClientMessage): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /** The next message of a kind; rejects when a problem comes first. */
  next<Type extends ServerMessage['type']>(type: Type): Promise<Of<Type>> {
    return new Promise((resolve, reject) => {
      const listener = (message: ServerMessage): void => {
        if (message.type === 'problem') reject(new Error(`${message.code}: ${message.message}`));
        else if (message.type === type) resolve(message as Of<Type>);
        else return;
        this.listeners.delete(listener);
      };
      this.listeners.add(listener);
    });
  }

  /** Sends the stream's track, and gives what comes to `hear`. */
  async talk(media: MediaOffer, stream: MediaStream, hear: (track: MediaStreamTrack) => void): Promise<void> {
    const device = await Device.factory();
    await device.load({ routerRtpCapabilities: media.routerRtpCapabilities });
    await this.produce(device, media.send, stream);
    hear(await this.consume(device, media.receive));
    this.send({ type: 'ready' });
  }

  close(): void {
    this.socket.close();
    for (const transport of this.transports) transport.close();
  }

  private async produce(device: Device, offer: TransportOffer, stream: MediaStream): Promise<void> {
    const transport = device.createSendTransport(this.transportOptions(offer));
    this.transports.push(transport);
    transport.on('connect', ({ dtlsParameters }, done) => {
      this.send({ type: 'connect-transport', direction: 'send', dtlsParameters: { ...dtlsParameters } });
      done();
    });
    transport.on('produce', ({ rtpParameters }, done, failed) => {
      void this.nameProducer(done, failed);
      this.send({ type: 'produce', rtpParameters: { ...rtpParameters } });
    });
    const track = stream.getAudioTracks()[0];
    if (track === undefined) throw new Error('The stream has no track.');
    const { taps } = this;
    await transport.produce({
      track,
      ...(taps ? { onRtpSender: (sender: RTCRtpSender) => tapEncoded(sender, (payload) => taps.sent(payload)) } : {}),
      codecOptions: { opusFec: true, opusDtx: false, opusMaxAverageBitrate: 32_000, opusPtime: 20 },
    });
  }

  private async nameProducer(done: (data: { id: string }) => void, failed: (cause: Error) => void): Promise<void> {
    try {
      const { producerId } = await this.next('produced');
      done({ id: producerId });
    } catch (cause) {
      failed(cause instanceof Error ? cause : new Error(String(cause)));
    }
  }

  private async consume(device: Device, offer: TransportOffer): Promise<MediaStreamTrack> {
    const transport = device.createRecvTransport(this.transportOptions(offer));
    this.transports.push(transport);
    transport.on('connect', ({ dtlsParameters }, done) => {
      this.send({ type: 'connect-transport', direction: 'receive', dtlsParameters: { ...dtlsParameters } });
      done();
    });
    const answered = this.next('consumed');
    this.send({ type: 'consume', rtpCapabilities: { ...device.recvRtpCapabilities } });
    const { consumerId, producerId, rtpParameters } = await answered;
    const consumer = await transport.consume({
      id: consumerId,
      producerId,
      kind: 'audio',
      rtpParameters: rtpParameters as unknown as RtpParameters,
      onRtpReceiver: (receiver) => {
        receiver.jitterBufferTarget = 0;
        const { taps } = this;
        if (taps) tapEncoded(receiver, (payload) => taps.came(payload));
      },
    });
    play(consumer.track);
    return consumer.track;
  }

  private transportOptions(offer: TransportOffer) {
    return { ...transportOptions(offer), ...(this.taps ? { additionalSettings: { ...encodedStreams } } : {}) };
  }
}

/** mediasoup's own JSON: the library checks what is inside. */
function transportOptions(offer: TransportOffer) {
  return {
    id: offer.id,
    iceParameters: offer.iceParameters as unknown as IceParameters,
    iceCandidates: offer.iceCandidates as unknown as IceCandidate[],
    dtlsParameters: offer.dtlsParameters as unknown as DtlsParameters,
  };
}
