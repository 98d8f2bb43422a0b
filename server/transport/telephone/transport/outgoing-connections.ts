import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, rootCertificates } from 'node:tls';
import { writeHostPort } from '../message/uri.ts';
import type { Flow } from './flow.ts';
import type { IncomingListener } from './incoming.ts';
import type { Hop } from './locate.ts';
import type { Trace } from './trace.ts';
import { readMessages, writeTo } from './stream-peer.ts';

export interface OutgoingConnectionsOptions {
  readonly listener: IncomingListener;
  /** PEM: authorities that are trusted beside the usual ones. */
  readonly authorities?: string | undefined;
  readonly trace?: Trace | undefined;
  readonly onFault: (error: unknown) => void;
}

/** Who does not take a connection in this time is not there. */
const connectMs = 5_000;
/** Longer than a call may be silent between session refreshes. */
const idleMs = 35 * 60_000;
/** An empty line now and then keeps a NAT's way open (RFC 5626 §4.4.1). */
const keepAliveMs = 60_000;

/**
 * Connections that we open, TCP and TLS, one for each place: used by all requests to it, and opened anew when it is gone.
 * A TLS server's certificate has to name the host that was configured.
 */
export class OutgoingConnections {
  readonly #options: OutgoingConnectionsOptions;
  readonly #open = new Map<string, Promise<Socket>>();
  #closed = false;

  constructor(options: OutgoingConnectionsOptions) {
    this.#options = options;
  }

  /** Resolves when it is connected; rejects when nobody takes it, or its certificate is another's. */
  async connect(hop: Hop): Promise<Flow> {
    const socket = await this.#socketTo(hop);
    return { ...this.flowTo(hop), gone: () => socket.destroyed };
  }

  /** Connects with the first thing that is sent, and again when the connection is gone. */
  flowTo(hop: Hop): Flow {
    const { transport, address, port } = hop;
    const { trace } = this.#options;
    return {
      transport,
      address,
      port,
      // Lost as on the network where that fails: whoever waits for an answer gives up in time.
      send: (bytes) => {
        trace?.('out', bytes, hop);
        void this.#socketTo(hop).then(
          (socket) => writeTo(socket, bytes),
          () => undefined,
        );
      },
    };
  }

  close(): void {
    this.#closed = true;
    for (const socket of this.#open.values()) socket.then((open) => open.destroy()).catch(() => undefined);
  }

  #socketTo(hop: Hop): Promise<Socket> {
    if (this.#closed) return Promise.reject(new Error('The telephone is closed.'));
    const key = `${hop.transport}|${hop.address}|${hop.port}|${hop.serverName}`;
    const known = this.#open.get(key);
    if (known) return known;
    const opening = this.#connect(hop, () => this.#open.delete(key));
    this.#open.set(key, opening);
    return opening;
  }

  #connect(hop: Hop, onGone: () => void): Promise<Socket> {
    const { listener, trace, onFault } = this.#options;
    const { transport, address, port } = hop;
    return new Promise((resolve, reject) => {
      const secure = transport === 'TLS';
      const socket = secure ? connectTls(this.#tlsOptions(hop)) : connectTcp({ host: address, port });
      const place = writeHostPort(address, port);
      const timer = setTimeout(() => socket.destroy(new Error(`no connection after ${connectMs} ms`)), connectMs);
      let pings: NodeJS.Timeout | undefined;
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        socket.setTimeout(idleMs, () => socket.destroy());
        socket.setNoDelay(true);
        pings = setInterval(() => writeTo(socket, Buffer.from('\r\n\r\n')), keepAliveMs);
        pings.unref();
        resolve(socket);
      });
      socket.once('error', (cause) => {
        reject(new Error(`Cannot connect to ${place} over ${transport}: ${cause.message}`, { cause }));
      });
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        clearTimeout(timer);
        clearInterval(pings);
        onGone();
        reject(new Error(`The connection to ${place} was closed.`));
      });
      const flow: Flow = {
        transport,
        address,
        port,
        send: (bytes) => writeTo(socket, bytes),
        gone: () => socket.destroyed,
      };
      readMessages({ socket, listener, flow, admits: () => true, trace, onFault });
    });
  }

  #tlsOptions({ address, port, serverName }: Hop): ConnectionOptions {
    const { authorities } = this.#options;
    return {
      host: address,
      port,
      minVersion: 'TLSv1.2',
      // SNI names hosts only; an address is looked for in the certificate as it is.
      ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
      ...(authorities === undefined ? {} : { ca: [...rootCertificates, authorities] }),
    };
  }
}
