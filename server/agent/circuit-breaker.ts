import { ProviderFailure } from './provider-failure.ts';

/** So many failures in a row, and the engine is left alone. */
const failuresToOpen = 2;
const firstPauseMs = 15_000;
const longestPauseMs = 240_000;
/** A trial that nobody reports back from (its caller hung up) makes room for the next one after this. */
const trialMs = 10_000;

/**
 * Keeps calls from waiting for an engine that is known to fail. After a pause one call tries it again; a success opens
 * the way for all, a failure doubles the pause. One for each engine, shared by all calls.
 */
export class CircuitBreaker {
  readonly #now: () => number;
  #failures = 0;
  #pauseMs = firstPauseMs;
  /** Set while the engine is left alone. */
  #openUntilMs: number | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The engine works, as far as is known. */
  get closed(): boolean {
    return this.#openUntilMs === undefined;
  }

  /** True: ask the engine, and tell how it went. */
  tryPass(): boolean {
    if (this.#openUntilMs === undefined) return true;
    const nowMs = this.#now();
    if (nowMs < this.#openUntilMs) return false;
    this.#openUntilMs = nowMs + trialMs;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#pauseMs = firstPauseMs;
    this.#openUntilMs = undefined;
  }

  /** An engine that says when it can be asked again is believed, up to the longest pause. */
  failed(cause: unknown): void {
    this.#failures += 1;
    const askedForMs = cause instanceof ProviderFailure ? cause.retryAfterMs : undefined;
    if (askedForMs === undefined && this.#failures < failuresToOpen) return;
    const pauseMs = Math.min(askedForMs ?? this.#pauseMs, longestPauseMs);
    if (askedForMs === undefined) this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs);
    this.#openUntilMs = this.#now() + pauseMs;
  }
}
