import { randomBytes } from 'node:crypto';
import { Gatekeeper } from './auth/gatekeeper.ts';
import { type Trunk, TrunkList } from './auth/trunk.ts';
import { UserAgent, type UserAgentOptions } from './dialog/user-agent.ts';
import { SourceLimit } from './transport/source-limit.ts';
import { UdpTransport } from './transport/udp.ts';

export interface TelephoneOptions extends Pick<UserAgentOptions, 'vacancy' | 'onCall'> {
  readonly host: string;
  readonly port: number;
  /** Where trunks reach us. */
  readonly announcedAddress: string;
  readonly trunks: readonly Trunk[];
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
}

/** Our telephone: the SIP stack, from the socket to calls. */
export class Telephone {
  readonly #transport: UdpTransport;

  private constructor(transport: UdpTransport) {
    this.#transport = transport;
  }

  static async open(options: TelephoneOptions): Promise<Telephone> {
    const { host, port, announcedAddress, trunks, now, vacancy, onCall, onFault } = options;
    const list = new TrunkList(trunks);
    const agent = new UserAgent({
      local: () => ({ address: announcedAddress, port: transport.port }),
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
    const transport = await UdpTransport.open({
      host,
      port,
      listener: agent.transactions,
      limit: new SourceLimit(now),
      trusts: (address) => list.at(address) !== undefined,
      onFault,
    });
    return new Telephone(transport);
  }

  get port(): number {
    return this.#transport.port;
  }

  close(): void {
    this.#transport.close();
  }
}
