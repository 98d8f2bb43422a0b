/** A guess, and whether it was right. `confidence` is 0 to 1. */
export interface Judged {
  readonly confidence: number;
  readonly right: boolean;
}

const binCount = 10;

/**
 * How far confidences are from how often they are right, 0 to 1: over ten bins of equal width, the distance between
 * mean confidence and share of right guesses, weighted by the guesses in the bin (Guo et al. 2017, section 2).
 */
export function expectedCalibrationError(guesses: readonly Judged[]): number {
  const bins = Array.from({ length: binCount }, () => ({ confidence: 0, right: 0 }));
  for (const { confidence, right } of guesses) {
    const bin = bins[Math.min(binCount - 1, Math.floor(confidence * binCount))];
    if (bin === undefined) throw new RangeError(`A confidence is between 0 and 1: this one is ${confidence}.`);
    bin.confidence += confidence;
    bin.right += right ? 1 : 0;
  }
  const distance = bins.reduce((sum, { confidence, right }) => sum + Math.abs(confidence - right), 0);
  return guesses.length === 0 ? 0 : Math.round((distance / guesses.length) * 10_000) / 10_000;
}
