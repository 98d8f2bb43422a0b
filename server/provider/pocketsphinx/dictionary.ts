/** Pronunciations for the words of one playbook, and the words that have none. */
export interface Dictionary {
  /** CMU dictionary format: `word PH ON EM`, alternatives as `word(2) …`. */
  readonly text: string;
  readonly words: ReadonlySet<string>;
  readonly missing: readonly string[];
}

/** The subset of a full dictionary (CMU format) that a playbook's phrases need. */
export function selectPronunciations(fullDictionary: string, phrases: readonly string[]): Dictionary {
  const wanted = new Set(phrases.flatMap((phrase) => phrase.split(' ')).filter(Boolean));
  const words = new Set<string>();
  const lines: string[] = [];
  for (const line of fullDictionary.split('\n')) {
    const entry = line.slice(0, line.search(/\s/));
    const word = entry.replace(/\(\d+\)$/, '');
    if (!wanted.has(word)) continue;
    words.add(word);
    lines.push(line);
  }
  return { text: `${lines.join('\n')}\n`, words, missing: [...wanted].filter((word) => !words.has(word)).sort() };
}
