import type { EngineWatch } from '../agent/engine-watch.ts';
import { Answerer, type Verdict } from '../agent/answerer/answerer.ts';
import { ToneDetector } from '../agent/answerer/tone-detector.ts';
import type { Recognizer, RecognizerFactory } from '../agent/listen/recognizer.ts';
import { SpeechGate } from '../agent/listen/speech-gate.ts';
import { type VoiceActivityDetector, windowMs, windowSamples } from '../agent/listen/voice-activity.ts';

/** Words are asked for so often while somebody speaks. */
const partialEveryMs = 256;
/** A stretch of speech ends after so much silence. */
const segmentPauseMs = 480;
const onsetWindows = 2;

/** What the other side listens to now. */
type TimeFor = 'greeting' | 'message' | 'name';

export interface AnsweringOptions {
  readonly detector: VoiceActivityDetector;
  /** Knows what machines, assistants and people say when they answer. */
  readonly recognizers: RecognizerFactory;
  readonly watch: EngineWatch;
  readonly listener: AnsweringListener;
}

export interface AnsweringListener {
  /** Once, and once more where it is put right. */
  decided(verdict: Verdict): void;
  /** The person has stopped to listen. May come again. */
  personTime(): void;
  /** The machine records, from now on. May come again: what seemed to be its end was none. */
  messageTime(): void;
  /** The assistant waits for our name. */
  nameTime(): void;
  /** Words are not heard (any more): sound alone decides. */
  deaf(cause: unknown): void;
}

/** Hears who has answered a call of ours: wires voice activity, tones and a recogniser to an `Answerer`. */
export class Answering {
  readonly #options: AnsweringOptions;
  readonly #gate = new SpeechGate();
  readonly #tones = new ToneDetector();
  readonly #recognizer: Promise<Recognizer | undefined>;
  #answerer = new Answerer(0);
  #window = new Int16Array(windowSamples);
  #filled = 0;
  /** Of the line's audio. */
  #atMs = 0;
  #queue: Promise<void> = Promise.resolve();
  #closed = false;
  /** Windows before the onset, for the recogniser. */
  #preRoll: Int16Array[] = [];
  #segmentOpen = false;
  #lastSpeechMs = 0;
  #lastPartialMs = 0;
  #told: TimeFor | undefined;

  constructor(options: AnsweringOptions) {
    this.#options = options;
    this.#recognizer = options.recognizers.create(options.watch).catch((cause: unknown) => {
      options.listener.deaf(cause);
      return undefined;
    });
  }

  /** @param samples Int16 mono, 16,000 Hz, any number of them, as they arrive. Resolves when they were heard. */
  push(samples: Int16Array): Promise<void> {
    let taken = 0;
    while (taken < samples.length) {
      const part = samples.subarray(taken, taken + windowSamples - this.#filled);
      this.#window.set(part, this.#filled);
      this.#filled += part.length;
      taken += part.length;
      if (this.#filled < windowSamples) break;
      const window = this.#window;
      this.#window = new Int16Array(windowSamples);
      this.#filled = 0;
      this.#queue = this.#queue
        .then(() => (this.#closed ? undefined : this.#hear(window)))
        .catch((cause: unknown) => {
          this.#options.listener.deaf(cause);
        });
    }
    return this.#queue;
  }

  /** We have told an assistant who we are. */
  screened(): void {
    this.#answerer = new Answerer(this.#atMs, { screened: true });
    this.#told = undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#queue;
    const recognizer = await this.#recognizer;
    await recognizer?.close();
  }

  async #hear(window: Int16Array): Promise<void> {
    this.#atMs += windowMs;
    const atMs = this.#atMs;
    const tone = this.#tones.hear(window);
    const probability = await this.#options.detector.probability(window);
    const { state } = this.#gate.window(probability, onsetWindows);
    const speech = state === 'speech';
    if (speech || state === 'onset') this.#lastSpeechMs = atMs;
    this.#tell(this.#answerer.hear({ atMs, speech, tone }));
    await this.#recognise(window, state !== 'silence', atMs);
    this.#tellTime();
  }

  #tell(verdict: Verdict | undefined): void {
    if (verdict) this.#options.listener.decided(verdict);
  }

  #tellTime(): void {
    const { listener } = this.#options;
    const time = this.#timeFor();
    if (time === this.#told) return;
    this.#told = time;
    if (time === 'greeting') listener.personTime();
    if (time === 'message') listener.messageTime();
    if (time === 'name') listener.nameTime();
  }

  #timeFor(): TimeFor | undefined {
    if (this.#answerer.listensToUs) return 'greeting';
    if (this.#answerer.listensToMessage) return 'message';
    return this.#answerer.listensToName ? 'name' : undefined;
  }

  async #recognise(window: Int16Array, voiced: boolean, atMs: number): Promise<void> {
    const recognizer = await this.#recognizer;
    if (!recognizer) return;
    if (!this.#segmentOpen && !voiced) {
      this.#preRoll = [...this.#preRoll.slice(-8), window];
      return;
    }
    if (!this.#segmentOpen) for (const before of this.#preRoll) recognizer.feed(before);
    this.#segmentOpen = true;
    this.#preRoll = [];
    recognizer.feed(window);
    if (atMs - this.#lastSpeechMs >= segmentPauseMs) {
      this.#segmentOpen = false;
      this.#gate.reset();
      const { text } = await recognizer.finish();
      this.#tell(this.#answerer.words(text, atMs));
    } else if (atMs - this.#lastPartialMs >= partialEveryMs) {
      this.#lastPartialMs = atMs;
      this.#tell(this.#answerer.words(await recognizer.partial(), atMs));
    }
  }
}
