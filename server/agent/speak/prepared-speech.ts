import { frameSamples, toFrames } from '../../audio/frame.ts';
import { ProviderFailure } from '../provider-failure.ts';
import { SilenceTrimmer } from './silence-trimmer.ts';
import type { Speech, SpokenWord } from './synthesizer.ts';
import { estimateWords } from './word-times.ts';

/** A sentence that can be sent: all of it, or its beginning with the rest on its way. */
export interface PreparedSpeech {
  /** 20 ms each; shared between calls, never changed. More are added while `state` is `growing`. */
  readonly frames: readonly Int16Array[];
  readonly words: readonly SpokenWord[];
  /** `broken`: the engine failed after these frames, and no more will come. */
  readonly state: 'growing' | 'whole' | 'broken';
  /** Resolves when it grows no more. */
  readonly settled: Promise<void>;
}

export function wholeSpeech({ samples, words }: Speech): PreparedSpeech {
  return { frames: toFrames(samples), words, state: 'whole', settled: Promise.resolve() };
}

/** Enough to begin with: a little late a piece may be after that. */
const startFrames = 10;
/** The first sound must come within this, the next piece within that; the caller's patience is shorter (speech-source.ts). */
const firstPieceMs = 5_000;
const nextPieceMs = 1_500;
/** Longer than any sentence; an engine that does not stop is stopped. */
const maxFrames = 60 * 50;

/**
 * A sentence from a stream of samples. Resolves as soon as enough of it is there to be begun; rejects when the stream
 * fails before, or ends without a sound.
 */
export async function streamedSpeech(
  text: string,
  open: (signal: AbortSignal) => AsyncIterable<Int16Array>,
): Promise<PreparedSpeech> {
  const speech = new GrowingSpeech(text);
  const begun = Promise.withResolvers<void>();
  speech.settled = grow(speech, open, begun.resolve).catch((cause: unknown) => {
    speech.state = 'broken';
    begun.reject(cause);
  });
  await begun.promise;
  return speech;
}

class GrowingSpeech implements PreparedSpeech {
  readonly frames: Int16Array[] = [];
  state: PreparedSpeech['state'] = 'growing';
  settled: Promise<void> = Promise.resolve();
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get words(): readonly SpokenWord[] {
    return estimateWords(this.#text, this.state === 'whole' ? this.frames.length * frameSamples : undefined);
  }
}

async function grow(
  speech: GrowingSpeech,
  open: (signal: AbortSignal) => AsyncIterable<Int16Array>,
  begun: () => void,
): Promise<void> {
  const controller = new AbortController();
  const pieces = open(controller.signal)[Symbol.asyncIterator]();
  const trimmer = new SilenceTrimmer();
  let rest = new Int16Array(0);
  const add = (samples: Int16Array): void => {
    const joined = new Int16Array(rest.length + samples.length);
    joined.set(rest);
    joined.set(samples, rest.length);
    const wholeFrames = joined.length - (joined.length % frameSamples);
    speech.frames.push(...toFrames(joined.subarray(0, wholeFrames)));
    rest = joined.slice(wholeFrames);
    if (speech.frames.length >= startFrames) begun();
  };
  try {
    for (let limitMs = firstPieceMs; ; limitMs = nextPieceMs) {
      const { done, value } = await orLate(pieces.next(), limitMs);
      if (done === true) break;
      add(trimmer.push(value));
      if (speech.frames.length > maxFrames) throw new ProviderFailure('Speech synthesis did not come to an end');
    }
  } catch (error) {
    controller.abort(error);
    // Its own end, if it comes, is of no interest.
    void Promise.resolve(pieces.return?.()).catch(() => undefined);
    throw error;
  }
  add(trimmer.flush());
  if (rest.length > 0) speech.frames.push(...toFrames(rest));
  if (speech.frames.length === 0) throw new ProviderFailure('Speech synthesis gave no sound');
  speech.state = 'whole';
  begun();
}

async function orLate<T>(next: Promise<T>, limitMs: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new ProviderFailure(`Speech synthesis gave no sound for ${limitMs} ms`));
  }, limitMs);
  try {
    return await Promise.race([next, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
