import type { EngineWatch } from '../engine-watch.ts';

/** One word of synthesised speech, by its place in the samples. */
export interface SpokenWord {
  readonly text: string;
  readonly startSample: number;
  readonly endSample: number;
}

/** Speech as it will be played: Int16 mono at 16,000 Hz, silence at both ends trimmed. */
export interface Speech {
  readonly samples: Int16Array;
  readonly words: readonly SpokenWord[];
}

/** Words to speech, a sentence at a time. One for each voice; shared by all calls. */
export interface Synthesizer {
  /** Rejects when the engine fails or gives no audio. */
  synthesize(text: string): Promise<Speech>;
}

/** Words to speech that can begin before all of it is made. */
export interface StreamingSynthesizer {
  /** Names engine, model and voice: what was kept of another voice is not mixed up with it. */
  readonly voiceKey: string;
  /**
   * Int16 mono at 16,000 Hz, in pieces of any size. Throws when the engine fails; a sentence without any piece is a
   * failure too, which its reader sees.
   *
   * @param watch the call that pays. Undefined: made ahead, for all calls.
   */
  stream(text: string, signal: AbortSignal, watch: Pick<EngineWatch, 'used'> | undefined): AsyncIterable<Int16Array>;
}
