import type { RawData, WebSocket } from 'ws';
import type { StreamMessage, StreamProtocol } from './stream-protocol.ts';

/** Bytes in one message. */
export const maxMessageBytes = 16 * 1024;
/** A stream carries 50 messages a second; what waited while the network stood still comes at once. */
const messagesPerSecond = 100;
const maxBurst = 1_000;
/** What may wait to be sent: a minute of a call. More means that nobody reads. */
const maxUnsentBytes = 1_000_000;

/** WebSocket close codes (RFC 6455 §7.4.1). */
const closeCode = { normal: 1000, unsupportedData: 1003, policy: 1008, tooBig: 1009 } as const;

export interface CarrierListener {
  message(message: StreamMessage): void;
  /** Once. */
  closed(): void;
}

/** One carrier stream's connection: checks size, rate and shape of what comes in, so that the rest need not. */
export class CarrierSocket {
  readonly #socket: WebSocket;
  readonly #protocol: StreamProtocol;
  readonly #now: () => number;
  #listener: CarrierListener | undefined;
  #allowance = maxBurst;
  #countedMs: number;
  #closed = false;

  constructor(socket: WebSocket, protocol: StreamProtocol, now: () => number) {
    this.#socket = socket;
    this.#protocol = protocol;
    this.#now = now;
    this.#countedMs = now();
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('close', () => {
      this.#closed = true;
      this.#listener?.closed();
    });
    // A reset connection; 'close' follows.
    socket.on('error', () => undefined);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Replaces the listener: the start is heard by the door, the rest by the line. */
  listen(listener: CarrierListener): void {
    this.#listener = listener;
  }

  sendAudio(streamId: string, payload: Uint8Array): void {
    this.#send(this.#protocol.audio(streamId, payload));
  }

  sendMark(streamId: string, name: string): void {
    this.#send(this.#protocol.mark(streamId, name));
  }

  sendClear(streamId: string): void {
    this.#send(this.#protocol.clear(streamId));
  }

  close(status: keyof typeof closeCode = 'normal', reason = ''): void {
    this.#socket.close(closeCode[status], reason);
  }

  #send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > maxUnsentBytes) this.#socket.terminate();
    else this.#socket.send(text);
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (isBinary) return this.close('unsupportedData', 'Messages are JSON text');
    if (!this.#withinRate()) return this.close('policy', 'Too many messages');
    const message = this.#protocol.read(textOf(data));
    // What a later version of the carrier's protocol has more is not for us to judge.
    if (message) this.#listener?.message(message);
  }

  #withinRate(): boolean {
    const nowMs = this.#now();
    const earned = ((nowMs - this.#countedMs) * messagesPerSecond) / 1_000;
    this.#countedMs = nowMs;
    this.#allowance = Math.min(maxBurst, this.#allowance + earned) - 1;
    return this.#allowance >= 0;
  }
}

function textOf(data: RawData): string {
  return Array.isArray(data) ? Buffer.concat(data).toString() : Buffer.from(data as ArrayBuffer).toString();
}
