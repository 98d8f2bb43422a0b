/** A weight for each feature that occurs, as `featuresOf` gives them. */
export type Counts = ReadonlyMap<string, number>;

/**
 * How rare each feature is: ln((1 + texts) / (1 + texts that have it)) + 1. What is in every text tells little.
 */
export function raritiesOf(texts: readonly Counts[]): Map<string, number> {
  const rarities = new Map<string, number>();
  for (const counts of texts)
    for (const feature of counts.keys()) rarities.set(feature, (rarities.get(feature) ?? 0) + 1);
  for (const [feature, count] of rarities) rarities.set(feature, hundredth(rarityOf(count, texts.length)));
  return rarities;
}

/** The rarity of a feature that no text has. */
export const unseenRarity = (texts: number): number => hundredth(rarityOf(0, texts));

const rarityOf = (count: number, texts: number) => Math.log((1 + texts) / (1 + count)) + 1;
/** As it is kept in the bundle. */
const hundredth = (value: number) => Math.round(value * 100) / 100;

/** Beside words, what the letters in them weigh. */
const lettersShare = 0.6;

/**
 * Counts × rarity, for what `rarity` knows: words scaled to length 1, letters ("~abc") to `lettersShare`. What it does
 * not know counts for the length only, so that unknown words make everything else say less.
 */
export function vectorOf(
  counts: Counts,
  rarity: (feature: string) => number | undefined,
  unseen: number,
): [feature: string, value: number][] {
  let words = 0;
  let letters = 0;
  const known: [string, number][] = [];
  for (const [feature, count] of counts) {
    const rare = rarity(feature);
    const value = count * (rare ?? unseen);
    if (isLetters(feature)) letters += value * value;
    else words += value * value;
    if (rare !== undefined) known.push([feature, value]);
  }
  const perWord = 1 / (Math.sqrt(words) || 1);
  const perLetter = lettersShare / (Math.sqrt(letters) || 1);
  for (const entry of known) entry[1] *= isLetters(entry[0]) ? perLetter : perWord;
  return known;
}

const isLetters = (feature: string) => feature.startsWith('~');
