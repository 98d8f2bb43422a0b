import type { Voice, VoiceListener, VoiceRemainder, VoiceSentence } from './voice.ts';

/** The agent in a typed call: sentences are read at once, and never interrupted. */
export class TypedVoice implements Voice {
  readonly speaking = false;
  readonly #listener: VoiceListener;
  readonly #now: () => number;

  constructor(listener: VoiceListener, now: () => number) {
    this.#listener = listener;
    this.#now = now;
  }

  say(sentences: readonly VoiceSentence[]): void {
    const atMs = this.#now();
    for (const sentence of sentences) {
      this.#listener.sentenceStart(sentence, { readyAtMs: atMs, sentAtMs: atMs });
      this.#listener.sentenceEnd(sentence);
    }
    // Later, so that all acts of one step are said before the turn counts as heard.
    queueMicrotask(() => this.#listener.idle());
  }

  prefetch(): void {
    // There is no audio to make.
  }

  stop(): VoiceRemainder {
    return { sentences: [] };
  }

  resume(): void {
    // Nothing was cut.
  }
}
