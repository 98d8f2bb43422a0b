/** Words as they are compared: lower case, no punctuation. */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9' ]+/g, ' ')
    .split(' ')
    .filter((word) => word !== '');
}

/** Insertions, deletions and substitutions over the number of words that were really said (Levenshtein). */
export function wordErrorRate(said: readonly string[], heard: readonly string[]): number {
  if (said.length === 0) throw new Error('Cannot rate against no words.');
  let previous = Array.from({ length: heard.length + 1 }, (_, index) => index);
  for (const [row, word] of said.entries()) {
    const current = [row + 1];
    for (const [column, other] of heard.entries()) {
      const swap = (previous[column] ?? 0) + (word === other ? 0 : 1);
      current.push(Math.min(swap, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return (previous.at(-1) ?? 0) / said.length;
}
