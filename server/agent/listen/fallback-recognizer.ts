import type { CircuitBreaker } from '../circuit-breaker.ts';
import type { EngineWatch } from '../engine-watch.ts';
import { within } from '../within.ts';
import type { Recognizer, RecognizerFactory, Transcript } from './recognizer.ts';

/**
 * The leading engine's words must be there so soon after the segment closed. A segment closes at most 300 ms after
 * the caller's last sample, so that the backup's words are there 1.1 s after it when the leading engine hangs.
 */
const answerWithinMs = 800;

export interface FallbackRecognizers {
  readonly lead: RecognizerFactory;
  /** Runs on this machine and listens beside, so that nothing is lost when the leading engine fails. */
  readonly backup: RecognizerFactory;
  readonly breaker: CircuitBreaker;
}

/** Two engines for one call: the leading one's words count while it works. */
export class FallbackRecognizerFactory implements RecognizerFactory {
  readonly #engines: FallbackRecognizers;

  constructor(engines: FallbackRecognizers) {
    this.#engines = engines;
  }

  async create(watch: EngineWatch): Promise<Recognizer> {
    const { lead, backup, breaker } = this.#engines;
    const opening = lead.create(watch);
    try {
      const second = await backup.create(watch);
      const first = await opening.catch((cause: unknown) => {
        breaker.failed(cause);
        watch.degraded('recognition', cause);
      });
      return first ? new FallbackRecognizer(first, second, breaker, watch) : second;
    } catch (error) {
      void opening.then(
        (first) => first.close(),
        () => undefined,
      );
      throw error;
    }
  }
}

class FallbackRecognizer implements Recognizer {
  readonly #lead: Recognizer;
  readonly #backup: Recognizer;
  readonly #breaker: CircuitBreaker;
  readonly #watch: EngineWatch;
  #open = false;
  /** Whether the leading engine hears the open segment. */
  #leading = false;

  constructor(lead: Recognizer, backup: Recognizer, breaker: CircuitBreaker, watch: EngineWatch) {
    this.#lead = lead;
    this.#backup = backup;
    this.#breaker = breaker;
    this.#watch = watch;
  }

  feed(samples: Int16Array): void {
    if (!this.#open) {
      this.#open = true;
      this.#leading = this.#breaker.tryPass();
    }
    this.#backup.feed(samples);
    if (this.#leading) this.#lead.feed(samples);
  }

  byTelephone(): void {
    this.#lead.byTelephone?.();
    this.#backup.byTelephone?.();
  }

  /** Engines far away may say nothing before the end; the backup's guess tells meanwhile whether an answer is complete. */
  async partial(): Promise<string> {
    const text = this.#leading ? await this.#lead.partial() : '';
    return text || this.#backup.partial();
  }

  async finish(): Promise<Transcript> {
    const leading = this.#close();
    const second = this.#backup.finish();
    if (!leading) return second;
    // It is waited for only when it is needed; the next segment is queued behind it by the engine itself.
    second.catch(() => undefined);
    try {
      const transcript = await within(answerWithinMs, 'Speech recognition', (signal) => this.#lead.finish(signal));
      this.#breaker.succeeded();
      return transcript;
    } catch (cause) {
      this.#breaker.failed(cause);
      this.#watch.degraded('recognition', cause);
      return second;
    }
  }

  async discard(): Promise<void> {
    const leading = this.#close();
    await Promise.all([this.#backup.discard(), leading ? this.#lead.discard() : undefined]);
  }

  async close(): Promise<void> {
    await Promise.all([this.#lead.close(), this.#backup.close()]);
  }

  #close(): boolean {
    const leading = this.#open && this.#leading;
    this.#open = false;
    this.#leading = false;
    return leading;
  }
}
