import type OpenAI from 'openai';
import type { EngineWatch } from '../../agent/engine-watch.ts';
import { ProviderFailure } from '../../agent/provider-failure.ts';
import type { StreamingSynthesizer } from '../../agent/speak/synthesizer.ts';
import { sampleRateHz } from '../../audio/frame.ts';
import { Resampler } from '../../audio/resampler.ts';
import { createClient, type OpenAiAccess, toFailure } from './client.ts';

/** The API's `pcm`: Int16 mono, little-endian, at this rate, without a header. */
const apiRateHz = 24_000;
/** The API's limit for one request. Sentences are far below it. */
const maxCharacters = 4_096;

export interface OpenAiSynthesizerOptions {
  readonly access: OpenAiAccess;
  readonly model: string;
  readonly voice: string;
}

/** Speech by an OpenAI-compatible API (`POST /audio/speech`), streamed as it is made. */
export class OpenAiSynthesizer implements StreamingSynthesizer {
  readonly voiceKey: string;
  readonly #client: OpenAI;
  readonly #options: OpenAiSynthesizerOptions;

  constructor(options: OpenAiSynthesizerOptions) {
    this.#options = options;
    this.#client = createClient(options.access);
    this.voiceKey = ['openai', options.access.baseUrl, options.model, options.voice].join(' ');
  }

  async *stream(
    text: string,
    signal: AbortSignal,
    watch: Pick<EngineWatch, 'used'> | undefined,
  ): AsyncIterable<Int16Array> {
    const { model, voice } = this.#options;
    if (text.length > maxCharacters) {
      throw new ProviderFailure(`Speech synthesis takes ${maxCharacters} characters at once, not ${text.length}`);
    }
    try {
      const request = { model, voice, input: text, response_format: 'pcm' as const };
      const response = await this.#client.audio.speech.create(request, { signal });
      // Paid for from here on, whatever comes.
      watch?.used({ task: 'synthesis', engine: 'openai', model, requests: 1, characters: text.length });
      const contentType = response.headers.get('content-type') ?? '';
      if (!response.body || /json|text/.test(contentType)) {
        throw new ProviderFailure(`Speech synthesis answered with '${contentType}', not with sound`);
      }
      yield* resampled(response.body);
    } catch (error) {
      throw toFailure('Speech synthesis', error);
    }
  }
}

async function* resampled(body: AsyncIterable<Uint8Array>): AsyncIterable<Int16Array> {
  const resampler = new Resampler(apiRateHz, sampleRateHz);
  // A piece may end in the middle of a sample.
  let odd: Uint8Array = new Uint8Array(0);
  for await (const piece of body) {
    const bytes = Buffer.concat([odd, piece]);
    const even = bytes.length - (bytes.length % 2);
    odd = bytes.subarray(even);
    const samples = Int16Array.from({ length: even / 2 }, (_, n) => bytes.readInt16LE(2 * n));
    yield resampler.push(samples);
  }
  yield resampler.flush();
}
