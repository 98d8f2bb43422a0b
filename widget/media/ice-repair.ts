import type { Clock } from '../call/clock.ts';

/** An ICE restart that has brought nothing by then is asked for again. */
const PATIENCE_MS = 3_000;

export type Direction = 'send' | 'receive';

/** Asks the node for ICE restarts, each direction on its own, until the transport is connected again (RFC 8445 §9). */
export class IceRepair {
  readonly #clock: Clock;
  readonly #ask: (direction: Direction) => void;
  readonly #onUnanswered: () => void;
  readonly #cancel = new Map<Direction, () => void>();
  readonly #unanswered = new Set<Direction>();

  /** `onUnanswered`: the node has not even answered the restart before; signaling itself may be dead. */
  constructor(clock: Clock, ask: (direction: Direction) => void, onUnanswered: () => void) {
    this.#clock = clock;
    this.#ask = ask;
    this.#onUnanswered = onUnanswered;
  }

  /** The transport has lost its way. Does nothing while a repair runs. */
  start(direction: Direction): void {
    if (this.#cancel.has(direction)) return;
    if (this.#unanswered.has(direction)) this.#onUnanswered();
    this.#unanswered.add(direction);
    this.#ask(direction);
    const cancel = this.#clock.after(PATIENCE_MS, () => {
      this.#cancel.delete(direction);
      this.start(direction);
    });
    this.#cancel.set(direction, cancel);
  }

  /** The node has answered; the new way is being tried. */
  answered(direction: Direction): void {
    this.#unanswered.delete(direction);
  }

  connected(direction: Direction): void {
    this.#cancel.get(direction)?.();
    this.#cancel.delete(direction);
    this.#unanswered.delete(direction);
  }

  /** The transports are gone; others take their place, or none. */
  reset(): void {
    this.connected('send');
    this.connected('receive');
  }
}
