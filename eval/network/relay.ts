import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Impairment, type NetworkQuality } from './impairment.ts';

export interface RelayOptions {
  readonly quality: NetworkQuality;
  readonly seed: number;
  /** Of the telephone, and of the node; both on loopback. */
  readonly phonePort: number;
  readonly nodePort: number;
}

/** A network between a telephone and a node: UDP both ways, with what it does to packets. To the node it is the telephone. */
export class Relay {
  readonly #options: RelayOptions;
  readonly #towardsNode: Impairment;
  readonly #towardsPhone: Impairment;
  readonly #timers = new Set<NodeJS.Timeout>();
  #phoneSide: Socket;
  #nodeSide: Socket;

  private constructor(options: RelayOptions, phoneSide: Socket, nodeSide: Socket) {
    this.#options = options;
    this.#towardsNode = new Impairment(options.quality, options.seed);
    this.#towardsPhone = new Impairment(options.quality, options.seed + 1);
    this.#phoneSide = phoneSide;
    this.#nodeSide = nodeSide;
    phoneSide.on('message', (bytes) =>
      this.#later(this.#towardsNode, () => this.#nodeSide.send(bytes, options.nodePort, '127.0.0.1')),
    );
    this.#listenToNode();
  }

  static async open(options: RelayOptions): Promise<Relay> {
    return new Relay(options, await bound('127.0.0.1'), await bound('127.0.0.1'));
  }

  /** Where the telephone sends to. */
  get portForPhone(): number {
    return this.#phoneSide.address().port;
  }

  /** Where the node believes the telephone to be. */
  get portForNode(): number {
    return this.#nodeSide.address().port;
  }

  /** The telephone's network changes: from now on it comes from another address. */
  async move(address: string): Promise<void> {
    const before = this.#nodeSide;
    this.#nodeSide = await bound(address);
    this.#listenToNode();
    before.close();
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#phoneSide.close();
    this.#nodeSide.close();
  }

  #listenToNode(): void {
    this.#nodeSide.on('message', (bytes) =>
      this.#later(this.#towardsPhone, () => this.#phoneSide.send(bytes, this.#options.phonePort, '127.0.0.1')),
    );
  }

  #later(network: Impairment, send: () => void): void {
    const delayMs = network.next();
    if (delayMs === undefined) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      send();
    }, delayMs);
    this.#timers.add(timer);
  }
}

async function bound(address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}
