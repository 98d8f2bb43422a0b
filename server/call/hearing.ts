import type { EngineWatch } from '../agent/engine-watch.ts';
import type { Recognizer, RecognizerFactory, Transcript } from '../agent/listen/recognizer.ts';
import { CallerLevel } from '../agent/listen/caller-level.ts';
import { SpeechGate } from '../agent/listen/speech-gate.ts';
import { type VoiceActivityDetector, windowMs, windowSamples } from '../agent/listen/voice-activity.ts';
import { type Completeness, endpointDelayMs, finalizeAfterMs, maxTurnMs } from '../agent/turn/endpointing.ts';
import { levelOf, samplesToMs } from '../audio/frame.ts';
import { InterjectionEar } from './interjection-ear.ts';

/** Audio from before the onset that belongs to it: soft first consonants. */
const preRollWindows = 9;
/** Voiced windows that make speech: 64 ms; over the agent's voice 128 ms, so that a click or a short cough does not stop it. */
const onsetWindows = 2;
const bargeInWindows = 4;
/** Windows are handed to the recogniser in threes: fewer trips to the background thread. */
const feedWindows = 3;
/** Interim captions at most this often. */
const partialEveryMs = 320;
/** Below this level (of 32,768; -63 dBFS) a window can't be speech and the detector is not asked. */
const silenceLevel = 24;
/** A 10 ms stretch above this share of the turn's loudest one is still speech. */
const lastSampleShare = 0.03;

/** Of the recogniser's confidences: most words below this one are wrong. */
const doubtBelow = 0.16;
/** A single word that is believed less than this may be a small word misheard: "it's" as "six". */
const doubtWordBelow = 0.5;
/** As long as "um", misheard. */
const fillerWords = 2;

/** What the caller said, from the first to the last sample of it. Epoch ms. */
export interface HeardTurn extends Transcript {
  readonly startMs: number;
  readonly endMs: number;
  /** When it was clear that the turn is over. */
  readonly endpointAtMs: number;
  /** When its final words were known: before or after the end. */
  readonly finalAtMs: number;
  /** What a recogniser of short calls makes of a short sound over the agent's voice. */
  readonly interjection?: Transcript;
  /** As loud as the caller usually is, so nobody else in the room. Undefined while that is not known. */
  readonly plainlyOwn?: boolean | undefined;
}

/** Without a confidence while it may still change. */
export type Interjection = Pick<Transcript, 'text'> & Partial<Transcript>;

export interface HearingOptions {
  readonly detector: VoiceActivityDetector;
  readonly recognizer: Recognizer;
  /** For short calls over the agent's voice. */
  readonly interjections?: RecognizerFactory;
  readonly watch: EngineWatch;
  readonly now: () => number;
  /** The dialogue's view of the words so far. */
  readonly completeness: (text: string, interjection?: Interjection) => Completeness;
  readonly agentSpeaking: () => boolean;
  readonly listener: HearingListener;
}

export interface HearingListener {
  /** Certainly speech. Epoch ms of its first window. */
  speechStart(startMs: number): void;
  /** Words so far; they may still change. */
  partial(text: string): void;
  /** Probably the whole turn: what follows from it can be prepared. */
  preview(text: string): void;
  turnEnd(turn: HeardTurn): void;
  failed(cause: unknown): void;
}

/** The listening side of a voice call: audio in, turns out. Wires voice activity, recognition and endpointing. */
export class Hearing {
  readonly #options: HearingOptions;
  readonly #gate = new SpeechGate();
  readonly #callerLevel = new CallerLevel();
  readonly #ear: InterjectionEar;
  #window = new Int16Array(windowSamples);
  #filled = 0;
  #preRoll: Int16Array[] = [];
  #unfed: Int16Array[] = [];
  #queue: Promise<void> = Promise.resolve();
  #closed = false;

  #overAgent = false;
  #startMs = 0;
  #lastSpeechMs = 0;
  #loudest = 0;
  #lastPartialMs = 0;
  #segments: Transcript[] = [];
  #interjection: Transcript | undefined;
  #finalized = false;
  #finalAtMs = 0;
  #completeness: Completeness = 'unknown';

  constructor(options: HearingOptions) {
    this.#options = options;
    this.#ear = new InterjectionEar(options.interjections, options.watch);
  }

