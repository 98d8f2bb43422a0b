import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Pacer } from '../../server/agent/speak/pacer.ts';
import { KeySender } from '../../server/audio/key-sender.ts';
import { parseRtp, type RtpPacket, serializeRtp } from '../../server/audio/rtp.ts';

const frameMs = 20;
/** 20 ms at 8,000 Hz. */
const frameTicks = 160;
export const keyType = 101;
const stillness = new Uint8Array(frameTicks).fill(0xff);

/** A telephone's audio by the packet: sends the very bytes it is given, a packet each 20 ms, and keeps what comes. */
export class PacketPhone {
  readonly got: RtpPacket[] = [];
  readonly #socket: Socket;
  readonly #keys = new KeySender(frameTicks);
  #waiting: { readonly payloadType: number; readonly payload: Uint8Array }[] = [];
  #sequenceNumber = 0;
  #timestamp = 0;
  #stop: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (bytes) => {
      const packet = parseRtp(bytes);
      if (packet) this.got.push(packet);
    });
  }

  static async open(): Promise<PacketPhone> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new PacketPhone(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Digital silence in µ-law while there is nothing else. */
  sendTo(port: number): void {
    const pacer = new Pacer(frameMs, () => performance.now());
    this.#stop();
    this.#stop = pacer.add(
      () => this.#socket.send(this.#next(), port, '127.0.0.1'),
      () => this.#socket.close(),
    );
  }

  press(keys: string): void {
    this.#keys.press(keys);
  }

  /** In turn, 20 ms each. */
  say(payloads: readonly Uint8Array[], payloadType = 0): void {
    this.#waiting.push(...payloads.map((payload) => ({ payloadType, payload })));
  }

  get spoken(): boolean {
    return this.#waiting.length === 0;
  }

  close(): void {
    this.#stop();
    this.#socket.close();
  }

  #next(): Buffer {
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + frameTicks) >>> 0;
    const key = this.#keys.next(this.#timestamp);
    const { payloadType, payload } = this.#waiting[0] ?? { payloadType: 0, payload: stillness };
    if (!key) this.#waiting.shift();
    return serializeRtp({
      payloadType: key ? keyType : payloadType,
      marker: key?.marker ?? this.#sequenceNumber === 1,
      sequenceNumber: this.#sequenceNumber,
      timestamp: key?.timestamp ?? this.#timestamp,
      ssrc: 1,
      payload: key?.payload ?? payload,
    });
  }
}
