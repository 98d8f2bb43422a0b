import type { NodeReport } from '../../contract/fleet.ts';
import type { Log } from '../observe/log.ts';
import type { ControlPlane } from './control-plane.ts';

/** Until the control plane says how often it wants to hear. */
const usualPauseMs = 3_000;

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

  constructor(options: FleetMemberOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#report();
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
    let pauseMs = usualPauseMs;
    try {
      const { nextInMs, drain } = await this.#options.controlPlane.report({ ...this.#options.describe(), state });
      pauseMs = nextInMs;
      if (this.#unheard) this.#options.log.info('The fleet hears this node again');
      this.#unheard = false;
      this.#order(drain);
    } catch (error) {
      // Calls go on without the fleet; only new ones are placed elsewhere.
      if (!this.#unheard) this.#options.log.warn('The fleet does not hear this node', { error });
      this.#unheard = true;
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
