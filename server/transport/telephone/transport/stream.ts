import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Flow } from './flow.ts';
import type { IncomingListener } from './incoming.ts';
import type { SourceLimit } from './source-limit.ts';
import type { Trace } from './trace.ts';
import { readMessages, writeTo } from './stream-peer.ts';

export interface StreamOptions {
  readonly host: string;
  readonly port: number;
  /** The setting that chose the port. */
  readonly setting: string;
  /** PEM. Without it, plain TCP. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly listener: IncomingListener;
  readonly limit: SourceLimit;
  /** Addresses that may send as much as they like: trunks. */
  readonly trusts: (address: string) => boolean;
  readonly trace?: Trace | undefined;
  readonly onFault: (error: unknown) => void;
}

const maxConnections = 500;
/** Of addresses that are no trunk's: they may not keep trunks out. */
const maxStrangers = 50;
/** A connection on which nothing comes is closed. Longer than a call may be silent between session refreshes. */
const idleMs = 35 * 60_000;
/** A stranger's has less. */
const strangerIdleMs = 30_000;
const handshakeTimeoutMs = 5_000;

/** SIP over connections: TCP, or TLS. Answers and requests of a call go back on the connection that it came by. */
export class StreamTransport {
  readonly #server: Server;
  readonly #options: StreamOptions;
  readonly #sockets = new Set<Socket>();
  #strangers = 0;

  private constructor(server: Server, options: StreamOptions) {
    this.#server = server;
    this.#options = options;
  }

  static async open(options: StreamOptions): Promise<StreamTransport> {
    const { host, port, setting, tls, onFault } = options;
    const server: Server = tls
      ? createTlsServer({ ...tls, minVersion: 'TLSv1.2', handshakeTimeout: handshakeTimeoutMs })
      : createServer();
    const transport = new StreamTransport(server, options);
    server.on('connection', (socket: Socket) => transport.#admit(socket));
    server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => transport.#serve(socket));
    server.maxConnections = maxConnections;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause: NodeJS.ErrnoException) => {
        const taken = cause.code === 'EADDRINUSE';
        const why = taken ? `another program uses it. Set ${setting} to a free one` : cause.message;
        reject(new Error(`Cannot open TCP port ${port} on ${host} for SIP: ${why}.`, { cause }));
      });
      server.listen(port, host, resolve);
    });
    server.removeAllListeners('error');
    server.on('error', onFault);
    // A handshake that fails is the peer's affair.
    server.on('tlsClientError', () => undefined);
    return transport;
  }

  get port(): number {
    // A server that listens on TCP has an address with a port.
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Counted as soon as they connect: who never begins the handshake holds a place as well. */
  #admit(socket: Socket): void {
    const trusted = this.#options.trusts(addressOf(socket));
    if (!trusted && this.#strangers >= maxStrangers) {
      socket.destroy();
      return;
    }
    if (!trusted) this.#strangers += 1;
    this.#sockets.add(socket);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (!trusted) this.#strangers -= 1;
    });
  }

  #serve(socket: Socket): void {
    if (socket.destroyed) return;
    const address = addressOf(socket);
    const { limit, listener, trace, onFault, trusts } = this.#options;
    const trusted = trusts(address);
    socket.setTimeout(trusted ? idleMs : strangerIdleMs, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    const flow = this.#flowOn(socket, address);
    readMessages({ socket, listener, flow, admits: () => trusted || limit.admits(address), trace, onFault });
  }

  #flowOn(socket: Socket, address: string): Flow {
    const { trace } = this.#options;
    return {
      transport: this.#options.tls ? 'TLS' : 'TCP',
      address,
      port: socket.remotePort ?? 0,
      send(bytes) {
        trace?.('out', bytes, this);
        writeTo(socket, bytes);
      },
      gone: () => socket.destroyed,
    };
  }
}

const addressOf = (socket: Socket): string => socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
