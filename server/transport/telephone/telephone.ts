import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { CallLimits, type CallLimitOptions } from './auth/call-limits.ts';
import { Gatekeeper } from './auth/gatekeeper.ts';
import { type Trunk, TrunkList } from './auth/trunk.ts';
import { type CallOut, Dialler } from './dialler.ts';
import type { OutboundLeg } from './dialog/outbound-leg.ts';
import type { LocalEndpoint } from './dialog/own-headers.ts';
import { UserAgent, type UserAgentOptions } from './dialog/user-agent.ts';
import { maskSip } from './message/mask-sip.ts';
import { writeHostPort } from './message/uri.ts';
import type { After } from './transaction/timing.ts';
import type { Flow } from './transport/flow.ts';
import type { IncomingListener } from './transport/incoming.ts';
import { Network } from './transport/network.ts';
import { openPair } from './transport/open-pair.ts';
import { OutgoingConnections } from './transport/outgoing-connections.ts';
import { SourceLimit } from './transport/source-limit.ts';
import { StreamTransport } from './transport/stream.ts';
import { systemResolver } from './transport/system-resolver.ts';
import type { Trace } from './transport/trace.ts';
import { UdpTransport } from './transport/udp.ts';
import { type TrunkHealth, Trunks } from './trunks.ts';

/** How long a stopping telephone waits for its trunks. */
const closeMs = 2_000;

export interface TelephoneOptions extends Pick<UserAgentOptions, 'vacancy' | 'onCall'> {
  readonly host: string;
  /** UDP and TCP. */
  readonly port: number;
  /** Also over TLS, with this certificate in PEM. */
  readonly tls?: { readonly port: number; readonly key: string; readonly cert: string } | undefined;
  /** PEM: authorities whose certificates trunks may have, beside the usual ones. */
  readonly authorities?: string | undefined;
  /** Where trunks reach us. */
  readonly announcedAddress: string;
  readonly trunks: readonly Trunk[];
  /** Of calls that we place. */
  readonly limits: Omit<CallLimitOptions, 'now'>;
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
  /** For logs: every message, with secrets and personal data masked. */
  readonly onMessage?: ((direction: 'in' | 'out', peer: string, text: string) => void) | undefined;
  /** A trunk that we call answers or does not, holds our registration or does not. */
  readonly onTrunk?: (health: TrunkHealth, status: number | undefined) => void;
}

interface Parts {
  readonly udp: UdpTransport;
  readonly streams: readonly StreamTransport[];
  readonly connections: OutgoingConnections;
  readonly dialler: Dialler;
  readonly trunks: Trunks;
}

/** Our telephone: the SIP stack, from the socket to calls. */
export class Telephone {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static async open(options: TelephoneOptions): Promise<Telephone> {
    const { host, port, tls, announcedAddress, limits, now, vacancy, onCall, onFault } = options;
    const list = new TrunkList(options.trunks);
    const newId = (): string => randomBytes(12).toString('hex');
    const after: After = (delayMs, work) => {
      const timer = setTimeout(() => {
        try {
          work();
        } catch (error) {
          onFault(error);
        }
      }, delayMs);
      return () => clearTimeout(timer);
    };
    // Without a port of its own for TLS, what it comes back by is the connection that we opened.
    const local = (transport: Flow['transport']): LocalEndpoint => ({
      address: announcedAddress,
      port: transport === 'TLS' ? (tls?.port ?? udp.port) : udp.port,
    });
    const listener: IncomingListener = {
      request: (request, flow) => agent.transactions.request(request, flow),
      response: (response) => agent.transactions.response(response),
    };
    const { onMessage } = options;
    const trace: Trace | undefined =
      onMessage &&
      ((direction, bytes, { transport, address, port: at }) =>
        onMessage(direction, `${transport} ${writeHostPort(address, at)}`, maskSip(bytes)));
    const connections = new OutgoingConnections({ listener, authorities: options.authorities, trace, onFault });
    const network = new Network({
      udp: { flowTo: (address, to) => udp.flowTo(address, to) },
      host,
      connections,
      resolver: systemResolver,
      random: Math.random,
    });
    const gatekeeper = new Gatekeeper(list, now);
    const agent = new UserAgent({
      local,
      network,
      gatekeeper,
      after,
      newId,
      random: Math.random,
      vacancy,
      onCall,
    });
    const common = {
      host,
      listener,
      trace,
      limit: new SourceLimit(now),
      trusts: (address: string): boolean => list.at(address) !== undefined,
      onFault,
    };
    const { udp, tcp } = await openPair(port, {
      udp: (wanted) => UdpTransport.open({ ...common, port: wanted }),
      tcp: (wanted) => StreamTransport.open({ ...common, port: wanted, setting: 'PARLEY_SIP_PORT' }),
    });
    const streams = [tcp];
    try {
      if (tls)
        streams.push(await StreamTransport.open({ ...common, port: tls.port, setting: 'PARLEY_SIP_TLS_PORT', tls }));
    } catch (error) {
      for (const transport of [udp, ...streams]) transport.close();
      throw error;
    }
    const dialler = new Dialler({
      trunks: options.trunks,
      limits: new CallLimits({ ...limits, now }),
      agent,
      network,
      newCnonce: newId,
    });
    const trunks = new Trunks({
      trunks: options.trunks,
      network,
      transactions: agent.transactions,
      local,
      after,
      random: Math.random,
      newId,
      onHealth: (health, status) => options.onTrunk?.(health, status),
    });
    return new Telephone({ udp, streams, connections, dialler, trunks });
  }

  /** Places a call. The only door out: for our own program, within dial plan and limits. */
  call(out: CallOut): OutboundLeg {
    return this.#parts.dialler.call(out);
  }

  /** Of the trunks that we call. */
  get trunks(): TrunkHealth[] {
    return this.#parts.trunks.health;
  }

  get port(): number {
    return this.#parts.udp.port;
  }

  /** Takes registrations back first: trunks shall call elsewhere. Waits for them no longer than 2 s. */
  async close(): Promise<void> {
    const { udp, streams, connections, trunks } = this.#parts;
    const patience = new AbortController();
    await Promise.race([trunks.close(), pause(closeMs, undefined, { signal: patience.signal }).catch(() => {})]);
    patience.abort();
    for (const transport of [udp, ...streams, connections]) transport.close();
  }
}
