import { isIP, isIPv6 } from 'node:net';
import { parseSipUri } from '../message/uri.ts';
import type { Flow } from './flow.ts';
import { type Hop, locate, type NameResolver, type Place } from './locate.ts';
import type { OutgoingConnections } from './outgoing-connections.ts';
import { isPrivateAddress } from './private-address.ts';
import type { UdpTransport } from './udp.ts';

/** Opens a way to a place; rejects when it cannot be reached by that one. */
export type OpenWay = () => Promise<Flow>;

export interface NetworkOptions {
  readonly udp: Pick<UdpTransport, 'flowTo'>;
  /** Of our UDP socket. */
  readonly host: string;
  readonly connections: Pick<OutgoingConnections, 'connect' | 'flowTo'>;
  readonly resolver: NameResolver;
  /** 0 to 1. */
  readonly random: () => number;
}

/** The ways from us to others. */
export class Network {
  readonly #options: NetworkOptions;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /** The best first. */
  async waysTo(place: Place): Promise<OpenWay[]> {
    const { resolver, random, connections } = this.#options;
    const hops = await locate(place, resolver, random);
    return hops.flatMap((hop) => {
      if (hop.transport !== 'UDP') return [() => connections.connect(hop)];
      const flow = this.#datagramsTo(hop.address, hop.port);
      return flow ? [() => Promise.resolve(flow)] : [];
    });
  }

  /**
   * The way for a request in a dialog: straight to an address, unless it is one behind a NAT: then by the way that is
   * known to work. A connection is used as long as it is there.
   */
  wayTo(target: string, known: Flow): Flow {
    const uri = parseSipUri(target);
    if (!uri || isIP(uri.host) === 0) return known;
    if (isPrivateAddress(uri.host) && !isPrivateAddress(known.address)) return known;
    if (known.transport === 'UDP') return this.#datagramsTo(uri.host, uri.port ?? 5_060) ?? known;
    if (known.gone?.() !== true) return known;
    const hop: Hop = {
      transport: known.transport,
      address: uri.host,
      port: uri.port ?? (known.transport === 'TLS' ? 5_061 : 5_060),
      serverName: uri.host,
    };
    return this.#options.connections.flowTo(hop);
  }

  /** Back to a caller: by the way that it came, which a NAT knows, unless that was a connection that is gone. */
  wayBackTo(target: string, known: Flow): Flow {
    return known.gone?.() === true ? this.wayTo(target, known) : known;
  }

  #datagramsTo(address: string, port: number): Flow | undefined {
    const { udp, host } = this.#options;
    return isIPv6(address) === isIPv6(host) ? udp.flowTo(address, port) : undefined;
  }
}
