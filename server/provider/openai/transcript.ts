import * as v from 'valibot';
import type { Transcript } from '../../agent/listen/recognizer.ts';

/** The contract's limit for one utterance. */
const maxLength = 4_000;
/** Where the engine does not say how sure it is. Low enough for what matters to be read back. */
const unstatedConfidence = 0.8;

/** The tokens' log probabilities, as some models give them. */
export const LogProbs = v.nullish(v.pipe(v.array(v.looseObject({ logprob: v.number() })), v.maxLength(10_000)));

export function toTranscript(text: string, logProbs: v.InferOutput<typeof LogProbs>): Transcript {
  const said = text.trim().slice(0, maxLength);
  return { text: said, confidence: said === '' ? 0 : confidenceOf(logProbs ?? []), alternatives: [] };
}

/** The geometric mean of the tokens' probabilities: long sentences are not less sure than short ones. */
function confidenceOf(logProbs: readonly { readonly logprob: number }[]): number {
  if (logProbs.length === 0) return unstatedConfidence;
  const mean = logProbs.reduce((sum, { logprob }) => sum + Math.min(logprob, 0), 0) / logProbs.length;
  return Math.exp(mean);
}
