import { Device } from 'mediasoup-client';
import type { DtlsParameters, IceCandidate, IceParameters, RtpParameters, Transport } from 'mediasoup-client/types';
import * as v from 'valibot';
import { ServerMessage, type ClientMessage, type TransportOffer } from '../../contract/signaling.ts';
import { Session } from '../../contract/session.ts';
import { Ears } from './ears.ts';
import type { LoadSetup, LoadTurn } from './load-api.ts';
import { Mouth } from './mouth.ts';
import { play } from './playing.ts';

type Of<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>;

/** Reports of 85 ms: what was heard is stamped on the audio thread, so rare reports cost no accuracy. */
const quantaPerReport = 32;

/** The agent is over when it has been silent this long. */
const agentSilenceMs = 400;

/** One visitor without a user interface: signaling and media as the widget does them, then talk in a loop. */
export class LoadCall {
  private readonly setup: LoadSetup;
  private readonly mouth: Mouth;
  private readonly ears: Ears;
  private readonly listeners = new Set<(message: ServerMessage) => void>();
  private socket: WebSocket | undefined;
  private transports: Transport[] = [];
  private state = 'thinking';
  private ended = false;
  private callId = '';

  constructor(context: AudioContext, setup: LoadSetup) {
    this.setup = setup;
    this.mouth = new Mouth(context);
    this.ears = new Ears(context, { keepSound: false, quantaPerReport });
  }

  /** Until the agent has greeted. */
  async start(): Promise<void> {
    const session = await this.openSession();
    this.callId = session.callId;
    this.socket = await this.connect(session.signalingUrl);
    const welcomed = this.next('welcome');
    this.send({ type: 'hello', token: session.token, mode: 'voice' });
    const { media } = await welcomed;
    if (media === undefined) throw new Error('The node offered no media.');
    const device = await Device.factory();
    await device.load({ routerRtpCapabilities: media.routerRtpCapabilities });
    await this.produce(device, media.send);
    await this.consume(device, media.receive);
    this.send({ type: 'ready' });
    await this.agentSilent(0);
  }

  /** Says a sentence and waits for the answer, for ever; ends when the call does. */
  async talk(first: number, onTurn: (turn: LoadTurn) => void): Promise<void> {
    for (let index = first; !this.ended; index += 1) {
      const sentence = this.setup.sentences[index % this.setup.sentences.length];
      if (sentence === undefined) throw new Error('No sentences to say.');
      const { startMs } = await this.mouth.sayBase64(sentence.base64);
      const lastSampleMs = startMs + sentence.audibleToMs;
      const onsetMs = await this.ears.until(() => this.ears.onsetAfter(lastSampleMs), 15_000, 'an answer');
      onTurn({ callId: this.callId, atMs: lastSampleMs, totalMs: onsetMs - lastSampleMs });
      await this.agentSilent(onsetMs);
    }
  }

  stop(): void {
    this.ended = true;
    if (this.socket?.readyState === WebSocket.OPEN) this.send({ type: 'hang-up' });
    this.socket?.close();
    for (const transport of this.transports) transport.close();
  }

  private async agentSilent(fromMs: number): Promise<void> {
    const { ears } = this;
    const isSilent = (): boolean => ears.lastAudibleMs > fromMs && Date.now() - ears.lastAudibleMs >= agentSilenceMs;
    await ears.until(
      () => (this.state === 'listening' && isSilent() ? true : undefined),
      60_000,
      'the agent to finish',
    );
  }

  private async openSession(): Promise<Session> {
    const response = await fetch(`${this.setup.controlUrl}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        business: this.setup.business,
        mode: 'voice',
        consent: { accepted: true, version: this.setup.consentVersion },
      }),
    });
    if (!response.ok) throw new Error(`No session: ${response.status} ${await response.text()}`);
    return v.parse(Session, await response.json());
  }

  private async connect(url: string): Promise<WebSocket> {
    const socket = new WebSocket(url);
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      const message = v.parse(ServerMessage, JSON.parse(String(event.data)));
      if (message.type === 'agent-state') this.state = message.state;
      if (message.type === 'ended') this.ended = true;
      for (const listener of this.listeners) listener(message);
    });
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error(`Cannot connect to ${url}`)));
    });
    return socket;
  }

  private next<Type extends ServerMessage['type']>(type: Type): Promise<Of<Type>> {
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

  private send(message: ClientMessage): void {
    this.socket?.send(JSON.stringify(message));
  }

  private async produce(device: Device, offer: TransportOffer): Promise<void> {
    const transport = device.createSendTransport(transportOptions(offer));
    this.transports.push(transport);
    transport.on('connect', ({ dtlsParameters }, done) => {
      this.send({ type: 'connect-transport', direction: 'send', dtlsParameters: { ...dtlsParameters } });
      done();
    });
    transport.on('produce', ({ rtpParameters }, done, failed) => {
      void this.nameProducer(done, failed);
      this.send({ type: 'produce', rtpParameters: { ...rtpParameters } });
    });
    const track = this.mouth.stream.getAudioTracks()[0];
    if (track === undefined) throw new Error('The mouth has no track.');
    await transport.produce({
      track,
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

  private async consume(device: Device, offer: TransportOffer): Promise<void> {
    const transport = device.createRecvTransport(transportOptions(offer));
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
      onRtpReceiver: (receiver) => (receiver.jitterBufferTarget = 0),
    });
    play(consumer.track);
    this.ears.listenTo(consumer.track);
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
