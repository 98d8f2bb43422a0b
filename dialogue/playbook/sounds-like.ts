/** How callers say words that no pronouncing dictionary has, in words that it has: "zendesk" → "zen desk". */
export type SoundsLike = Readonly<Record<string, string>>;

/** A phrase as the recogniser hears it. */
export function asHeard(phrase: string, soundsLike: SoundsLike): string {
  return phrase
    .split(' ')
    .map((word) => (Object.hasOwn(soundsLike, word) ? (soundsLike[word] ?? word) : word))
    .join(' ');
}

/** Phrases as they are written and as they are heard, where that differs. */
export function bothWays(phrases: readonly string[], soundsLike: SoundsLike): string[] {
  return [...new Set(phrases.flatMap((phrase) => [phrase, asHeard(phrase, soundsLike)]))];
}
