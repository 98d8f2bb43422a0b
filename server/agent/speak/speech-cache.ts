import { toFrames } from '../../audio/frame.ts';
import type { SpokenWord, Synthesizer } from './synthesizer.ts';

/** A sentence, ready to be sent. */
export interface PreparedSpeech {
  /** 20 ms each; shared between calls, never changed. */
  readonly frames: readonly Int16Array[];
  readonly words: readonly SpokenWord[];
}

/** The embedded voice needs a tenth of this for the longest sentence; an engine that hangs must not hang the call. */
const synthesisTimeoutMs = 3_000;

/** About 25 MB: sentences of two seconds take 64 kB each. */
const maxSentences = 400;

/**
 * Speech by its text, so that no sentence is synthesised twice and approved ones are ready before they are needed.
 * The least recently used are dropped; pinned ones stay.
 */
export class SpeechCache {
  readonly #synthesizer: Synthesizer;
  readonly #ready = new Map<string, Promise<PreparedSpeech>>();
  readonly #pinned = new Set<string>();

  constructor(synthesizer: Synthesizer) {
    this.#synthesizer = synthesizer;
  }

  get(text: string): Promise<PreparedSpeech> {
    const known = this.#ready.get(text);
    if (known) {
      this.#ready.delete(text);
      this.#ready.set(text, known);
      return known;
    }
    const speech = withTimeout(this.#synthesizer.synthesize(text), text).then(({ samples, words }) => ({
      frames: toFrames(samples),
      words,
    }));
    this.#ready.set(text, speech);
    // A failure is told to whoever asked, and tried again by the next one.
    speech.catch(() => this.#ready.delete(text));
    this.#evict();
    return speech;
  }

  /** Synthesises ahead, one after the other, and keeps. Sentences that fail are left to be tried when needed. */
  async pin(texts: readonly string[], signal: AbortSignal): Promise<void> {
    for (const text of texts) {
      if (signal.aborted) return;
      this.#pinned.add(text);
      await this.get(text).catch(() => undefined);
    }
  }

  #evict(): void {
    let surplus = this.#ready.size - this.#pinned.size - maxSentences;
    for (const text of this.#ready.keys()) {
      if (surplus-- <= 0) return;
      if (!this.#pinned.has(text)) this.#ready.delete(text);
    }
  }
}

function withTimeout<T>(synthesis: Promise<T>, text: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`No sound after ${synthesisTimeoutMs} ms for "${text.slice(0, 60)}"`));
  }, synthesisTimeoutMs);
  return Promise.race([synthesis, promise]).finally(() => clearTimeout(timer));
}
