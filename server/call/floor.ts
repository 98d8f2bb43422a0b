import type { Voice, VoiceRemainder, VoiceSentence } from '../agent/speak/voice.ts';

/**
 * Who is speaking. The agent gives way to the caller at once; what it could not say is kept until it is clear what the
 * caller's sound was.
 */
export class Floor {
  readonly #voice: Voice;
  readonly #onStop: () => void;
  #callerSpeaking = false;
  /** Came up while the caller was speaking. */
  #held: VoiceSentence[] = [];
  #cut: VoiceRemainder | undefined;

  /** @param onStop what is on its way to the caller must not be heard any more. */
  constructor(voice: Voice, onStop: () => void) {
    this.#voice = voice;
    this.#onStop = onStop;
  }

  get callerSpeaking(): boolean {
    return this.#callerSpeaking;
  }

  /** What the caller's voice cut off, while it is not decided what becomes of it. */
  get cut(): VoiceRemainder | undefined {
    return this.#cut;
  }

  callerBegins(): void {
    this.#callerSpeaking = true;
    this.stop();
  }

  stop(): void {
    if (!this.#voice.speaking) return;
    const { sentences } = this.#voice.stop();
    this.#onStop();
    this.#cut = { sentences: [...(this.#cut?.sentences ?? []), ...sentences] };
  }

  /** At once, or when the caller has finished. */
  say(sentences: readonly VoiceSentence[]): void {
    if (this.#callerSpeaking) this.#held.push(...sentences);
    else this.#voice.say(sentences);
  }

  /** It was a turn: what was cut off is not said any more. Returns it. */
  takeCut(): VoiceRemainder | undefined {
    const cut = this.#cut;
    this.#cut = undefined;
    return cut;
  }

  /** The caller has finished; what came up meanwhile is said. */
  callerEnds(): void {
    this.#callerSpeaking = false;
    const held = this.#held;
    this.#held = [];
    if (held.length > 0) this.#voice.say(held);
  }

  /** It was nothing: the agent goes on from the word that was cut. */
  resume(): void {
    const cut = this.takeCut();
    if (cut) this.#voice.resume(cut);
    this.callerEnds();
  }
}
