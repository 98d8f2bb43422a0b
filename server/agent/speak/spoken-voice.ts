import { frameMs, silentFrame } from '../../audio/frame.ts';
import { heardText, resumeFromMs } from './heard-text.ts';
import type { PreparedSpeech } from './prepared-speech.ts';
import type { SpeechSource } from './speech-source.ts';
import type { Voice, VoiceListener, VoiceRemainder, VoiceSentence } from './voice.ts';

/** Between two sentences. */
const pauseMs = 160;

interface Item {
  readonly sentence: VoiceSentence;
  /** Frames before this one are skipped: they were heard before a false interruption. */
  nextFrame: number;
  started: boolean;
  speech: PreparedSpeech | undefined;
  /** Its sound broke off; the rest is on its way. */
  mending: boolean;
  readyAtMs: number;
}

export interface SpokenVoiceOptions {
  readonly speech: SpeechSource;
  readonly listener: VoiceListener;
  readonly now: () => number;
  /** How long audio takes from here to the caller's ear: what was sent within it has not been heard. */
  readonly downstreamMs: () => number;
}

/** Speaks sentences one after the other, a frame at a time. The door asks for a frame every 20 ms. */
export class SpokenVoice implements Voice {
  readonly #options: SpokenVoiceOptions;
  #queue: Item[] = [];
  /** Sent to their end, but still on their way while the next sentence is spoken. */
  #underway: { readonly item: Item; readonly sentMs: number }[] = [];
  #pauseFrames = 0;

  constructor(options: SpokenVoiceOptions) {
    this.#options = options;
  }

  get speaking(): boolean {
    return this.#queue.length > 0;
  }

  say(sentences: readonly VoiceSentence[]): void {
    if (!this.speaking) this.#options.speech.beginTurn();
    this.#queue.push(...sentences.map((sentence) => this.#prepare(sentence, 0, false)));
  }

  prefetch(spoken: readonly string[]): void {
    for (const text of spoken) this.#options.speech.prefetch(text);
  }

  /** The next 20 ms. Silence when there is nothing to say, or its audio is not there yet. */
  nextFrame(): Int16Array {
    if (this.#underway.length > 0) this.#tellArrived(this.#options.downstreamMs());
    const item = this.#queue[0];
    if (!item?.speech || item.mending) return silentFrame;
    if (this.#pauseFrames > 0) {
      this.#pauseFrames--;
      return silentFrame;
    }
    const { speech } = item;
    if (item.nextFrame >= speech.frames.length && speech.state !== 'whole') {
      if (speech.state === 'broken') this.#mend(item, speech);
      return silentFrame;
    }
    const frame = speech.frames[item.nextFrame++] ?? silentFrame;
    if (!item.started) {
      item.started = true;
      this.#options.listener.sentenceStart(item.sentence, { readyAtMs: item.readyAtMs, sentAtMs: this.#options.now() });
    }
    if (item.nextFrame >= speech.frames.length && speech.state === 'whole') this.#finish(item);
    return frame;
  }

  stop(): VoiceRemainder {
    const downstreamMs = this.#options.downstreamMs();
    this.#tellArrived(downstreamMs);
    const nowMs = this.#options.now();
    const items = [...this.#underway, ...this.#queue.map((item) => ({ item, sentMs: nowMs }))];
    // Frames that were late are sent at once: by the clock two sentences may seem to have been cut.
    let cut = false;
    const sentences = items.map(({ item: { sentence, started, speech, nextFrame }, sentMs }) => {
      if (!started || cut) return { sentence, started, heard: '', fromMs: 0 };
      const words = speech?.words ?? [];
      const unheardMs = downstreamMs - (nowMs - sentMs);
      const heardMs = Math.max(0, nextFrame * frameMs - unheardMs);
      const heard = heardText(sentence.text, words, heardMs);
      cut = heard !== sentence.text;
      return { sentence, started, heard, fromMs: resumeFromMs(words, heardMs) };
    });
    this.#queue = [];
    this.#underway = [];
    this.#pauseFrames = 0;
    return { sentences };
  }

  resume({ sentences }: VoiceRemainder): void {
    const items = sentences.map(({ sentence, fromMs, started }) =>
      this.#prepare(sentence, Math.floor(fromMs / frameMs), started),
    );
    this.#queue.unshift(...items);
  }

  #prepare(sentence: VoiceSentence, nextFrame: number, started: boolean): Item {
    const item: Item = { sentence, nextFrame, started, speech: undefined, mending: false, readyAtMs: 0 };
    this.#options.speech.get(sentence.spoken).then(
      (speech) => {
        item.speech = speech;
        item.readyAtMs = this.#options.now();
      },
      (cause: unknown) => this.#fail(item, cause),
    );
    return item;
  }

  /** The engine failed in mid-sentence. What was sent is not said again. */
  #mend(item: Item, broken: PreparedSpeech): void {
    item.mending = true;
    this.#options.speech.mend(item.sentence.spoken, broken, item.nextFrame * frameMs).then(
      ({ speech, fromMs }) => {
        item.mending = false;
        item.speech = speech;
        item.nextFrame = Math.floor(fromMs / frameMs);
      },
      (cause: unknown) => this.#fail(item, cause),
    );
  }

  #finish(item: Item): void {
    this.#queue.shift();
    this.#pauseFrames = pauseMs / frameMs;
    this.#underway.push({ item, sentMs: this.#options.now() });
    // The last one counts as heard: what the caller says now is an answer to it.
    this.#tellArrived(this.speaking ? this.#options.downstreamMs() : 0);
    this.#tellIdle();
  }

  #tellArrived(downstreamMs: number): void {
    const sentByMs = this.#options.now() - downstreamMs;
    const arrived = this.#underway.filter(({ sentMs }) => sentMs <= sentByMs);
    this.#underway = this.#underway.filter(({ sentMs }) => sentMs > sentByMs);
    for (const { item } of arrived) this.#options.listener.sentenceEnd(item.sentence);
  }

  #fail(item: Item, cause: unknown): void {
    const place = this.#queue.indexOf(item);
    if (place < 0) return;
    this.#queue.splice(place, 1);
    this.#options.listener.sentenceFailed(item.sentence, cause);
    this.#tellIdle();
  }

  #tellIdle(): void {
    if (this.#queue.length > 0) return;
    this.#tellArrived(0);
    this.#pauseFrames = 0;
    this.#options.listener.idle();
  }
}
