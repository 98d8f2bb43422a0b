import type { Recognizer, Transcript } from '../../../server/agent/listen/recognizer.ts';
import type { VoiceActivityDetector } from '../../../server/agent/listen/voice-activity.ts';
import type { Speech, Synthesizer } from '../../../server/agent/speak/synthesizer.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The product's engines, with what they cost in processor time passing on the virtual clock. */

export function meteredDetector(inner: VoiceActivityDetector, clock: VirtualClock): VoiceActivityDetector {
  return { probability: (window) => clock.work(() => inner.probability(window)) };
}

export function meteredSynthesizer(inner: Synthesizer, clock: VirtualClock): Synthesizer {
  return { synthesize: (text): Promise<Speech> => clock.work(() => inner.synthesize(text)) };
}

/** One piece of work after the other, as the decoder's own thread does it: a late pass holds up the next. */
export class MeteredRecognizer implements Recognizer {
  readonly #inner: Recognizer;
  readonly #clock: VirtualClock;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(inner: Recognizer, clock: VirtualClock) {
    this.#inner = inner;
    this.#clock = clock;
  }

  feed(samples: Int16Array): void {
    void this.#work(async () => {
      this.#inner.feed(samples);
      // Answers when all that was fed has been worked through.
      await this.#inner.partial();
    });
  }

  partial(): Promise<string> {
    return this.#work(() => this.#inner.partial());
  }

  finish(): Promise<Transcript> {
    return this.#work(() => this.#inner.finish());
  }

  discard(): Promise<void> {
    return this.#work(() => this.#inner.discard());
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #work<T>(job: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(() => this.#clock.work(job));
    this.#queue = done.catch(() => undefined);
    return done;
  }
}
