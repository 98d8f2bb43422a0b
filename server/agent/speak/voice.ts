/** A sentence on its way to the caller. */
export interface VoiceSentence {
  /** Unique in the call. */
  readonly id: string;
  /** As it is shown. */
  readonly text: string;
  /** As it is read aloud. */
  readonly spoken: string;
}

/** What was still to be said when the voice was stopped; {@link Voice.resume} takes it. */
export interface VoiceRemainder {
  readonly sentences: readonly CutSentence[];
}

export interface CutSentence {
  readonly sentence: VoiceSentence;
  /** Its start was told. */
  readonly started: boolean;
  /** Where to go on, in ms of its audio. */
  readonly fromMs: number;
  /** Its words that the caller heard to their end. */
  readonly heard: string;
}

/** Told in order, for each sentence one start and one end. */
export interface VoiceListener {
  /** `readyAtMs`: when its audio was there. `sentAtMs`: when the first of it left. Epoch ms. */
  sentenceStart(sentence: VoiceSentence, at: { readyAtMs: number; sentAtMs: number }): void;
  sentenceEnd(sentence: VoiceSentence): void;
  /** The engine could not speak it. The sentence counts as ended, unheard. */
  sentenceFailed(sentence: VoiceSentence, cause: unknown): void;
  /** Everything has been said. */
  idle(): void;
}

/** The agent's way to speak to one caller: aloud or typed. */
export interface Voice {
  readonly speaking: boolean;
  say(sentences: readonly VoiceSentence[]): void;
  /** Makes the audio of sentences that will probably be said. */
  prefetch(spoken: readonly string[]): void;
  /** Stops at once. The listener hears nothing of the sentences that did not end. */
  stop(): VoiceRemainder;
  /** Goes on after a false interruption, from the word that was cut; then with what has been said since. */
  resume(remainder: VoiceRemainder): void;
}
