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

/** Words to speech. One for each voice; shared by all calls. */
export interface Synthesizer {
  /** Rejects when the engine fails or gives no audio. */
  synthesize(text: string): Promise<Speech>;
}
