import * as v from 'valibot';
import { trainAndCheck, type Example, type HeldOut } from '../../dialogue/playbook/train.ts';
import { classify } from '../../dialogue/understand/classify.ts';
import { expectedCalibrationError } from './calibration.ts';
import { share } from './score.ts';

const Split = v.array(v.tuple([v.string(), v.string()]));
export const Clinc150 = v.object({ train: Split, val: Split, oos_train: Split, oos_val: Split });
type Clinc150 = v.InferOutput<typeof Clinc150>;

export interface Clinc150Report {
  readonly inScopeAccuracy: number;
  readonly outOfScopeRecall: number;
  /** Where nothing is rejected. */
  readonly inScopeAccuracyWithoutRejection: number;
  /** A best guess with less confidence is "none of these". Chosen on held-out parts of the training data. */
  readonly threshold: number;
  /** Of the best guesses' confidences on `val`, nothing rejected; 0 to 1. */
  readonly expectedCalibrationError: number;
}

/** Trained on `train` and `oos_train`, measured on `val` and `oos_val`. */
export function evaluateClinc150(data: Clinc150): { report: Clinc150Report; microseconds: number } {
  const { classifier, heldOut } = trainAndCheck([...data.train, ...data.oos_train].map(exampleOf));
  const threshold = operatingPoint(heldOut);
  const startedMs = performance.now();
  const inScope = data.val.map(([text, intent]) => ({ intent, guess: classify(classifier, text)[0] }));
  const outOfScope = data.oos_val.map(([text]) => classify(classifier, text)[0]);
  const microseconds = ((performance.now() - startedMs) * 1_000) / (inScope.length + outOfScope.length);
  const right = inScope.filter(({ intent, guess }) => guess?.label.id === intent);
  return {
    report: {
      inScopeAccuracy: share(right.filter(({ guess }) => (guess?.confidence ?? 0) >= threshold).length, inScope.length),
      outOfScopeRecall: share(
        outOfScope.filter((guess) => (guess?.confidence ?? 0) < threshold).length,
        outOfScope.length,
      ),
      inScopeAccuracyWithoutRejection: share(right.length, inScope.length),
      threshold,
      expectedCalibrationError: expectedCalibrationError(
        inScope.map(({ intent, guess }) => ({
          confidence: guess?.confidence ?? 0,
          right: guess?.label.id === intent,
        })),
      ),
    },
    microseconds: Math.round(microseconds),
  };
}

const exampleOf = ([text, intent]: [string, string]): Example => ({
  label: intent === 'oos' ? { kind: 'none', id: 'none' } : { kind: 'intent', id: intent },
  text,
});

/** Points of in-scope accuracy that rejecting what is out of scope may cost. */
const rejectionCost = 0.5;

/** The highest confidence to ask for, so that of right in-scope guesses at most `rejectionCost` points are lost. */
function operatingPoint(heldOut: readonly HeldOut[]): number {
  const inScope = heldOut.filter(({ label }) => label.kind !== 'none');
  const right = inScope.filter(({ label, guess }) => label.id === guess?.id).map(({ confidence }) => confidence);
  right.sort((a, b) => a - b);
  return Math.floor((right[Math.floor((inScope.length * rejectionCost) / 100)] ?? 0) * 1_000) / 1_000;
}
