import * as v from 'valibot';
import { ClientMessage, type ServerMessage } from '../../contract/signaling.ts';
import type { OpenSocket, SocketListener } from '../signaling/socket.ts';

/** WebSockets without a network: the test is the other end. */
export class FakeNetwork {
  readonly sockets: FakeSocket[] = [];

  readonly open: OpenSocket = (url, listener) => {
    const socket = new FakeSocket(url, listener);
    this.sockets.push(socket);
    return socket;
  };

  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('No socket was opened.');
    return socket;
  }
}

export class FakeSocket {
  readonly url: string;
  readonly sent: ClientMessage[] = [];
  closed = false;
  readonly #listener: SocketListener;

  constructor(url: string, listener: SocketListener) {
    this.url = url;
    this.#listener = listener;
  }

  send(text: string): void {
    this.sent.push(v.parse(v.pipe(v.string(), v.parseJson(), ClientMessage), text));
  }

  close(): void {
    this.closed = true;
  }

  opens(): void {
    this.#listener.open();
  }

  says(message: ServerMessage): void {
    this.#listener.message(JSON.stringify(message));
  }

  saysRaw(data: unknown): void {
    this.#listener.message(data);
  }

  breaks(): void {
    this.#listener.close();
  }
}
