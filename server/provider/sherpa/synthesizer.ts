import { ProviderFailure } from '../../agent/provider-failure.ts';
import type { StreamingSynthesizer } from '../../agent/speak/synthesizer.ts';
import { sampleRateHz } from '../../audio/frame.ts';
import { resample } from '../../audio/resampler.ts';
import type { SherpaEngine } from './engine.ts';

/** Local neural speech: VITS voices (Piper's) through sherpa-onnx. Sentences are made whole; they come in one piece. */
export class SherpaSynthesizer implements StreamingSynthesizer {
  readonly voiceKey: string;
  readonly #engine: SherpaEngine;

  /** @param model its name: what is kept on disk is found by it. */
  constructor(engine: SherpaEngine, model: string) {
    this.#engine = engine;
    this.voiceKey = `sherpa ${model}`;
  }

  async *stream(text: string): AsyncIterable<Int16Array> {
    const answer = await this.#engine.ask({ do: 'speak', text });
    if (answer.type !== 'sound') throw new ProviderFailure(`The local speech engine answered with ${answer.type}`);
    yield resample(answer.samples, answer.sampleRateHz, sampleRateHz);
  }
}
