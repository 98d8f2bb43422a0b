import type { EngineWatch } from '../engine-watch.ts';
import { ProviderFailure } from '../provider-failure.ts';
import { within } from '../within.ts';
import { type PreparedSpeech, streamedSpeech, wholeSpeech } from './prepared-speech.ts';
import type { SpeechStore } from './speech-store.ts';
import type { StreamingSynthesizer, Synthesizer } from './synthesizer.ts';
import { estimateWords } from './word-times.ts';

/** The embedded voice needs a tenth of this for the longest sentence; an engine that hangs must not hang the call. */
const synthesisTimeoutMs = 3_000;

/** About 25 MB: sentences of two seconds take 64 kB each. */
const maxSentences = 400;

/** A sentence that could not be made ahead is tried so often, with these pauses (times the number of the try). */
const pinTries = 3;
const pinPauseMs = 30_000;

/** How one voice makes a sentence. `watch`: the call that pays, if one does. */
export type SpeechMaker = (text: string, watch: Pick<EngineWatch, 'used'> | undefined) => Promise<PreparedSpeech>;

/** An engine that makes whole sentences and tells where each word is. */
export function embeddedVoice(synthesizer: Synthesizer): SpeechMaker {
  return async (text) =>
    wholeSpeech(await within(synthesisTimeoutMs, 'Speech synthesis', () => synthesizer.synthesize(text)));
}

/**
 * An engine whose sentences begin before they are whole.
 *
 * @param approved sentences of the playbook: made once, then kept on disk. Others may hold a caller's name and are not.
 */
export function streamingVoice(
  synthesizer: StreamingSynthesizer,
  store: SpeechStore,
  approved: ReadonlySet<string>,
): SpeechMaker {
  return async (text, watch) => {
    const kept = approved.has(text) ? await store.read(synthesizer.voiceKey, text) : undefined;
    if (kept) return wholeSpeech({ samples: kept, words: estimateWords(text, kept.length) });
    const speech = await streamedSpeech(text, (signal) => synthesizer.stream(text, signal, watch));
    if (approved.has(text)) void speech.settled.then(() => store.keep(synthesizer.voiceKey, text, speech));
    return speech;
  };
}

/**
 * One voice's speech by its text, so that no sentence is synthesised twice and approved ones are ready before they are
 * needed. The least recently used are dropped; pinned ones stay.
 */
export class SpeechCache {
  readonly #make: SpeechMaker;
  readonly #ready = new Map<string, Promise<PreparedSpeech>>();
  readonly #pinned = new Set<string>();

  constructor(make: SpeechMaker) {
    this.#make = make;
  }

  /** @param watch told what the sentence costs, if it has to be made. */
  get(text: string, watch?: Pick<EngineWatch, 'used'>): Promise<PreparedSpeech> {
    const known = this.#ready.get(text);
    if (known) {
      this.#ready.delete(text);
      this.#ready.set(text, known);
      return known;
    }
    const speech = this.#make(text, watch);
    this.#ready.set(text, speech);
    void this.#forgetFailure(text, speech);
    this.#evict();
    return speech;
  }

  /** Synthesises ahead, one after the other, and keeps. Sentences that fail are left to be tried when needed. */
  async pin(texts: readonly string[], signal: AbortSignal): Promise<void> {
    for (const text of texts) {
      this.#pinned.add(text);
      for (let attempt = 1; attempt <= pinTries && !signal.aborted; attempt++) {
        const failure = await this.#failureOf(text);
        // Engines on this machine fail the same way every time.
        if (!(failure instanceof ProviderFailure)) break;
        await pause(failure.retryAfterMs ?? attempt * pinPauseMs, signal);
      }
    }
  }

  async #failureOf(text: string): Promise<unknown> {
    try {
      const speech = await this.get(text);
      await speech.settled;
      return speech.state === 'whole' ? undefined : new ProviderFailure('Speech synthesis broke off');
    } catch (error) {
      return error;
    }
  }

  /** A failure is told to whoever asked, and tried again by the next one. */
  async #forgetFailure(text: string, making: Promise<PreparedSpeech>): Promise<void> {
    try {
      const speech = await making;
      await speech.settled;
      if (speech.state === 'whole') return;
    } catch {
      // Told to whoever asked.
    }
    if (this.#ready.get(text) === making) this.#ready.delete(text);
  }

  #evict(): void {
    let surplus = this.#ready.size - this.#pinned.size - maxSentences;
    for (const text of this.#ready.keys()) {
      if (surplus-- <= 0) return;
      if (!this.#pinned.has(text)) this.#ready.delete(text);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    // A node that stops does not wait for this.
    timer.unref();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
