import { join } from 'node:path';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { CircuitBreaker } from '../agent/circuit-breaker.ts';
import { FallbackRecognizerFactory } from '../agent/listen/fallback-recognizer.ts';
import type { RecognizerFactory } from '../agent/listen/recognizer.ts';
import { embeddedVoice, SpeechCache, streamingVoice } from '../agent/speak/speech-cache.ts';
import type { Voices } from '../agent/speak/speech-source.ts';
import { SpeechStore } from '../agent/speak/speech-store.ts';
import type { StreamingSynthesizer, Synthesizer } from '../agent/speak/synthesizer.ts';
import type { Config } from '../config.ts';
import { FliteSynthesizer } from '../provider/flite/flite.ts';
import { OpenAiRecognizerFactory } from '../provider/openai/recognizer.ts';
import { OpenAiSynthesizer } from '../provider/openai/synthesizer.ts';
import { vocabularyHint } from '../provider/openai/vocabulary.ts';
import { vocabularyOf } from './vocabulary.ts';

/** The engines that this node was set up with. The embedded ones are always there, and stand behind the others. */
export class Engines {
  readonly #config: Config;
  readonly #now: () => number;
  readonly #embedded: Synthesizer;
  readonly #leadVoice: StreamingSynthesizer | undefined;
  readonly #store: SpeechStore;
  readonly #listening: CircuitBreaker;
  readonly #speaking: CircuitBreaker;

  private constructor(config: Config, now: () => number, leadVoice: StreamingSynthesizer | undefined) {
    this.#config = config;
    this.#now = now;
    this.#embedded = new FliteSynthesizer(config.PARLEY_VOICE);
    this.#leadVoice = leadVoice;
    this.#store = new SpeechStore(join(config.PARLEY_DATA_DIR, 'speech'));
    this.#listening = new CircuitBreaker(now);
    this.#speaking = new CircuitBreaker(now);
  }

  /** Rejects, naming what to do, when an engine that was asked for cannot be had. */
  static async load(config: Config, now: () => number): Promise<Engines> {
    const engines = new Engines(config, now, leadVoiceOf(config));
    await engines.#store.prune();
    return engines;
  }

  /** @param embedded hears the playbook's phrases, on this machine. */
  recognizers(bundle: Bundle, embedded: RecognizerFactory): RecognizerFactory {
    const { PARLEY_STT, OPENAI_STT_MODEL } = this.#config;
    if (PARLEY_STT !== 'openai') return embedded;
    const lead = new OpenAiRecognizerFactory({
      access: accessOf(this.#config),
      model: OPENAI_STT_MODEL,
      language: bundle.locale.split('-', 1)[0] ?? bundle.locale,
      hint: vocabularyHint(OPENAI_STT_MODEL, vocabularyOf(bundle)),
      now: this.#now,
    });
    return new FallbackRecognizerFactory({ lead, backup: embedded, breaker: this.#listening });
  }

  /** The playbook's voices. Its approved sentences are made ahead, until the signal aborts. */
  voices({ speech }: Bundle, signal: AbortSignal): Voices {
    const embedded = new SpeechCache(embeddedVoice(this.#embedded));
    void embedded.pin(speech.approved, signal);
    if (!this.#leadVoice) return { embedded };
    const cache = new SpeechCache(streamingVoice(this.#leadVoice, this.#store, new Set(speech.approved)));
    void cache.pin(speech.approved, signal);
    return { embedded, lead: { cache, breaker: this.#speaking } };
  }
}

function leadVoiceOf(config: Config): StreamingSynthesizer | undefined {
  if (config.PARLEY_TTS !== 'openai') return undefined;
  const { OPENAI_TTS_MODEL: model, OPENAI_TTS_VOICE: voice } = config;
  return new OpenAiSynthesizer({ access: accessOf(config), model, voice });
}

function accessOf(config: Config): { baseUrl: string; apiKey: string } {
  return { baseUrl: config.OPENAI_BASE_URL, apiKey: config.OPENAI_API_KEY };
}
