import type { NodeReport } from '../../contract/fleet.ts';
import type { Log } from '../observe/log.ts';
import type { ControlPlane } from './control-plane.ts';

/** The pauses after a report that nobody heard: short at first, as the two planes may just be starting together. */
const firstPauseMs = 250;
const longestPauseMs = 3_000;

export interface FleetMemberOptions {
  readonly controlPlane: Pick<ControlPlane, 'report'>;
  readonly describe: () => Omit<NodeReport, 'state'>;
  /** The operator wants this node to end when its calls are over. Once. */
  readonly onDrain: () => void;
  readonly log: Log;
}

/** Tells the fleet every few seconds that this node lives, and how busy it is, so that calls are placed on it. */
export class FleetMember {
  readonly #options: FleetMemberOptions;
  #state: NodeReport['state'] = 'up';
  #next: NodeJS.Timeout | undefined;
  #ordered = false;
  #unheard = false;
  #heard = false;
  #retryMs = firstPauseMs;

  constructor(options: FleetMemberOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#report();
  }

  /** The fleet has this node's last report: calls can be placed here. */
  get heard(): boolean {
    return this.#heard;
  }

  /** No more calls, please. Resolves when the fleet knows, or cannot be told. */
  async drain(): Promise<void> {
    this.#state = 'draining';
    await this.#report();
  }

  /** The last word. */
  async leave(): Promise<void> {
    this.#state = 'gone';
    await this.#report();
  }

  async #report(): Promise<void> {
    clearTimeout(this.#next);
    const state = this.#state;
    let pauseMs: number;
    try {
      const { nextInMs, drain } = await this.#options.controlPlane.report({ ...this.#options.describe(), state });
      pauseMs = nextInMs;
      if (this.#unheard) this.#options.log.info('The fleet hears this node again');
      this.#unheard = false;
      this.#heard = true;
      this.#retryMs = firstPauseMs;
      this.#order(drain);
    } catch (error) {
      // Calls go on without the fleet; only new ones are placed elsewhere.
      if (!this.#unheard) this.#options.log.warn('The fleet does not hear this node', { error });
      this.#unheard = true;
      this.#heard = false;
      pauseMs = this.#retryMs;
      this.#retryMs = Math.min(2 * pauseMs, longestPauseMs);
    }
    if (this.#state === 'gone') return;
    clearTimeout(this.#next);
    this.#next = setTimeout(() => void this.#report(), pauseMs);
  }

  #order(drain: boolean): void {
    if (!drain || this.#ordered) return;
    this.#ordered = true;
    this.#options.onDrain();
  }
}
