import type { Sentence } from '../../contract/act.ts';
import { wording } from '../../dialogue/phrase/sentences.ts';
import type { Bundle } from '../../dialogue/playbook/bundle.ts';
import { SpeechSource, type Voices } from '../agent/speak/speech-source.ts';
import { SpokenVoice } from '../agent/speak/spoken-voice.ts';
import type { EngineWatch } from '../agent/engine-watch.ts';
import type { Guard } from './guard.ts';
import type { After } from './silence-timer.ts';

/** A person is asked for the key once more after this long, and has as long again. */
const keyWithinMs = 8_000;
const timesAsked = 2;
const acceptKey = '1';
const declineKey = '2';

export interface BriefingOptions {
  readonly bundle: Bundle;
  readonly voices: Voices;
  readonly watch: EngineWatch;
  readonly whisper: readonly Sentence[];
  readonly accept: 'key' | 'answer';
  readonly now: () => number;
  readonly after: After;
  readonly guard: Guard;
  /** Once. */
  readonly decided: (decision: 'accepted' | 'rejected' | 'not-accepted') => void;
}

/** What a person hears, and the caller does not, before they take a call or leave it. */
export class Briefing {
  readonly #options: BriefingOptions;
  readonly #voice: SpokenVoice;
  #sentences = 0;
  #asked = 0;
  #decided = false;
  #stopWaiting: (() => void) | undefined;
  #afterwards: (() => void) | undefined;

  constructor(options: BriefingOptions) {
    this.#options = options;
    this.#voice = new SpokenVoice({
      speech: new SpeechSource(options.voices, options.watch),
      now: options.now,
      downstreamMs: () => 0,
      listener: {
        sentenceStart: () => undefined,
        sentenceEnd: () => undefined,
        // Whoever misses a sentence of it can still take the call.
        sentenceFailed: (_sentence, cause) => options.watch.degraded('synthesis', cause),
        idle: () => this.#said(),
      },
    });
  }

  begin(): void {
    this.#say(this.#options.whisper);
    if (this.#options.accept === 'key') this.#askForKey();
  }

  nextFrame(): Int16Array {
    return this.#voice.nextFrame();
  }

  keyPressed(key: string): void {
    if (key === acceptKey) this.#decide('accepted');
    if (key === declineKey) this.#decide('rejected');
  }

  /** The last thing that they hear of us. */
  conclude(words: 'whisper-through' | 'whisper-left-to-me' | 'whisper-caller-gone', afterwards: () => void): void {
    this.#decided = true;
    this.#stopWaiting?.();
    this.#voice.stop();
    this.#afterwards = afterwards;
    this.#say(wording(this.#options.bundle, words));
  }

  close(): void {
    this.#decided = true;
    this.#stopWaiting?.();
    this.#afterwards = undefined;
    this.#voice.stop();
  }

  #said(): void {
    const { after, accept, guard } = this.#options;
    const then = this.#afterwards;
    this.#afterwards = undefined;
    // Not from within the voice.
    if (then) queueMicrotask(() => guard('handover', then));
    if (this.#decided) return;
    if (accept === 'answer') queueMicrotask(() => guard('handover', () => this.#decide('accepted')));
    else this.#stopWaiting = after(keyWithinMs, () => guard('handover', () => this.#noKey()));
  }

  #noKey(): void {
    if (this.#asked < timesAsked) this.#askForKey();
    else this.#decide('not-accepted');
  }

  #askForKey(): void {
    this.#asked += 1;
    this.#say(wording(this.#options.bundle, 'whisper-key'));
  }

  #decide(decision: 'accepted' | 'rejected' | 'not-accepted'): void {
    if (this.#decided) return;
    this.#decided = true;
    this.#stopWaiting?.();
    this.#options.decided(decision);
  }

  #say(sentences: readonly Sentence[]): void {
    this.#voice.say(
      sentences.map(({ text, spoken }) => {
        this.#sentences += 1;
        return { id: `whisper-${this.#sentences}`, text, spoken: spoken ?? text };
      }),
    );
  }
}
