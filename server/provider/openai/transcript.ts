import * as v from 'valibot';
import type { Transcript } from '../../agent/listen/recognizer.ts';
import { scoredTranscript } from '../../agent/listen/scored-transcript.ts';

/** The tokens' log probabilities, as some models give them. */
export const LogProbs = v.nullish(v.pipe(v.array(v.looseObject({ logprob: v.number() })), v.maxLength(10_000)));

export function toTranscript(text: string, logProbs: v.InferOutput<typeof LogProbs>): Transcript {
  return scoredTranscript(
    text,
    (logProbs ?? []).map(({ logprob }) => logprob),
  );
}
