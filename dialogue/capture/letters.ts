const nato: ReadonlyMap<string, string> = new Map([
  ['alpha', 'a'],
  ['alfa', 'a'],
  ['bravo', 'b'],
  ['charlie', 'c'],
  ['delta', 'd'],
  ['echo', 'e'],
  ['foxtrot', 'f'],
  ['golf', 'g'],
  ['hotel', 'h'],
  ['india', 'i'],
  ['juliet', 'j'],
  ['kilo', 'k'],
  ['lima', 'l'],
  ['mike', 'm'],
  ['november', 'n'],
  ['oscar', 'o'],
  ['papa', 'p'],
  ['quebec', 'q'],
  ['romeo', 'r'],
  ['sierra', 's'],
  ['tango', 't'],
  ['uniform', 'u'],
  ['victor', 'v'],
  ['whiskey', 'w'],
  ['yankee', 'y'],
  ['zulu', 'z'],
]);

/**
 * Joins spelled letters and leaves other words alone: j a n e → jane; "b as in boy" → b;
 * "double l" → ll; "bravo oscar" → bo, when at least two such words stand together
 * and `natoTogether` were said: Mike and Oscar are names as well.
 */
export function joinLetters(words: readonly string[], natoTogether = 2): string[] {
  const enough = words.filter((word) => nato.has(word)).length >= natoTogether;
  const out: string[] = [];
  let spelled = '';
  let index = 0;
  const close = () => {
    if (spelled !== '') out.push(spelled);
    spelled = '';
  };
  while (index < words.length) {
    const word = words[index] ?? '';
    const next = words[index + 1];
    const isLetter = /^[a-z]$/.test(word);
    if (isLetter && (next === 'as' || next === 'for' || next === 'like')) {
      const skip = next === 'as' && (words[index + 2] === 'in' || words[index + 2] === 'for') ? 4 : 3;
      if (words[index + skip - 1]?.startsWith(word) === true) {
        spelled += word;
        index += skip;
        continue;
      }
    }
    if (word === 'x' && next === 'ray') {
      spelled += word;
      index++;
    } else if (isLetter) spelled += word;
    else if (word === 'double' && next !== undefined && /^[a-z]$/.test(next)) {
      spelled += next + next;
      index++;
    } else if (enough && nato.has(word) && (spelled !== '' || nato.has(next ?? ''))) spelled += nato.get(word);
    else {
      close();
      out.push(word);
    }
    index++;
  }
  close();
  return out;
}

/** Every word of NATO's alphabet. */
export const natoWords: readonly string[] = [...nato.keys()];
