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
import { ChatConsultant } from '../provider/openai/chat.ts';
import { createClient } from '../provider/openai/client.ts';
import { OpenAiRecognizerFactory } from '../provider/openai/recognizer.ts';
import { OpenAiSynthesizer } from '../provider/openai/synthesizer.ts';
import { vocabularyHint } from '../provider/openai/vocabulary.ts';
import { SherpaEngine } from '../provider/sherpa/engine.ts';
import { readModel } from '../provider/sherpa/model-folder.ts';
import { SherpaRecognizerFactory } from '../provider/sherpa/recognizer.ts';
import { SherpaSynthesizer } from '../provider/sherpa/synthesizer.ts';
import type { LanguageModel } from './consultations.ts';
import { vocabularyOf } from './vocabulary.ts';

/** The engines that this node was set up with. The embedded ones are always there, and stand behind the others. */
export class Engines {
  readonly #config: Config;
  readonly #now: () => number;
  readonly #embedded: Synthesizer;
  readonly #leadVoice: StreamingSynthesizer | undefined;
  readonly #localRecognizers: RecognizerFactory | undefined;
  readonly #store: SpeechStore;
  readonly #listening: CircuitBreaker;
  readonly #speaking: CircuitBreaker;

  /** Calls may consult it. None unless one is configured: then the playbook alone answers. */
  readonly languageModel: LanguageModel | undefined;

  private constructor(
    config: Config,
    now: () => number,
    leads: { voice: StreamingSynthesizer | undefined; localRecognizers: RecognizerFactory | undefined },
  ) {
    this.#config = config;
    this.#now = now;
    this.#embedded = new FliteSynthesizer(config.PARLEY_VOICE);
    this.#leadVoice = leads.voice;
    this.#localRecognizers = leads.localRecognizers;
    this.#store = new SpeechStore(join(config.PARLEY_DATA_DIR, 'speech'));
    this.#listening = new CircuitBreaker(now);
    this.#speaking = new CircuitBreaker(now);
    this.languageModel = languageModelOf(config, now);
  }

  /** Rejects, naming what to do, when an engine that was asked for cannot be had. */
  static async load(config: Config, now: () => number): Promise<Engines> {
    const [voice, localRecognizers] = await Promise.all([leadVoiceOf(config), localRecognizersOf(config)]);
    const engines = new Engines(config, now, { voice, localRecognizers });
    await engines.#store.prune();
    return engines;
  }

  /** @param embedded hears the playbook's phrases, on this machine. */
  recognizers(bundle: Bundle, embedded: RecognizerFactory): RecognizerFactory {
    const lead = this.#leadRecognizers(bundle);
    return lead ? new FallbackRecognizerFactory({ lead, backup: embedded, breaker: this.#listening }) : embedded;
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

  #leadRecognizers(bundle: Bundle): RecognizerFactory | undefined {
    const { PARLEY_STT, OPENAI_STT_MODEL: model } = this.#config;
    if (PARLEY_STT !== 'openai') return this.#localRecognizers;
    return new OpenAiRecognizerFactory({
      access: accessOf(this.#config),
      model,
      language: bundle.locale.split('-', 1)[0] ?? bundle.locale,
      hint: vocabularyHint(model, vocabularyOf(bundle)),
      now: this.#now,
    });
  }
}

async function leadVoiceOf(config: Config): Promise<StreamingSynthesizer | undefined> {
  switch (config.PARLEY_TTS) {
    case 'embedded':
      return undefined;
    case 'openai': {
      const { OPENAI_TTS_MODEL: model, OPENAI_TTS_VOICE: voice } = config;
      return new OpenAiSynthesizer({ access: accessOf(config), model, voice });
    }
    case 'sherpa': {
      const name = config.SHERPA_TTS_MODEL;
      const model = await readModel(config.PARLEY_MODELS_DIR, name, 'synthesis');
      return new SherpaSynthesizer(await SherpaEngine.start(model), name);
    }
    default:
      return config.PARLEY_TTS satisfies never;
  }
}

async function localRecognizersOf(config: Config): Promise<RecognizerFactory | undefined> {
  if (config.PARLEY_STT !== 'sherpa') return undefined;
  const model = await readModel(config.PARLEY_MODELS_DIR, config.SHERPA_STT_MODEL, 'recognition');
  return new SherpaRecognizerFactory(await SherpaEngine.start(model));
}

function languageModelOf(config: Config, now: () => number): LanguageModel | undefined {
  if (config.PARLEY_LLM === 'none') return undefined;
  const { OPENAI_LLM_MODEL: model, OPENAI_LLM_INPUT_USD: inputUsd, OPENAI_LLM_OUTPUT_USD: outputUsd } = config;
  return {
    consultant: new ChatConsultant(createClient(accessOf(config)), model),
    breaker: new CircuitBreaker(now),
    price: inputUsd === undefined || outputUsd === undefined ? undefined : { inputUsd, outputUsd },
  };
}

function accessOf(config: Config): { baseUrl: string; apiKey: string } {
  return { baseUrl: config.OPENAI_BASE_URL, apiKey: config.OPENAI_API_KEY };
}
