import type { Clock } from '../call/clock.ts';

/** What the page still holds of the old sentence is played out by then. */
const LONGEST_MS = 250;
/** No new sentence can be trusted before: its first packets sit behind the old ones. */
const SHORTEST_MS = 120;

/** After a barge-in: silent at once, audible again when the old sentence has run out of the jitter buffer. */
export class FlushGate {
  readonly #clock: Clock;
  readonly #setSilent: (silent: boolean) => void;
  #sinceMs: number | null = null;
  #cancel: () => void = () => {};

  constructor(clock: Clock, setSilent: (silent: boolean) => void) {
    this.#clock = clock;
    this.#setSilent = setSilent;
  }

  flush(): void {
    this.#sinceMs = this.#clock.nowMs();
    this.#setSilent(true);
    this.#openAfter(LONGEST_MS);
  }

  /** The agent has begun its next sentence. */
  agentSpeaks(): void {
    if (this.#sinceMs === null) return;
    const passedMs = this.#clock.nowMs() - this.#sinceMs;
    this.#openAfter(Math.min(Math.max(SHORTEST_MS - passedMs, 0), LONGEST_MS - passedMs));
  }

  close(): void {
    this.#cancel();
    this.#sinceMs = null;
  }

  #openAfter(delayMs: number): void {
    this.#cancel();
    if (delayMs <= 0) this.#open();
    else this.#cancel = this.#clock.after(delayMs, () => this.#open());
  }

  #open(): void {
    this.#sinceMs = null;
    this.#setSilent(false);
  }
}
