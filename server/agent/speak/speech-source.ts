import { samplesToMs } from '../../audio/frame.ts';
import type { CircuitBreaker } from '../circuit-breaker.ts';
import type { EngineWatch } from '../engine-watch.ts';
import { ProviderFailure } from '../provider-failure.ts';
import { within } from '../within.ts';
import type { PreparedSpeech } from './prepared-speech.ts';
import type { SpeechCache } from './speech-cache.ts';
import type { SpokenWord } from './synthesizer.ts';

/**
 * The leading voice must begin so soon after it was asked, counted for a later sentence from when the one before it was
 * there. With the embedded voice's 40 ms, and 200 to 500 ms of endpointing before, a reply begins within 1.2 s.
 */
const beginWithinMs = 650;

/** The voices that a playbook can be spoken with. */
export interface Voices {
  readonly embedded: SpeechCache;
  /** Absent: the embedded voice is the only one. */
  readonly lead?: { readonly cache: SpeechCache; readonly breaker: CircuitBreaker } | undefined;
}

/**
 * Where one call's sentences get their sound. Once the leading voice has failed, the embedded one speaks for the rest of
 * the agent's turn: one voice a turn, as far as what was already said allows.
 */
export class SpeechSource {
  readonly #voices: Voices;
  readonly #watch: EngineWatch;
  #embeddedTurn = true;
  /** Sentences are decided one after the other: what one falls back to, the next ones keep. */
  #before: Promise<void> = Promise.resolve();

  constructor(voices: Voices, watch: EngineWatch) {
    this.#voices = voices;
    this.#watch = watch;
  }

  /** The agent begins to speak after it was silent. */
  beginTurn(): void {
    this.#embeddedTurn = this.#voices.lead?.breaker.tryPass() !== true;
    this.#before = Promise.resolve();
  }

  /** Rejects when neither voice can speak the sentence. */
  get(text: string): Promise<PreparedSpeech> {
    const { lead } = this.#voices;
    if (!lead || this.#embeddedTurn) return this.#voices.embedded.get(text);
    const asked = lead.cache.get(text, this.#watch);
    // Told when its turn comes.
    asked.catch(() => undefined);
    const decided = this.#before.then(() => this.#decide(text, asked, lead.breaker));
    this.#before = decided.then(
      (speech) => this.#seeToItsEnd(speech),
      () => undefined,
    );
    return decided;
  }

  /** Makes a sentence that will probably be said, in the voice that will probably say it. */
  prefetch(text: string): void {
    const { lead, embedded } = this.#voices;
    const speech = lead?.breaker.closed === true ? lead.cache.get(text, this.#watch) : embedded.get(text);
    // Only ahead of time: whoever says the sentence hears of a failure.
    speech.catch(() => undefined);
  }

  /**
   * A sentence whose sound broke off is gone on with by the embedded voice, from the word at which it broke.
   *
   * @param playedMs how much of it was sent.
   */
  async mend(
    text: string,
    broken: PreparedSpeech,
    playedMs: number,
  ): Promise<{ speech: PreparedSpeech; fromMs: number }> {
    const speech = await this.#voices.embedded.get(text);
    return { speech, fromMs: samePlaceMs(broken.words, playedMs, speech.words) };
  }

  async #decide(text: string, asked: Promise<PreparedSpeech>, breaker: CircuitBreaker): Promise<PreparedSpeech> {
    if (!this.#embeddedTurn) {
      try {
        const speech = await within(beginWithinMs, 'Speech synthesis', () => asked);
        breaker.succeeded();
        return speech;
      } catch (cause) {
        this.#fallBack(cause);
      }
    }
    return this.#voices.embedded.get(text);
  }

  /** The voice may break off long before the caller hears it; the sentences behind it are the embedded voice's then. */
  async #seeToItsEnd(speech: PreparedSpeech): Promise<void> {
    await speech.settled;
    if (speech.state === 'broken') this.#fallBack(new ProviderFailure('Speech synthesis broke off in mid-sentence'));
  }

  #fallBack(cause: unknown): void {
    this.#embeddedTurn = true;
    this.#voices.lead?.breaker.failed(cause);
    this.#watch.degraded('synthesis', cause);
  }
}

/** The start of the word that was not played to its end, in another voice's time. Voices split numbers differently: by share. */
function samePlaceMs(words: readonly SpokenWord[], playedMs: number, other: readonly SpokenWord[]): number {
  const played = words.filter((word) => samplesToMs(word.endSample) <= playedMs).length;
  const place = Math.floor((played * other.length) / Math.max(words.length, 1));
  const word = other[Math.min(place, other.length - 1)];
  return word ? samplesToMs(word.startSample) : 0;
}
