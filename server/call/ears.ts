import type { EngineWatch } from '../agent/engine-watch.ts';
import type { ExpectedReply, Recognizer, RecognizerFactory } from '../agent/listen/recognizer.ts';
import type { VoiceActivityDetector } from '../agent/listen/voice-activity.ts';
import type { Voice } from '../agent/speak/voice.ts';
import type { Guard } from './guard.ts';
import type { CallRecording } from '../record/call-recording.ts';
import { guided } from './guided-recognizer.ts';
import { Hearing, type HearingOptions, type HeardTurn } from './hearing.ts';

/** The recogniser is given up after so many failures in a row. */
const maxFailures = 3;

export interface EarsListener {
  speechStart(): void;
  partial(text: string): void;
  preview(text: string): void;
  turnEnd(turn: HeardTurn): void;
  /** What was heard is lost. `forGood`: nothing will be heard any more in this call. */
  hearingFailed(cause: unknown, forGood: boolean): void;
}

export interface EarsOptions {
  readonly recognizers: RecognizerFactory;
  /** For short calls over the agent's voice. */
  readonly interjections: RecognizerFactory;
  readonly watch: EngineWatch;
  readonly detector: () => VoiceActivityDetector;
  readonly now: () => number;
  readonly guard: Guard;
  readonly voice: Pick<Voice, 'speaking'>;
  readonly completeness: HearingOptions['completeness'];
  /** What the open question lets a caller say. Absent: anything, always. */
  readonly expects?: () => ExpectedReply;
  readonly listener: EarsListener;
  /** Where the call is recorded. */
  readonly recording?: Pick<CallRecording, 'caller' | 'callerBegan' | 'callerJudged' | 'mute'> | undefined;
}

/** The agent's hearing in one call, whatever door the audio comes through: a recogniser of its own, and what befalls it. */
export class Ears {
  readonly #options: EarsOptions;
  readonly #recognizer: Promise<Recognizer>;
  #hearing: Hearing | undefined;
  #failures = 0;
  #speechFromMs: number | undefined;
  #closed = false;

  constructor(options: EarsOptions) {
    this.#options = options;
    // Made while the caller connects, so that the greeting need not wait for it.
    this.#recognizer = options.recognizers.create(options.watch);
    options.guard('recognition', () => this.#prepare());
  }

  /** @param samples Int16 mono, 16,000 Hz, any number of them, as they arrive. */
  push(samples: Int16Array): void {
    // What nobody listens to cannot be judged, and so is not kept.
    if (!this.#hearing) return;
    this.#options.recording?.caller(samples);
    void this.#hearing.push(samples);
  }

  /** The call has a telephone's narrow band. */
  byTelephone(): void {
    // A failure to make one is told elsewhere.
    void this.#recognizer.then(
      (recognizer) => recognizer.byTelephone?.(),
      () => undefined,
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    const hearing = this.#hearing;
    this.#hearing = undefined;
    if (hearing) await hearing.close();
    // A failure to make one was told when it happened.
    const recognizer = await this.#recognizer.catch(() => undefined);
    await recognizer?.close();
  }

  async #prepare(): Promise<void> {
    const { detector, interjections, watch, now, completeness, expects, voice, listener } = this.#options;
    const recognizer = await this.#recognizer.catch((cause: unknown) => {
      if (!this.#closed) listener.hearingFailed(cause, true);
      return undefined;
    });
    if (!recognizer || this.#closed) return;
    this.#hearing = new Hearing({
      detector: detector(),
      recognizer: expects ? guided(recognizer, expects) : recognizer,
      interjections,
      watch,
      now,
      completeness,
      agentSpeaking: () => voice.speaking,
      listener: {
        speechStart: (startMs) => {
          this.#speechFromMs = startMs;
          this.#options.recording?.callerBegan(startMs);
          listener.speechStart();
        },
        partial: (text) => listener.partial(text),
        preview: (text) => listener.preview(text),
        turnEnd: (turn) => {
          this.#failures = 0;
          listener.turnEnd(turn);
          this.#judged();
        },
        failed: (cause) => this.#failed(cause),
      },
    });
  }

  /** Whoever is told of a turn has judged it when they return. */
  #judged(): void {
    this.#speechFromMs = undefined;
    this.#options.recording?.callerJudged();
  }

  #failed(cause: unknown): void {
    // Words that nobody knows are not kept as sound either.
    if (this.#speechFromMs !== undefined) this.#options.recording?.mute(this.#speechFromMs, this.#options.now());
    this.#judged();
    this.#failures += 1;
    const forGood = this.#failures >= maxFailures;
    if (forGood) this.#hearing = undefined;
    this.#options.listener.hearingFailed(cause, forGood);
  }
}
