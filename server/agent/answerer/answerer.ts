import type { AnsweredBy } from '../../../contract/outbound.ts';
import { evidenceIn, type Evidence } from './greeting-words.ts';

/** Who answers is clear after so much of their voice, or is taken for a person. */
const decideWithinMs = 2_200;
/** Where the first words are a machine's or a business's, it may take longer. */
const decideMaybeWithinMs = 5_000;
/** A greeting that ends: people stop and listen. */
const greetingPauseMs = 480;
/** After "you've reached …" a machine goes on; a person waits. */
const maybePauseMs = 1_200;
/** Nobody says a word: some people wait for whoever calls. */
const silentMs = 3_500;
/** A machine may be recognised so late after we took it for a person. */
const reconsiderMs = 25_000;
/** Who was taken for a person and is silent for so long listens to us, as no greeting does: only a beep tells otherwise. */
const listensMs = 1_800;
/** Who was taken for a person and talks on is talked over after so long. */
const hearOutMs = 6_000;
/** A tone so long is a beep. */
const beepMs = 180;
/** After the beep, and after a greeting that ends without one. */
const afterBeepMs = 160;
const greetingOverMs = 2_500;

/** 32 ms of what the other side sends. */
export interface HeardWindow {
  /** When it ended. Any clock. */
  readonly atMs: number;
  /** Voice activity. */
  readonly speech: boolean;
  /** One pure, steady tone. */
  readonly tone: boolean;
}

export interface Verdict {
  readonly who: AnsweredBy;
  /** What told it. */
  readonly why: string;
  /** From the first sound of a voice; from the answer where there was none. */
  readonly afterMs: number;
}

/**
 * Who has picked up a call of ours: a person, an answering machine, or an assistant that screens calls. A state machine
 * over voice activity, tones and words, without a clock of its own. What stays unclear is a person.
 */
export class Answerer {
  /** Of the answer. */
  readonly #startMs: number;
  /** We have said who we are to an assistant: what it says now puts us through, or not. */
  readonly #screened: boolean;
  #verdict: Verdict | undefined;
  #verdictMs = 0;
  #firstMs: number | undefined;
  #lastVoiceMs: number | undefined;
  #lastToneMs: number | undefined;
  #toneMs = 0;
  #lastWindowMs: number;
  #evidence: Evidence = 'none';
  #beeped = false;
  #listened = false;

  constructor(startMs: number, { screened = false } = {}) {
    this.#startMs = startMs;
    this.#lastWindowMs = startMs;
    this.#screened = screened;
  }

  get verdict(): Verdict | undefined {
    return this.#verdict;
  }

  /** The machine listens: after its beep, or after a greeting that ended without one. */
  get listensToMessage(): boolean {
    if (this.#verdict?.who !== 'machine') return false;
    const nowMs = this.#lastWindowMs;
    if (this.#beeped) return nowMs - (this.#lastToneMs ?? nowMs) >= afterBeepMs;
    return nowMs - (this.#lastVoiceMs ?? this.#startMs) >= greetingOverMs;
  }

  /**
   * The person has stopped to listen. Nobody is talked over while they pick up, and a machine that was taken for a person
   * has mostly given itself away by then.
   */
  get listensToUs(): boolean {
    if (this.#verdict?.who !== 'person') return false;
    return this.#hasPaused(this.#lastWindowMs) || this.#lastWindowMs - this.#verdictMs >= hearOutMs;
  }

  /** The assistant has asked, and waits for an answer. */
  get listensToName(): boolean {
    const silentSinceMs = this.#lastVoiceMs ?? this.#startMs;
    return this.#verdict?.who === 'screening' && this.#lastWindowMs - silentSinceMs >= greetingPauseMs;
  }

  /** @returns a verdict, where this window brings one or puts one right. */
  hear({ atMs, speech, tone }: HeardWindow): Verdict | undefined {
    const lengthMs = atMs - this.#lastWindowMs;
    this.#lastWindowMs = atMs;
    if (tone) {
      this.#toneMs += lengthMs;
      this.#lastToneMs = atMs;
    } else this.#toneMs = 0;
    // A detector of voices takes some beeps for one.
    if (speech && !tone) {
      this.#firstMs ??= atMs - lengthMs;
      this.#lastVoiceMs = atMs;
      // Somebody speaks after the beep: it was none, or the machine is not done.
      if (this.#beeped && atMs - (this.#lastToneMs ?? atMs) > 600) this.#beeped = false;
    }
    if (this.#toneMs >= beepMs) {
      this.#beeped = true;
      return this.#decide('machine', 'a beep', atMs);
    }
    if (this.#verdict === undefined) return this.#byTime(atMs);
    if (this.#verdict.who === 'person' && atMs - (this.#lastVoiceMs ?? atMs) >= listensMs) this.#listened = true;
    return undefined;
  }

  /**
   * @param text the words of one stretch of speech so far: lower case, single spaces.
   * @returns a verdict, where they bring one or put one right.
   */
  words(text: string, atMs: number): Verdict | undefined {
    // A recogniser that expects machines hears them in what people say.
    if (this.#listened) return undefined;
    const evidence = evidenceIn(text);
    switch (evidence) {
      case 'machine':
        return this.#decide('machine', text, atMs);
      case 'screening':
        return this.#screened ? undefined : this.#decide('screening', text, atMs);
      case 'maybe-machine':
      case 'on-hold':
        this.#evidence = evidence;
        return undefined;
      case 'none':
        // "Just a moment" is over; who speaks now may be the person.
        if (this.#evidence === 'on-hold' && text.split(' ').length <= 2) this.#evidence = 'none';
        return undefined;
      default:
        return evidence satisfies never;
    }
  }

  #byTime(atMs: number): Verdict | undefined {
    if (this.#firstMs === undefined) {
      const waited = !this.#screened && atMs - this.#startMs >= silentMs;
      return waited ? this.#decide('person', 'silence', atMs) : undefined;
    }
    // Put through: the one who says something now is who we want.
    if (this.#screened && this.#evidence === 'on-hold') return undefined;
    if (this.#hasPaused(atMs)) return this.#decide('person', 'a greeting that ended', atMs);
    const limitMs = this.#evidence === 'maybe-machine' ? decideMaybeWithinMs : decideWithinMs;
    return atMs - this.#firstMs >= limitMs ? this.#decide('person', 'no sign of a machine', atMs) : undefined;
  }

  #hasPaused(atMs: number): boolean {
    return (
      atMs - (this.#lastVoiceMs ?? this.#startMs) >=
      (this.#evidence === 'maybe-machine' ? maybePauseMs : greetingPauseMs)
    );
  }

  #decide(who: AnsweredBy, why: string, atMs: number): Verdict | undefined {
    const before = this.#verdict;
    if (before?.who === who || before?.who === 'machine') return undefined;
    // A person stays one, unless a machine gives itself away soon.
    if (before !== undefined && (who === 'person' || atMs - this.#startMs > reconsiderMs)) return undefined;
    this.#verdictMs = atMs;
    this.#verdict = { who, why: why.slice(0, 200), afterMs: atMs - (this.#firstMs ?? this.#startMs) };
    return this.#verdict;
  }
}
