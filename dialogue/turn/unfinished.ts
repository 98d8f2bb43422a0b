/** Words after which more is coming. */
const trailing = new Set(
  "and or but um uh er erm so because the a an my your our to at in on of for with is are was am have had do does can could would will if that like about around maybe its i you we they not from i'm it's we're that's dot double triple hundred".split(
    ' ',
  ),
);
const trailingPairs = new Set([
  "i'd like",
  'i want',
  'i need',
  'name is',
  'like to',
  'looking for',
  'let me',
  'how much',
  'do you',
  'area code',
  'number is',
  'want to',
  'need to',
  'how about',
  'what about',
]);

/** Ends in the middle of a thought. */
export function soundsUnfinished(words: readonly string[]): boolean {
  return trailing.has(words.at(-1) ?? '') || trailingPairs.has(words.slice(-2).join(' '));
}
