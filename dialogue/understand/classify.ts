import type { Bundle, Label } from '../playbook/bundle.ts';
import { classWords, featuresOf } from './features.ts';
import { lookupOf } from './lookup.ts';
import { fillers } from './words.ts';

export interface Guess {
  readonly label: Label;
  readonly confidence: number;
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
export function classify(bundle: Bundle, text: string): Guess[] {
  const { classifier } = bundle;
  const words = classWords(text);
  if (words.length === 0) return [];
  const exact = classifier.exact[keyOf(words)];
  const label = exact === undefined ? undefined : classifier.labels[exact];
  if (label !== undefined) return label.kind === 'none' ? [] : [{ label, confidence: 0.99 }];
  const { weights, known } = lookupOf(bundle);
  const scores = classifier.bias.slice();
  for (const [feature, value] of featuresOf(words)) {
    const row = weights.get(feature);
    if (row === undefined) continue;
    for (let index = 0; index + 1 < row.length; index += 2) {
      const at = row[index] ?? 0;
      scores[at] = (scores[at] ?? 0) + ((row[index + 1] ?? 0) / 100) * value;
    }
  }
  const top = Math.max(...scores);
  const exps = scores.map((score) => Math.exp(score - top));
  const total = exps.reduce((sum, value) => sum + value, 0);
  // Words that no example has make every guess less sure.
  const seen = words.filter((word) => known.has(word)).length / words.length;
  const trust = 0.35 + 0.65 * seen;
  return classifier.labels
    .map((label, index) => ({ label, confidence: round(((exps[index] ?? 0) / total) * trust) }))
    .filter((guess) => guess.label.kind !== 'none' && guess.confidence >= 0.1)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, 5);
}

const round = (value: number) => Math.round(value * 1_000) / 1_000;
