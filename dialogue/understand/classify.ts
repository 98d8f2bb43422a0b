import { probabilityOf } from '../learn/calibrate.ts';
import { vectorOf } from '../learn/vectors.ts';
import type { Classifier, Label } from '../playbook/bundle.ts';
import { classWords, featuresOf } from './features.ts';
import { noneScore } from './lead.ts';
import { fillers } from './words.ts';

export interface Guess {
  readonly label: Label;
  readonly confidence: number;
  /** The best guess for one of the thoughts in the utterance. */
  readonly leads: boolean;
}

/** The text of an utterance by which examples are found again: no numbers, no fillers around it. */
export function exactKey(text: string): string {
  return keyOf(classWords(text));
}

function keyOf(words: readonly string[]): string {
  let start = 0;
  let end = words.length;
  while (start < end - 1 && fillers.has(words[start] ?? '')) start++;
  while (end > start + 1 && fillers.has(words[end - 1] ?? '')) end--;
  return words.slice(start, end).join(' ');
}

/** What an utterance means, best first, down to 0.1. Empty: none of the playbook's labels. */
export function classify(classifier: Classifier, text: string): Guess[] {
  const words = classWords(text);
  if (words.length === 0) return [];
  const exact = classifier.exact[keyOf(words)];
  const label = exact === undefined ? undefined : classifier.labels[exact];
  if (label !== undefined) return label.kind === 'none' ? [] : [{ label, confidence: 0.99, leads: true }];
  const weights = weightsOf(classifier);
  const scores = classifier.bias.slice();
  const rarity = (feature: string) => {
    const hundredths = weights.get(feature)?.[0];
    return hundredths === undefined ? undefined : hundredths / 100;
  };
  for (const [feature, value] of vectorOf(featuresOf(words), rarity, classifier.unseen)) {
    const row = weights.get(feature) ?? [];
    for (let index = 1; index + 1 < row.length; index += 2) {
      const at = row[index] ?? 0;
      scores[at] = (scores[at] ?? 0) + ((row[index + 1] ?? 0) / 100) * value;
    }
  }
  const none = noneScore(scores, classifier.labels);
  return classifier.labels
    .map((label, index) => ({
      label,
      confidence: round(probabilityOf(classifier.calibration, (scores[index] ?? 0) - none)),
      leads: false,
    }))
    .filter((guess) => guess.label.kind !== 'none' && guess.confidence >= 0.1)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, 5)
    .map((guess, rank) => (rank === 0 ? { ...guess, leads: true } : guess));
}

const round = (value: number) => Math.round(value * 1_000) / 1_000;

const tables = new WeakMap<Classifier, ReadonlyMap<string, readonly number[]>>();

/** A Map finds a feature faster than a large plain object does. */
function weightsOf(classifier: Classifier): ReadonlyMap<string, readonly number[]> {
  let table = tables.get(classifier);
  if (table === undefined) tables.set(classifier, (table = new Map(Object.entries(classifier.weights))));
  return table;
}
