/**
 * A 1-3-gram language model in ARPA format (as in the SRILM manual's ngram-format(5)), made from a playbook's
 * phrases. Absolute discounting: `p = (c - 0.5) / c(history)`; the mass held back goes to the shorter history.
 */
const discount = 0.5;
const order = 3;

/** What the recogniser may hear between phrases it was not taught: every word stays possible after every other. */
interface Counts {
  /** Gram (words joined by a space) → how often it occurs. */
  readonly grams: Map<string, number>;
  /** History → how often, and with how many different next words. */
  readonly histories: Map<string, { total: number; types: number; next: string[] }>;
}

function countGrams(sentences: readonly (readonly string[])[], length: number): Counts {
  const grams = new Map<string, number>();
  for (const words of sentences) {
    for (let end = length; end <= words.length; end++) {
      const gram = words.slice(end - length, end).join(' ');
      grams.set(gram, (grams.get(gram) ?? 0) + 1);
    }
  }
  const histories: Counts['histories'] = new Map();
  for (const [gram, count] of grams) {
    const cut = gram.lastIndexOf(' ');
    const history = cut < 0 ? '' : gram.slice(0, cut);
    const seen = histories.get(history) ?? { total: 0, types: 0, next: [] };
    seen.total += count;
    seen.types += 1;
    seen.next.push(gram.slice(cut + 1));
    histories.set(history, seen);
  }
  return { grams, histories };
}

const shorter = (gram: string): string => gram.slice(gram.indexOf(' ') + 1);
const log10 = (probability: number): string => Math.max(Math.log10(probability), -99).toFixed(5);

/**
 * @param phrases lower-case words separated by single spaces; only words the dictionary holds.
 * @returns the ARPA file's text. Throws when there is no phrase.
 */
export function buildLanguageModel(phrases: readonly string[]): string {
  const sentences = phrases.filter(Boolean).map((phrase) => ['<s>', ...phrase.split(' '), '</s>']);
  if (sentences.length === 0) throw new Error('Cannot build a language model from no phrases');
  const counts = Array.from({ length: order }, (_, index) => countGrams(sentences, index + 1));
  const probabilities: Map<string, number>[] = [];

  for (const [index, { grams, histories }] of counts.entries()) {
    const level = new Map<string, number>();
    for (const [gram, count] of grams) {
      const cut = gram.lastIndexOf(' ');
      const { total } = histories.get(cut < 0 ? '' : gram.slice(0, cut)) ?? { total: 1 };
      // Nothing is held back from single words: the vocabulary is closed.
      level.set(gram, index === 0 ? count / total : (count - discount) / total);
    }
    probabilities.push(level);
  }

  const backOff = (history: string, index: number): number => {
    const longer = counts[index + 1]?.histories.get(history);
    if (!longer) return 1;
    const lower = probabilities[index];
    let seenBelow = 0;
    for (const next of longer.next) {
      const gram = index === 0 ? next : `${shorter(history)} ${next}`;
      seenBelow += lower?.get(gram) ?? 0;
    }
    const held = (discount * longer.types) / longer.total;
    return held / Math.max(1 - seenBelow, 1e-6);
  };

  const lines = ['\\data\\', ...probabilities.map((level, index) => `ngram ${index + 1}=${level.size}`)];
  for (const [index, level] of probabilities.entries()) {
    lines.push('', `\\${index + 1}-grams:`);
    for (const [gram, probability] of level) {
      const last = index === order - 1;
      lines.push(`${log10(probability)} ${gram}${last ? '' : ` ${log10(backOff(gram, index))}`}`);
    }
  }
  return `${lines.join('\n')}\n\n\\end\\\n`;
}
