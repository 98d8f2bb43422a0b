import { randomBytes } from 'node:crypto';
import { Gatekeeper } from './auth/gatekeeper.ts';
import { type Trunk, TrunkList } from './auth/trunk.ts';
import { UserAgent, type UserAgentOptions } from './dialog/user-agent.ts';
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
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
}

/** Our telephone: the SIP stack, from the socket to calls. */
export class Telephone {
  readonly #udp: UdpTransport;
  readonly #streams: readonly StreamTransport[];

  private constructor(udp: UdpTransport, streams: readonly StreamTransport[]) {
    this.#udp = udp;
    this.#streams = streams;
  }

  static async open(options: TelephoneOptions): Promise<Telephone> {
    const { host, port, tls, announcedAddress, trunks, now, vacancy, onCall, onFault } = options;
    const list = new TrunkList(trunks);
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
      newId: () => randomBytes(12).toString('hex'),
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
    return new Telephone(udp, streams);
  }

  get port(): number {
    return this.#udp.port;
  }

  close(): void {
    for (const transport of [this.#udp, ...this.#streams]) transport.close();
  }
}
