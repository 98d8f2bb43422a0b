import { saysWhatItIsAbout } from '../phrase/guard/approved-pieces.ts';
import type { Bundle, Fact } from '../playbook/bundle.ts';
import type { Guess } from '../understand/classify.ts';
import { wordsOf } from '../understand/words.ts';

/** So many facts go into a prompt: enough for any question, few enough to be read quickly. */
const maxFacts = 10;

const index = new WeakMap<
  Bundle,
  { readonly words: ReadonlyMap<string, ReadonlySet<string>>; readonly rarity: ReadonlyMap<string, number> }
>();

/**
 * The facts that may help with what was said, best first: what the classifier thinks of, however unsure, then those
 * that share rare words with it, then what those are linked to in the graph.
 */
export function relevantFacts(bundle: Bundle, words: readonly string[], guesses: readonly Guess[]): Fact[] {
  const { words: byFact, rarity } = indexOf(bundle);
  const scores = new Map<string, number>();
  const add = (id: string, score: number) => scores.set(id, (scores.get(id) ?? 0) + score);
  for (const { label, confidence } of guesses) if (label.kind === 'fact') add(label.id, 10 * confidence);
  for (const [id, known] of byFact)
    for (const word of new Set(words)) if (known.has(word)) add(id, rarity.get(word) ?? 0);
  for (const { from, to } of bundle.graph.edges) {
    const [source, target] = [from, to].map((key) => (key.startsWith('fact:') ? key.slice(5) : ''));
    const score = scores.get(source ?? '') ?? 0;
    if (target !== undefined && byFact.has(target) && score >= 2) add(target, 0.1);
  }
  return bundle.facts
    .filter((fact) => saysWhatItIsAbout(fact.lines))
    .map((fact, at) => ({ fact, at, score: scores.get(fact.id) ?? 0 }))
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, maxFacts)
    .map(({ fact }) => fact);
}

/** The words of each fact's lines and examples, and how rare each word is among the facts. */
function indexOf(bundle: Bundle) {
  const known = index.get(bundle);
  if (known !== undefined) return known;
  const words = new Map<string, Set<string>>();
  for (const fact of bundle.facts) words.set(fact.id, new Set(fact.lines.flatMap((line) => wordsOf(line.text))));
  for (const [example, at] of Object.entries(bundle.classifier.exact)) {
    const label = bundle.classifier.labels[at];
    if (label?.kind === 'fact') for (const word of example.split(' ')) words.get(label.id)?.add(word);
  }
  const counts = new Map<string, number>();
  for (const each of words.values()) for (const word of each) counts.set(word, (counts.get(word) ?? 0) + 1);
  const rarity = new Map([...counts].map(([word, count]) => [word, Math.log((1 + words.size) / count)]));
  const made = { words, rarity };
  index.set(bundle, made);
  return made;
}
