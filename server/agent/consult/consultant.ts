import type { Consultation, ConsultedMeaning, ConsultedSentence } from '../../../contract/consultation.ts';

/** What a language model answers, as it comes. Nothing of it has been checked but its shape. */
export type ConsultantAnswer =
  /** At most once, and first. */
  | { readonly type: 'meaning'; readonly meaning: ConsultedMeaning }
  | { readonly type: 'sentence'; readonly sentence: ConsultedSentence }
  /** Last, where the vendor tells. */
  | { readonly type: 'usage'; readonly inputTokens: number; readonly outputTokens: number };

/** A language model that can be asked during a call. */
export interface Consultant {
  /** Who is paid, as `openai`. */
  readonly engine: string;
  readonly model: string;
  /** Names the prompt's fixed text: the first 16 hex digits of its SHA-256. */
  readonly prompt: string;
  /** Ends when all is said. Throws a `ProviderFailure` when it could not be asked or answered nonsense. */
  consult(consultation: Consultation, signal: AbortSignal): AsyncIterable<ConsultantAnswer>;
}
