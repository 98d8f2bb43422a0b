const cues: ReadonlySet<string> = new Set(['no', 'sorry', 'actually', 'correction', 'wait', 'scratch', 'oops']);
const filler: ReadonlySet<string> = new Set([
  ...cues,
  'that',
  'i',
  'mean',
  'meant',
  'it',
  'uh',
  'um',
  "that's",
  'wrong',
  'make',
]);

/** What was said, and what was said instead in the same breath: "… one two three no sorry one two four". */
export function selfRepairIn(
  words: readonly string[],
): { readonly said: readonly string[]; readonly repair: readonly string[] } | null {
  const cue = words.findIndex((word, index) => index > 1 && cues.has(word));
  if (cue < 0) return null;
  let start = cue;
  while (start < words.length && filler.has(words[start] ?? '')) start++;
  return start === words.length ? null : { said: words.slice(0, cue), repair: words.slice(start) };
}
