import type { EngineWatch } from '../engine-watch.ts';

/** What was recognised of one stretch of speech. Empty text: nothing that the vocabulary holds. */
export interface Transcript {
  readonly text: string;
  /** 0 to 1. Rough for small engines: read back what matters. */
  readonly confidence: number;
  readonly alternatives: readonly { readonly text: string; readonly confidence: number }[];
}

/** What the open question lets a caller say, where it is little. */
export type ExpectedReply =
  | { readonly kind: 'open' }
  /** So many digits in a row that begin with none of `except`: what no number has there, or what was denied. */
  | { readonly kind: 'digits'; readonly count: number; readonly except: readonly string[] }
  /** Yes, no, or so many digits put right. */
  | { readonly kind: 'confirm-digits'; readonly count: number };

/** Speech to words, for one call. Calls to it are carried out in order. */
export interface Recognizer {
  /** Int16 mono at 16,000 Hz. Starts a segment when none is open. */
  feed(samples: Int16Array): void;
  /** From the next segment on. An engine that can't listen for anything special listens as always. */
  expect?(reply: ExpectedReply): void;
  /**
   * What is fed is a telephone's narrow band made wider, from the next segment on and for good. An engine that was not
   * taught the difference listens as always.
   */
  byTelephone?(): void;
  /** The best guess at what has been fed of the open segment. */
  partial(): Promise<string>;
  /** Closes the segment. Rejects when the engine fails, or the signal says that its answer would come too late. */
  finish(signal?: AbortSignal): Promise<Transcript>;
  /** Closes the segment unheard: it was no speech. */
  discard(): Promise<void>;
  close(): Promise<void>;
}

/** An engine with its models loaded, for one playbook. */
export interface RecognizerFactory {
  create(watch: EngineWatch): Promise<Recognizer>;
}
