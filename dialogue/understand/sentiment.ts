const positive = new Set(
  'great good thanks thank perfect wonderful awesome excellent love nice happy appreciate fantastic amazing lovely'.split(
    ' ',
  ),
);
const negative = new Set(
  'terrible awful angry ridiculous useless stupid annoying frustrated frustrating upset hate worst scam rude horrible disappointed complain complaint damn hell'.split(
    ' ',
  ),
);

/** A first, coarse reading, by words. "Not good" turns the word around. */
export function sentimentOf(words: readonly string[]): 'negative' | 'neutral' | 'positive' {
  let balance = 0;
  words.forEach((word, index) => {
    const sign = words[index - 1] === 'not' || words[index - 2] === 'not' ? -1 : 1;
    if (positive.has(word)) balance += sign;
    if (negative.has(word)) balance -= 2 * sign;
  });
  return balance > 0 ? 'positive' : balance < 0 ? 'negative' : 'neutral';
}
