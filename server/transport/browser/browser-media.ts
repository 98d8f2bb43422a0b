import { randomInt } from 'node:crypto';
import * as v from 'valibot';
import type {
  Consumer,
  DirectTransport,
  DtlsParameters,
  Producer,
  RtpCapabilities,
  RtpParameters,
  WebRtcTransport,
} from 'mediasoup/types';
import type { MediaOffer, TransportOffer } from '../../../contract/signaling.ts';
import { announcedLevel, ComfortNoise } from '../../audio/comfort-noise.ts';
import { encodeG711, type G711Law } from '../../audio/g711.ts';
import { ReorderBuffer } from '../../audio/reorder-buffer.ts';
import { parseRtp } from '../../audio/rtp.ts';
import type { RelayedPacket, RelayEnd } from '../rtp/relay-end.ts';
import { Relay } from '../rtp/relay.ts';
import { SentStream } from '../rtp/sent-stream.ts';
import type { MediaRoom } from './media-workers.ts';
import { offeredCapabilities, type PageHearing, pageHearing, pageVoice } from './page-codec.ts';

/** Samples in 20 ms of G.711. */
const noiseSamples = 160;
/** A lost packet is filled; more than this many in a row are a gap, and not filled. */
const maxFilledFrames = 5;

const jsonRecord = v.record(v.string(), v.unknown());
/** mediasoup's parameters are plain JSON; through JSON they lose their class types and nothing else. */
const asJson = (value: unknown): Record<string, unknown> => v.parse(jsonRecord, JSON.parse(JSON.stringify(value)));

export interface BrowserMediaListener {
  /** 20 ms of the caller, Int16 mono at 16,000 Hz. */
  audio(samples: Int16Array): void;
  /** The worker is gone; nothing more will come from this object. */
  died(): void;
}

/** One page's WebRTC media, and our own way into and out of the router. */
export class BrowserMedia implements RelayEnd {
  readonly #room: MediaRoom;
  readonly #send: WebRtcTransport;
  readonly #receive: WebRtcTransport;
  readonly #direct: DirectTransport;
  readonly #listener: BrowserMediaListener;
  readonly #wantedLaw: G711Law | undefined;
  #ours: { readonly producer: Producer; readonly stream: SentStream; readonly law: G711Law | undefined } | undefined;
  #hearing: PageHearing | undefined;
  #order = new ReorderBuffer<Uint8Array>();
  readonly #relay = new Relay(() => this.law);
  readonly #noise = new ComfortNoise(randomInt(1, 0xffffffff));
  #caller: Producer | undefined;
  #page: Consumer | undefined;
  #lastAudioMs: number | undefined;
  /** What the page sends is for others. */
  #relayed = false;
  #closed = false;
  readonly #forgetDeath: () => void;

