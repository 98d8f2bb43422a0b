import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { parseMessage } from '../message/parse-message.ts';
import type { Flow } from './flow.ts';
import { receiveParsed, type IncomingListener } from './incoming.ts';
import type { SourceLimit } from './source-limit.ts';
import type { Trace } from './trace.ts';

export interface UdpOptions {
  readonly host: string;
  readonly port: number;
  readonly listener: IncomingListener;
  readonly limit: SourceLimit;
  /** Addresses that may send as much as they like: trunks. */
  readonly trusts: (address: string) => boolean;
  readonly trace?: Trace | undefined;
  readonly onFault: (error: unknown) => void;
}

/** A burst of calls must not overflow the kernel's default of 208 kB. */
const bufferBytes = 4 * 1_024 * 1_024;

/** SIP over datagrams. */
export class UdpTransport {
  readonly #socket: Socket;
  readonly #options: UdpOptions;

  private constructor(socket: Socket, options: UdpOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  static async open(options: UdpOptions): Promise<UdpTransport> {
    const { host, port, onFault } = options;
    const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize: bufferBytes });
    const transport = new UdpTransport(socket, options);
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (cause: NodeJS.ErrnoException) => {
        const taken = cause.code === 'EADDRINUSE';
        const why = taken ? 'another program uses it. Set PARLEY_SIP_PORT to a free one' : cause.message;
        reject(new Error(`Cannot open UDP port ${port} on ${host} for SIP: ${why}.`, { cause }));
      });
      socket.bind(port, host, () => resolve());
    });
    socket.removeAllListeners('error');
    socket.on('error', onFault);
    socket.on('message', (bytes, { address, port }) => transport.#receive(bytes, address, port));
    return transport;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  flowTo(address: string, port: number): Flow {
    return {
      transport: 'UDP',
      address,
      port,
      send: (bytes) => this.#send(bytes, address, port),
      toPort: (other) => this.flowTo(address, other),
    };
  }

  close(): void {
    this.#socket.close();
  }

  #receive(bytes: Uint8Array, address: string, port: number): void {
    const { limit, trusts, listener, trace, onFault } = this.#options;
    // Keep-alives are line breaks, or a few zeros.
    if (bytes.length < 20 || (!trusts(address) && !limit.admits(address))) return;
    try {
      trace?.('in', bytes, { transport: 'UDP', address, port });
      receiveParsed(parseMessage(bytes), this.flowTo(address, port), listener);
    } catch (error) {
      onFault(error);
    }
  }

  #send(bytes: Uint8Array, address: string, port: number): void {
    try {
      this.#options.trace?.('out', bytes, { transport: 'UDP', address, port });
      // Without a callback a failure would be an error of the socket.
      this.#socket.send(bytes, port, address, () => undefined);
    } catch (error) {
      this.#options.onFault(error);
    }
  }
}
