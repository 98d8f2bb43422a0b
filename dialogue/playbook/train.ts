import { calibrate, probabilityOf, type Calibration } from '../learn/calibrate.ts';
import { fitTexts, scoreText, type LabelledText } from '../learn/text-model.ts';
import { exactKey } from '../understand/classify.ts';
import { classWords, featuresOf } from '../understand/features.ts';
import { leadOf } from '../understand/lead.ts';
import type { Classifier, Label } from './bundle.ts';

export interface Example {
  readonly label: Label;
  readonly text: string;
}

/** Smaller weights, in hundredths, are noise and most of the size. */
const smallest = 4;
const folds = 4;
/** Neighbours are variants of one template: they are held out together, or each would be known from the others. */
const blockSize = 10;

/** The best guess for an example that the model had not seen. */
export interface HeldOut {
  readonly label: Label;
  readonly guess: Label | undefined;
  readonly confidence: number;
}

/** Learns what the examples mean, and how sure to be. The same examples give the same classifier. */
export const train = (examples: readonly Example[]): Classifier => trainAndCheck(examples).classifier;

/** Also how the same learner does on each example when it has learnt from the others: for choosing a threshold. */
export function trainAndCheck(examples: readonly Example[]): { classifier: Classifier; heldOut: HeldOut[] } {
  const labels: Label[] = [];
  const labelIndex = new Map<string, number>();
  const exact: Record<string, number> = {};
  const texts = examples.map(({ label, text }): LabelledText => {
    const key = `${label.kind}/${label.question ?? ''}/${label.id}`;
    let target = labelIndex.get(key);
    if (target === undefined) {
      target = labels.length;
      labels.push(label);
      labelIndex.set(key, target);
    }
    const words = classWords(text);
    const whole = exactKey(text);
    // "#" alone could be anything. The first label that claims a sentence keeps it.
    if (whole !== '' && whole !== '#') exact[whole] ??= target;
    return { targets: [target], counts: featuresOf(words) };
  });
  const { linear, ids, rarities, unseen } = fitTexts(texts, labels.length);
  const weights: Record<string, number[]> = {};
  for (const [feature, id] of ids) {
    const row = [Math.round((rarities.get(feature) ?? unseen) * 100)];
    for (let label = 0; label < labels.length; label++) {
      const hundredths = Math.round(linear.weights[id * labels.length + label]! * 100);
      if (Math.abs(hundredths) >= smallest) row.push(label, hundredths);
    }
    weights[feature] = row;
  }
  const leads = heldOutLeads(texts, labels);
  const calibration = rounded(
    calibrate(leads.map(({ targets, best, lead }) => ({ score: lead, right: targets.includes(best) }))),
  );
  const classifier = {
    labels,
    bias: Array.from(linear.bias, (value) => Math.round(value * 1_000) / 1_000),
    weights,
    unseen,
    calibration,
    exact,
  };
  const heldOut = leads.map(({ targets, best, lead }) => ({
    label: labels[targets[0]!]!,
    guess: labels[best],
    confidence: probabilityOf(calibration, lead),
  }));
  return { classifier, heldOut };
}

/** Each text's best guess and its lead, by a model that has not seen the text. */
function heldOutLeads(texts: readonly LabelledText[], labels: readonly Label[]) {
  const foldOf = (at: number) => Math.floor(at / blockSize) % folds;
  return Array.from({ length: folds }, (_, fold) => {
    const model = fitTexts(
      texts.filter((_, at) => foldOf(at) !== fold),
      labels.length,
    );
    return texts
      .filter((_, at) => foldOf(at) === fold)
      .map(({ targets, counts }) => ({ targets, ...leadOf(scoreText(model, counts), labels) }));
  }).flat();
}

const rounded = ({ slope, offset }: Calibration): Calibration => ({
  slope: Math.round(slope * 1_000) / 1_000,
  offset: Math.round(offset * 1_000) / 1_000,
});
