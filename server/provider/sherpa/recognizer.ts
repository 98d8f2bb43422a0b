import type { Recognizer, RecognizerFactory, Transcript } from '../../agent/listen/recognizer.ts';
import { scoredTranscript } from '../../agent/listen/scored-transcript.ts';
import { ProviderFailure } from '../../agent/provider-failure.ts';
import type { SherpaEngine } from './engine.ts';

/** Local neural recognition: streaming transducers through sherpa-onnx. One process for all calls. */
export class SherpaRecognizerFactory implements RecognizerFactory {
  readonly #engine: SherpaEngine;
  #streams = 0;

  constructor(engine: SherpaEngine) {
    this.#engine = engine;
  }

  async create(): Promise<Recognizer> {
    this.#streams += 1;
    return new SherpaRecognizer(this.#engine, this.#streams);
  }
}

class SherpaRecognizer implements Recognizer {
  readonly #engine: SherpaEngine;
  readonly #stream: number;
  /** The process that hears the open segment. */
  #generation: number | undefined;

  constructor(engine: SherpaEngine, stream: number) {
    this.#engine = engine;
    this.#stream = stream;
  }

  feed(samples: Int16Array): void {
    this.#generation ??= this.#engine.generation;
    this.#engine.tell({ do: 'feed', stream: this.#stream, samples });
  }

  /** Nothing when the engine fails: that shows at the end of the segment. */
  async partial(): Promise<string> {
    if (this.#generation === undefined) return '';
    const { text } = await this.#ask('partial').catch(() => ({ text: '' }));
    return text;
  }

  async finish(): Promise<Transcript> {
    const generation = this.#generation;
    this.#generation = undefined;
    if (generation === undefined) return { text: '', confidence: 0, alternatives: [] };
    if (generation !== this.#engine.generation) throw new ProviderFailure('The local speech engine was started again');
    return this.#ask('finish');
  }

  async discard(): Promise<void> {
    this.#generation = undefined;
    this.#engine.tell({ do: 'discard', stream: this.#stream });
  }

  async close(): Promise<void> {
    await this.discard();
  }

  async #ask(what: 'partial' | 'finish'): Promise<Transcript> {
    const answer = await this.#engine.ask({ do: what, stream: this.#stream });
    if (answer.type !== 'text') throw new ProviderFailure(`The local speech engine answered with ${answer.type}`);
    return scoredTranscript(answer.text, answer.logProbs);
  }
}
