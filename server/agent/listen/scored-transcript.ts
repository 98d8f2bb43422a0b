import type { Transcript } from './recognizer.ts';

/** The contract's limit for one utterance. */
const maxLength = 4_000;
/** Where the engine does not say how sure it is. Low enough for what matters to be read back. */
const unstatedConfidence = 0.8;

/** @param logProbs the tokens' natural log probabilities; none: the engine does not tell. */
export function scoredTranscript(text: string, logProbs: readonly number[]): Transcript {
  const said = text.trim().slice(0, maxLength);
  return { text: said, confidence: said === '' ? 0 : confidenceOf(logProbs), alternatives: [] };
}

/** The geometric mean of the tokens' probabilities: long sentences are not less sure than short ones. */
function confidenceOf(logProbs: readonly number[]): number {
  if (logProbs.length === 0) return unstatedConfidence;
  const mean = logProbs.reduce((sum, logProb) => sum + Math.min(logProb, 0), 0) / logProbs.length;
  return Math.exp(mean);
}
