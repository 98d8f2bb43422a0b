import * as v from 'valibot';
import type { RawData, WebSocket } from 'ws';
import type { ProblemCode } from '../../../contract/problem.ts';
import { ClientMessage, type ServerMessage } from '../../../contract/signaling.ts';

/** Bytes in one message, and messages in one second. */
export const maxMessageBytes = 64 * 1024;
const maxMessagesPerSecond = 50;

/** WebSocket close codes: RFC 6455 §7.4.1, and 4xxx of our own. */
const closeCode = { normal: 1000, unsupportedData: 1003, policy: 1008, tooBig: 1009 } as const;

export interface SignalingListener {
  message(message: ClientMessage): void;
  closed(): void;
}

/** One page's connection: checks size, rate and shape of what comes in, so that the rest need not. */
export class SignalingSocket {
  readonly #socket: WebSocket;
  readonly #now: () => number;
  #listener: SignalingListener | undefined;
  #second = 0;
  #count = 0;

  constructor(socket: WebSocket, now: () => number) {
    this.#socket = socket;
    this.#now = now;
    socket.on('message', (data, isBinary) => this.#receive(textOf(data), isBinary));
    socket.on('close', () => this.#listener?.closed());
    // A reset connection; 'close' follows.
    socket.on('error', () => undefined);
  }

  /** Replaces the listener: the hello is heard by the door, the rest by the call. */
  listen(listener: SignalingListener): void {
    this.#listener = listener;
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  send(message: ServerMessage): void {
    if (this.open) this.#socket.send(JSON.stringify(message));
  }

  /** Says what is wrong and what to do; the connection stays. */
  problem(code: ProblemCode, message: string, action: string): void {
    this.send({ type: 'problem', code, message, action });
  }

  /** Says what is wrong and closes. */
  refuse(code: ProblemCode, message: string, action: string, status: keyof typeof closeCode = 'policy'): void {
    this.problem(code, message, action);
    this.close(status);
  }

  close(status: keyof typeof closeCode = 'normal'): void {
    this.#socket.close(closeCode[status]);
  }

  #receive(text: string, isBinary: boolean): void {
    if (isBinary) {
      this.refuse('bad-request', 'Signaling messages are JSON text.', 'Send text frames.', 'unsupportedData');
      return;
    }
    if (Buffer.byteLength(text) > maxMessageBytes) {
      this.refuse(
        'too-large',
        `A signaling message may have ${maxMessageBytes} bytes.`,
        'Send less at a time.',
        'tooBig',
      );
      return;
    }
    if (this.#tooFast()) {
      this.refuse(
        'rate-limited',
        `More than ${maxMessagesPerSecond} messages in a second.`,
        'Slow down and connect again.',
      );
      return;
    }
    const message = parse(text);
    if (message.success) this.#listener?.message(message.output);
    else
      this.problem(
        'bad-request',
        `Not a signaling message: ${v.summarize(message.issues).slice(0, 300)}`,
        'See contract/signaling.ts.',
      );
  }

  #tooFast(): boolean {
    const second = Math.floor(this.#now() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count > maxMessagesPerSecond;
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.from(data as ArrayBuffer).toString();
}

function parse(text: string) {
  return v.safeParse(v.pipe(v.string(), v.parseJson(), ClientMessage), text);
}
