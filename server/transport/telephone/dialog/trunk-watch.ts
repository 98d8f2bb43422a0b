import type { After } from '../transaction/timing.ts';
import type { TrunkClient } from './trunk-client.ts';

/** `up` answers, whatever it says. `unknown`: it has not been asked to the end yet. */
export type TrunkState = 'unknown' | 'up' | 'down';

export interface TrunkWatchOptions {
  readonly client: TrunkClient;
  readonly after: After;
  /** With each change. */
  readonly onState: (state: TrunkState) => void;
  readonly onAsked: () => void;
}

/** Often enough to keep a NAT's way open for datagrams, as most forget them after 30 to 60 s (RFC 4787 §4.3). */
const periodMs = 29_000;

/** Asks a trunk whether it is there (OPTIONS), which keeps a NAT's way open too. */
export class TrunkWatch {
  readonly #options: TrunkWatchOptions;
  #state: TrunkState = 'unknown';
  #stopWaiting: () => void = () => undefined;
  #closed = false;

  constructor(options: TrunkWatchOptions) {
    this.#options = options;
    void this.#ask();
  }

  close(): void {
    this.#closed = true;
    this.#stopWaiting();
  }

  async #ask(): Promise<void> {
    const { client, after, onState, onAsked } = this.#options;
    const answered = await client.ask('OPTIONS', [{ name: 'accept', value: 'application/sdp' }]);
    if (this.#closed) return;
    const state = answered && ![408, 503].includes(answered.response.status) ? 'up' : 'down';
    if (state !== this.#state) onState(state);
    this.#state = state;
    onAsked();
    this.#stopWaiting = after(periodMs, () => void this.#ask());
  }
}
