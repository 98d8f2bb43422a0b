const token = /[\p{L}]+(?:'[\p{L}]+)*|\d{1,2}:\d{2}|\d+(?:st|nd|rd|th)\b|\d+(?:\.\d+)?|[@$+]/gu;

/** What hurried typists leave out. */
const apostrophes: ReadonlyMap<string, string> = new Map([
  ['dont', "don't"],
  ['cant', "can't"],
  ['wont', "won't"],
  ['didnt', "didn't"],
  ['isnt', "isn't"],
  ['doesnt', "doesn't"],
  ['thats', "that's"],
  ['whats', "what's"],
  ['im', "i'm"],
  ['ive', "i've"],
]);

/**
 * Spoken or typed text as lower-case words: "It's $12,000, on the 24th" → it's $ 12000 on the 24th.
 * Recognised speech comes as words already and stays as it is.
 */
export function wordsOf(text: string): string[] {
  const words =
    text
      .toLowerCase()
      .replaceAll(/[\u2018\u2019\u02BC]/g, "'")
      .replaceAll(/(\d),(?=\d{3}\b)/g, '$1')
      .replaceAll(/\b([ap])\.\s?m\b\.?/g, '$1m')
      .match(token) ?? [];
  return words.map((word) => apostrophes.get(word) ?? word);
}

/** Sounds that carry nothing. */
export const fillers: ReadonlySet<string> = new Set([
  'um',
  'uh',
  'er',
  'erm',
  'hmm',
  'hm',
  'mm',
  'ah',
  'oh',
  'well',
  'so',
  'like',
  'please',
  'just',
  'okay',
  'ok',
  'and',
  'then',
]);

/** True when `phrase` stands in `words` as consecutive whole words; the index, or -1. */
export function indexOfPhrase(words: readonly string[], phrase: readonly string[], from = 0): number {
  outer: for (let start = from; start + phrase.length <= words.length; start++) {
    for (let i = 0; i < phrase.length; i++) {
      if (words[start + i] !== phrase[i]) continue outer;
    }
    return phrase.length === 0 ? -1 : start;
  }
  return -1;
}

export function hasPhrase(words: readonly string[], phrases: readonly string[]): boolean {
  const text = ` ${words.join(' ')} `;
  return phrases.some((phrase) => text.includes(` ${phrase} `));
}
