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
import { OpusDecoder, OpusEncoder } from '../../audio/opus.ts';
import { frameSamples } from '../../audio/frame.ts';
import { ReorderBuffer } from '../../audio/reorder-buffer.ts';
import { parseRtp, serializeRtp } from '../../audio/rtp.ts';
import type { MediaRoom } from './media-workers.ts';

/** RTP clock ticks in a 20 ms frame (RFC 7587 §4.1). */
const ticksPerFrame = 960;
const payloadType = 100;
/** A lost packet is heard as silence; more than this many in a row are a gap, and not filled. */
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

/** One caller's WebRTC media, and the agent's own way into and out of the router. */
export class BrowserMedia {
  readonly #room: MediaRoom;
  readonly #send: WebRtcTransport;
  readonly #receive: WebRtcTransport;
  readonly #direct: DirectTransport;
  readonly #agent: Producer;
  readonly #listener: BrowserMediaListener;
  readonly #encoder = new OpusEncoder();
  readonly #decoder = new OpusDecoder();
  #order = new ReorderBuffer<Uint8Array>();
  readonly #ssrc: number;
  #sequenceNumber = randomInt(0x10000);
  #timestamp = randomInt(0x100000000);
  #caller: Producer | undefined;
  #page: Consumer | undefined;
  #lastAudioMs: number | undefined;
  #closed = false;
  readonly #forgetDeath: () => void;

  private constructor(
    room: MediaRoom,
    transports: { send: WebRtcTransport; receive: WebRtcTransport; direct: DirectTransport },
    agent: Producer,
    ssrc: number,
    listener: BrowserMediaListener,
  ) {
    this.#room = room;
    this.#send = transports.send;
    this.#receive = transports.receive;
    this.#direct = transports.direct;
    this.#agent = agent;
    this.#ssrc = ssrc;
    this.#listener = listener;
    this.#forgetDeath = room.onDeath(() => {
      this.#closed = true;
      listener.died();
    });
  }

  static async open(room: MediaRoom, listener: BrowserMediaListener): Promise<BrowserMedia> {
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
    const ssrc = randomInt(1, 0xffffffff);
    const agent = await direct.produce({
      kind: 'audio',
      rtpParameters: {
        codecs: [
          {
            mimeType: 'audio/opus',
            payloadType,
            clockRate: 48_000,
            channels: 2,
            parameters: { useinbandfec: 1, 'sprop-stereo': 0 },
          },
        ],
        encodings: [{ ssrc }],
        rtcp: { cname: `agent-${ssrc}` },
      },
    });
    return new BrowserMedia(room, { send, receive, direct }, agent, ssrc, listener);
  }

  get offer(): MediaOffer {
    return {
      routerRtpCapabilities: asJson(this.#room.router.rtpCapabilities),
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
    this.#page = await this.#receive.consume({ producerId: this.#agent.id, rtpCapabilities: capabilities });
    return this.#page;
  }

  /** Sends 20 ms of the agent. */
  play(frame: Int16Array): void {
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + ticksPerFrame) >>> 0;
    if (this.#closed) return;
    this.#agent.send(
      serializeRtp({
        payloadType,
        marker: false,
        sequenceNumber: this.#sequenceNumber,
        timestamp: this.#timestamp,
        ssrc: this.#ssrc,
        payload: this.#encoder.encode(frame),
      }),
    );
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

  #hear(bytes: Uint8Array): void {
    const packet = parseRtp(bytes);
    if (!packet || this.#closed) return;
    this.#lastAudioMs = Date.now();
    // The payload is a view of memory that the library uses again.
    for (const { item, lost } of this.#order.push(packet.sequenceNumber, packet.payload.slice())) {
      for (let filled = 0; filled < Math.min(lost, maxFilledFrames); filled++) {
        this.#listener.audio(new Int16Array(frameSamples));
      }
      const samples = this.#decode(item);
      if (samples) this.#listener.audio(samples);
    }
  }

  #decode(payload: Uint8Array): Int16Array | undefined {
    try {
      return this.#decoder.decode(payload);
    } catch {
      // A broken packet is a lost packet: anyone may send garbage.
      return undefined;
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
