import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { CallLimits, type CallLimitOptions } from './auth/call-limits.ts';
import { Gatekeeper } from './auth/gatekeeper.ts';
import { type Trunk, TrunkList } from './auth/trunk.ts';
import { type CallOut, Dialler } from './dialler.ts';
import type { OutboundLeg } from './dialog/outbound-leg.ts';
import { UserAgent, type UserAgentOptions } from './dialog/user-agent.ts';
import type { Flow } from './transport/flow.ts';
import { SourceLimit } from './transport/source-limit.ts';
import { StreamTransport } from './transport/stream.ts';
import { UdpTransport } from './transport/udp.ts';

export interface TelephoneOptions extends Pick<UserAgentOptions, 'vacancy' | 'onCall'> {
  readonly host: string;
  /** UDP and TCP. */
  readonly port: number;
  /** Also over TLS, with this certificate in PEM. */
  readonly tls?: { readonly port: number; readonly key: string; readonly cert: string } | undefined;
  /** Where trunks reach us. */
  readonly announcedAddress: string;
  readonly trunks: readonly Trunk[];
  /** Of calls that we place. */
  readonly limits: Omit<CallLimitOptions, 'now'>;
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
}

/** Our telephone: the SIP stack, from the socket to calls. */
export class Telephone {
  readonly #udp: UdpTransport;
  readonly #streams: readonly StreamTransport[];
  readonly #dialler: Dialler;

  private constructor(udp: UdpTransport, streams: readonly StreamTransport[], dialler: Dialler) {
    this.#udp = udp;
    this.#streams = streams;
    this.#dialler = dialler;
  }

  static async open(options: TelephoneOptions): Promise<Telephone> {
    const { host, port, tls, announcedAddress, trunks, limits, now, vacancy, onCall, onFault } = options;
    const list = new TrunkList(trunks);
    const newId = (): string => randomBytes(12).toString('hex');
    const agent = new UserAgent({
      local: (transport) => ({ address: announcedAddress, port: transport === 'TLS' ? (tls?.port ?? 0) : udp.port }),
      gatekeeper: new Gatekeeper(list, now),
      after: (delayMs, work) => {
        const timer = setTimeout(() => {
          try {
            work();
          } catch (error) {
            onFault(error);
          }
        }, delayMs);
        return () => clearTimeout(timer);
      },
      newId,
      random: Math.random,
      vacancy,
      onCall,
    });
    const common = {
      host,
      listener: agent.transactions,
      limit: new SourceLimit(now),
      trusts: (address: string): boolean => list.at(address) !== undefined,
      onFault,
    };
    const udp = await UdpTransport.open({ ...common, port });
    const streams: StreamTransport[] = [];
    try {
      streams.push(await StreamTransport.open({ ...common, port: udp.port, setting: 'PARLEY_SIP_PORT' }));
      if (tls)
        streams.push(await StreamTransport.open({ ...common, port: tls.port, setting: 'PARLEY_SIP_TLS_PORT', tls }));
    } catch (error) {
      for (const transport of [udp, ...streams]) transport.close();
      throw error;
    }
    const datagramsTo = (address: string, to: number): Flow | undefined =>
      isIPv6(address) === isIPv6(host) ? udp.flowTo(address, to) : undefined;
    const dialler = new Dialler({
      trunks,
      limits: new CallLimits({ ...limits, now }),
      agent,
      locate: async ({ host: name, port: at = 5_060, transport }) => {
        if (transport === 'TCP' || transport === 'TLS') return [];
        const found = await lookup(name, { all: true });
        return found.flatMap(({ address }) => {
          const flow = datagramsTo(address, at);
          return flow ? [() => Promise.resolve(flow)] : [];
        });
      },
      datagramsTo,
      newCnonce: newId,
    });
    return new Telephone(udp, streams, dialler);
  }

  /** Places a call. The only door out: for our own program, within dial plan and limits. */
  call(out: CallOut): OutboundLeg {
    return this.#dialler.call(out);
  }

  get port(): number {
    return this.#udp.port;
  }

  close(): void {
    for (const transport of [this.#udp, ...this.#streams]) transport.close();
  }
}
