import type { Trunk } from './auth/trunk.ts';
import type { LocalEndpoint, NewId } from './dialog/own-headers.ts';
import { Registration } from './dialog/registration.ts';
import { TrunkClient, type TrunkClientOptions } from './dialog/trunk-client.ts';
import { type TrunkState, TrunkWatch } from './dialog/trunk-watch.ts';
import type { After } from './transaction/timing.ts';
import type { Flow } from './transport/flow.ts';

/** How it stands with a trunk that we call. */
export interface TrunkHealth {
  readonly name: string;
  readonly state: TrunkState;
  /** Absent where it needs no registration. */
  readonly registered?: boolean;
}

export interface TrunksOptions extends Pick<TrunkClientOptions, 'network' | 'transactions'> {
  readonly trunks: readonly Trunk[];
  readonly local: (transport: Flow['transport']) => LocalEndpoint;
  readonly after: After;
  readonly random: () => number;
  readonly newId: NewId;
  /** With each change. `status`: what a refused registration was answered with. */
  readonly onHealth: (health: TrunkHealth, status: number | undefined) => void;
}

/** The trunks that have an address: registered where they want it, and asked whether they are there. */
export class Trunks {
  readonly #watched: readonly WatchedTrunk[];

  constructor(options: TrunksOptions) {
    this.#watched = options.trunks
      .filter(({ address, register, keepAlive = true }) => address !== undefined && (register === true || keepAlive))
      .map((trunk) => new WatchedTrunk(trunk, options));
  }

  get health(): TrunkHealth[] {
    return this.#watched.map(({ health }) => health);
  }

  /** Takes registrations back. Resolves when trunks know, or do not answer. */
  async close(): Promise<void> {
    await Promise.all(this.#watched.map((one) => one.close()));
  }
}

class WatchedTrunk {
  readonly #name: string;
  readonly #watch: TrunkWatch | undefined;
  readonly #registration: Registration | undefined;
  #state: TrunkState = 'unknown';
  /** Undefined before it was tried. */
  #registered: boolean | undefined;

  constructor(trunk: Trunk, options: TrunksOptions) {
    const { address, account, register, keepAlive = true } = trunk;
    const { after, random, onHealth } = options;
    this.#name = trunk.name;
    if (!address) return;
    const client = (): TrunkClient => new TrunkClient({ ...options, address, account });
    if (register && account) {
      const onState = (registered: boolean, status: number | undefined): void => {
        const changed = this.#registered !== registered;
        this.#registered = registered;
        if (changed) onHealth(this.health, status);
      };
      this.#registration = new Registration({ client: client(), user: account.username, after, random, onState });
    }
    if (!keepAlive) return;
    const onState = (state: TrunkState): void => {
      this.#state = state;
      onHealth(this.health, undefined);
    };
    this.#watch = new TrunkWatch({ client: client(), after, onState, onAsked: () => this.#registration?.check() });
  }

  get health(): TrunkHealth {
    const registered = this.#registration && this.#registered === true;
    return { name: this.#name, state: this.#state, ...(registered === undefined ? {} : { registered }) };
  }

  async close(): Promise<void> {
    this.#watch?.close();
    await this.#registration?.close();
  }
}