  /**
   * @param samples Int16 mono, 16,000 Hz, any number of them, as they arrive.
   * @returns resolves when they have been heard; never rejects.
   */
  push(samples: Int16Array): Promise<void> {
    const nowMs = this.#options.now();
    let taken = 0;
    while (taken < samples.length) {
      const part = samples.subarray(taken, taken + windowSamples - this.#filled);
      this.#window.set(part, this.#filled);
      this.#filled += part.length;
      taken += part.length;
      if (this.#filled < windowSamples) break;
      const window = this.#window;
      const endMs = nowMs - samplesToMs(samples.length - taken);
      this.#window = new Int16Array(windowSamples);
      this.#filled = 0;
      this.#enqueue(() => this.#hear(window, endMs));
    }
    this.#enqueue(async () => this.#endTurnIfSilent(nowMs));
    return this.#queue;
  }

  /** Hears nothing more. The recogniser stays its owner's. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#queue;
    await this.#ear.close();
  }

  #enqueue(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#closed) return;
      try {
        await work();
      } catch (cause) {
        this.#reset();
        this.#options.listener.failed(cause);
      }
    });
  }

  async #hear(window: Int16Array, endMs: number): Promise<void> {
    const { detector, agentSpeaking, listener } = this.#options;
    const before = this.#gate.state;
    const level = levelOf(window);
    const quiet = before === 'silence' && level < silenceLevel;
    const probability = quiet ? 0 : await detector.probability(window);
    const over = agentSpeaking();
    // Somebody else in the room must not stop the agent.
    const foreign = over && (before === 'silence' || before === 'onset') && this.#callerLevel.isForeign(level);
    const { state, dropped } = this.#gate.window(foreign ? 0 : probability, over ? bargeInWindows : onsetWindows);

    if (state === 'silence') {
      if (dropped) this.#dropOnset();
      this.#remember(window);
      return;
    }
    if (before === 'silence') {
      this.#beginTurn(endMs);
      this.#overAgent = over;
      if (over) this.#ear.begin();
    }
    if (this.#finalized && state === 'pause') this.#remember(window);
    else this.#feed(window);
    if (state === 'speech' && (before === 'silence' || before === 'onset')) listener.speechStart(this.#startMs);

    if (state === 'pause') {
      if (before === 'speech') await this.#considerPause();
      else if (endMs - this.#lastSpeechMs >= finalizeAfterMs) await this.#finalize();
      return;
    }
    this.#finalized = false;
    this.#trackLastSample(window, endMs);
    await this.#caption(endMs);
    if (endMs - this.#startMs > maxTurnMs) {
      await this.#finalize();
      this.#endTurn();
    }
  }

  #beginTurn(endMs: number): void {
    this.#startMs = endMs - windowMs;
    this.#lastSpeechMs = endMs;
    this.#loudest = 0;
    this.#lastPartialMs = endMs;
    this.#completeness = 'unknown';
    this.#unfed = this.#preRoll;
    this.#preRoll = [];
  }

  #remember(window: Int16Array): void {
    this.#preRoll.push(window);
    if (this.#preRoll.length > preRollWindows) this.#preRoll.shift();
  }

  #feed(window: Int16Array): void {
    // Speech after a pause that was already recognised: the pause since then belongs to it.
    this.#unfed.push(...this.#preRoll.splice(0), window);
    // While it may still come to nothing it is kept back.
    if (this.#unfed.length >= feedWindows && this.#gate.state !== 'onset') this.#flush();
  }

  #flush(): void {
    if (this.#unfed.length === 0) return;
    const samples = new Int16Array(this.#unfed.length * windowSamples);
    for (const [index, window] of this.#unfed.entries()) samples.set(window, index * windowSamples);
    this.#unfed = [];
    this.#options.recognizer.feed(samples);
    this.#ear.feed(samples);
  }

  /** The detector holds on for some 40 ms after speech; the level tells where it really ended. */
  #trackLastSample(window: Int16Array, endMs: number): void {
    const step = windowSamples / 4;
    for (let part = 0; part < 4; part++) {
      const level = levelOf(window.subarray(part * step, (part + 1) * step));
      this.#loudest = Math.max(this.#loudest, level);
      if (level > this.#loudest * lastSampleShare) this.#lastSpeechMs = endMs - (3 - part) * (windowMs / 4);
    }
  }

  async #caption(endMs: number): Promise<void> {
    if (this.#gate.state !== 'speech' || endMs - this.#lastPartialMs < partialEveryMs) return;
    this.#lastPartialMs = endMs;
    const text = await this.#textSoFar();
    if (text) this.#options.listener.partial(text);
  }

  async #textSoFar(): Promise<string> {
    const open = await this.#options.recognizer.partial();
    return [...this.#segments.map((segment) => segment.text), open].filter(Boolean).join(' ');
  }

  async #considerPause(): Promise<void> {
    this.#flush();
    const [text, interjection] = await Promise.all([this.#textSoFar(), this.#ear.partial()]);
    this.#completeness = this.#options.completeness(text, { text: interjection });
    if (this.#completeness === 'complete') await this.#finalize();
  }

  async #finalize(): Promise<void> {
    if (this.#finalized) return;
    this.#flush();
    this.#finalized = true;
    const first = this.#segments.length === 0;
    const [segment, interjection] = await Promise.all([this.#options.recognizer.finish(), this.#ear.finish()]);
    this.#segments.push(segment);
    // With more before or after it, it was no short call.
    this.#interjection = first ? interjection : undefined;
    this.#finalAtMs = this.#options.now();
    const { text, confidence } = joined(this.#segments);
    const live = this.#completeness;
    const judged = doubted(live, this.#options.completeness(text, this.#interjection), confidence);
    // An agent that was stopped for it must go on soon if it was nothing.
    this.#completeness = this.#overAgent ? judged : fillersAwaited(judged, text, confidence);
    if (text) this.#options.listener.preview(text);
  }

  #endTurnIfSilent(nowMs: number): void {
    if (this.#gate.state !== 'pause' || !this.#finalized) return;
    if (nowMs - this.#lastSpeechMs >= endpointDelayMs(this.#completeness)) this.#endTurn();
  }

  #endTurn(): void {
    const turn: HeardTurn = {
      ...joined(this.#segments),
      startMs: this.#startMs,
      endMs: this.#lastSpeechMs,
      endpointAtMs: this.#options.now(),
      finalAtMs: this.#finalAtMs,
      ...(this.#interjection === undefined ? {} : { interjection: this.#interjection }),
      plainlyOwn: this.#callerLevel.isPlainlyOwn(this.#loudest),
    };
    if (turn.text) this.#callerLevel.learn(this.#loudest);
    this.#reset();
    this.#options.listener.turnEnd(turn);
  }

  /** Its sound stays at hand: it may have been a soft beginning. */
  #dropOnset(): void {
    this.#preRoll = this.#unfed.slice(-preRollWindows);
    this.#reset();
  }

  #reset(): void {
    this.#gate.reset();
    this.#segments = [];
    this.#interjection = undefined;
    this.#unfed = [];
    this.#finalized = false;
  }
}

/**
 * Words that are hardly believed may mean anything, so the rest is waited for: a whole answer for a moment, others longer.
 * So is a whole answer that was plainly unfinished to the live pass: one of the two misheard its end.
 */
function doubted(live: Completeness, completeness: Completeness, confidence: number): Completeness {
  if (completeness === 'complete') return confidence < doubtBelow || live === 'incomplete' ? 'unknown' : 'complete';
  return completeness === 'unknown' && confidence < doubtBelow ? 'unclear' : completeness;
}

/** A word or two that mean nothing are likelier an "um" or an "it's" than an answer: more is coming. */
function fillersAwaited(completeness: Completeness, text: string, confidence: number): Completeness {
  const words = text === '' ? Number.POSITIVE_INFINITY : text.split(' ').length;
  const doubtfulWord = completeness === 'unknown' && words === 1 && confidence < doubtWordBelow;
  return doubtfulWord || (completeness === 'unclear' && words <= fillerWords) ? 'incomplete' : completeness;
}

/** Stretches of one turn, as one. As sure as the least sure of them. */
function joined(segments: readonly Transcript[]): Transcript {
  const said = segments.filter((segment) => segment.text);
  return {
    text: said.map((segment) => segment.text).join(' '),
    confidence: said.length === 0 ? 0 : Math.min(...said.map((segment) => segment.confidence)),
    alternatives: said.length === 1 ? (said[0]?.alternatives ?? []) : [],
  };
}