  private constructor(
    room: MediaRoom,
    transports: { send: WebRtcTransport; receive: WebRtcTransport; direct: DirectTransport },
    listener: BrowserMediaListener,
    wantedLaw: G711Law | undefined,
  ) {
    this.#room = room;
    this.#send = transports.send;
    this.#receive = transports.receive;
    this.#direct = transports.direct;
    this.#listener = listener;
    this.#wantedLaw = wantedLaw;
    this.#forgetDeath = room.onDeath(() => {
      this.#closed = true;
      listener.died();
    });
  }

  /** @param law of a telephone that the page is to talk with: asked for before Opus. */
  static async open(room: MediaRoom, listener: BrowserMediaListener, law?: G711Law): Promise<BrowserMedia> {
    const webRtc = {
      webRtcServer: room.server,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      iceConsentTimeout: 20,
    };
    const [send, receive, direct] = await Promise.all([
      room.router.createWebRtcTransport(webRtc),
      room.router.createWebRtcTransport(webRtc),
      room.router.createDirectTransport(),
    ]);
    const media = new BrowserMedia(room, { send, receive, direct }, listener, law);
    try {
      await media.#speak(law);
      return media;
    } catch (error) {
      media.close();
      throw error;
    }
  }

  get offer(): MediaOffer {
    return {
      routerRtpCapabilities: asJson(offeredCapabilities(this.#room.router.rtpCapabilities, this.#wantedLaw)),
      send: transportOffer(this.#send),
      receive: transportOffer(this.#receive),
    };
  }

  async connect(direction: 'send' | 'receive', dtlsParameters: Record<string, unknown>): Promise<void> {
    // The worker checks the parameters' inside and rejects what it does not understand.
    await this.#transport(direction).connect({ dtlsParameters: dtlsParameters as unknown as DtlsParameters });
  }

  async restartIce(direction: 'send' | 'receive'): Promise<Record<string, unknown>> {
    return asJson(await this.#transport(direction).restartIce());
  }

  /** The caller's microphone. A second one replaces the first. */
  async produce(rtpParameters: Record<string, unknown>): Promise<string> {
    this.#caller?.close();
    const parameters = rtpParameters as unknown as RtpParameters;
    const caller = await this.#send.produce({ kind: 'audio', rtpParameters: parameters });
    this.#caller = caller;
    this.#hearing = pageHearing(caller.rtpParameters.codecs[0]?.mimeType);
    this.#order = new ReorderBuffer();
    const tap = await this.#direct.consume({
      producerId: caller.id,
      rtpCapabilities: this.#room.router.rtpCapabilities,
    });
    tap.on('rtp', (packet: Uint8Array) => this.#hear(packet));
    return caller.id;
  }

  /** The agent's voice, towards the page. A second one replaces the first. */
  async consume(rtpCapabilities: Record<string, unknown>): Promise<Consumer> {
    const capabilities = rtpCapabilities as unknown as RtpCapabilities;
    this.#page?.close();
    let producerId = await this.#speak(this.#wantedLaw);
    if (!this.#room.router.canConsume({ producerId, rtpCapabilities: capabilities }))
      producerId = await this.#speak(undefined);
    this.#page = await this.#receive.consume({ producerId, rtpCapabilities: capabilities });
    return this.#page;
  }

  /** Sends 20 ms of the agent. */
  play(frame: Int16Array): void {
    const mayPlay = this.#relay.mayPlay(frame, Date.now());
    if (this.#closed || !this.#ours) return;
    const { producer, stream } = this.#ours;
    const packet = mayPlay ? stream.next(frame) : undefined;
    if (packet) producer.send(packet);
    else stream.skip();
  }

  get law(): G711Law | undefined {
    return !this.#closed && this.#hearing?.law ? this.#ours?.law : undefined;
  }

  relayTo(other: RelayEnd | undefined): void {
    this.#relay.to(other);
  }

  relay(packet: RelayedPacket): void {
    const admitted = this.#relay.admit(this.#audible(packet), Date.now());
    const bytes = admitted && this.#ours?.stream.relay(admitted);
    if (bytes) this.#ours?.producer.send(bytes);
  }

  /** Epoch ms of the caller's last packet. */
  get lastAudioMs(): number | undefined {
    return this.#lastAudioMs;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#forgetDeath();
    this.#send.close();
    this.#receive.close();
    this.#direct.close();
  }

  #transport(direction: 'send' | 'receive'): WebRtcTransport {
    return direction === 'send' ? this.#send : this.#receive;
  }

  /** Our own voice, in that codec from now on. @returns its producer. */
  async #speak(law: G711Law | undefined): Promise<string> {
    if (this.#ours && this.#ours.law === law) return this.#ours.producer.id;
    const { encoder, parameters } = pageVoice(law);
    const stream = new SentStream();
    stream.use(encoder, { payloadType: parameters.payloadType, eventPayloadType: undefined });
    const { ssrc } = stream;
    const producer = await this.#direct.produce({
      kind: 'audio',
      rtpParameters: { codecs: [parameters], encodings: [{ ssrc }], rtcp: { cname: `agent-${ssrc}` } },
    });
    this.#ours?.producer.close();
    this.#ours = { producer, stream, law };
    return producer.id;
  }

  /** The router has no comfort noise: the page gets a packet of it, and goes on by itself. */
  #audible(packet: RelayedPacket): RelayedPacket {
    if (packet.kind !== 'quiet') return packet;
    const noise = this.#noise.make(noiseSamples, announcedLevel(packet.payload));
    return { ...packet, kind: 'voice', payload: encodeG711(packet.law, noise) };
  }

  #hear(bytes: Uint8Array): void {
    const packet = parseRtp(bytes);
    const hearing = this.#hearing;
    if (!packet || !hearing || this.#closed) return;
    this.#lastAudioMs = Date.now();
    const other = this.#relay.target;
    if (other && hearing.law && packet.payload.length > 0) {
      this.#relayed = true;
      other.relay({ ...packet, law: hearing.law, kind: 'voice' });
      return;
    }
    // What was relayed is not missing.
    if (this.#relayed) this.#order = new ReorderBuffer();
    this.#relayed = false;
    // The payload is a view of memory that the library uses again.
    for (const { item, lost } of this.#order.push(packet.sequenceNumber, packet.payload.slice())) {
      for (let filled = 0; filled < Math.min(lost, maxFilledFrames); filled++) this.#listener.audio(hearing.lost());
      const samples = hearing.decode(item);
      if (samples) this.#listener.audio(samples);
    }
  }
}

function transportOffer(transport: WebRtcTransport): TransportOffer {
  return {
    id: transport.id,
    iceParameters: asJson(transport.iceParameters),
    iceCandidates: transport.iceCandidates.map(asJson),
    dtlsParameters: asJson(transport.dtlsParameters),
  };
}
