import { digitRunsIn, digitsIn } from './digits.ts';

/** "It's five, not nine": put `right` where `wrong` was. */
export interface Correction {
  readonly right: readonly string[];
  readonly wrong: readonly string[];
}

const cues = new Set([
  'no',
  'actually',
  'sorry',
  'wait',
  'correction',
  'wrong',
  'not',
  'instead',
  'meant',
  'change',
  'rather',
]);
const noise = new Set([
  'no',
  "it's",
  'its',
  'it',
  'is',
  'should',
  'be',
  'the',
  'a',
  'an',
  'that',
  "that's",
  'sorry',
  'actually',
  'there',
  'number',
  'digit',
  'letter',
  'was',
  'i',
  'said',
  'uh',
  'um',
]);

export function soundsLikeCorrection(words: readonly string[]): boolean {
  return words.some((word) => cues.has(word));
}

const content = (words: readonly string[]) => words.filter((word) => !noise.has(word));

/** "X not Y", "not Y but X", "not Y, X", "X instead of Y". */
export function correctionIn(words: readonly string[]): Correction | null {
  const instead = words.indexOf('instead');
  if (instead > 0 && words[instead + 1] === 'of') {
    return pair(content(words.slice(0, instead)), content(words.slice(instead + 2)));
  }
  const not = words.lastIndexOf('not');
  if (not < 0) return null;
  const before = content(words.slice(0, not));
  const after = words.slice(not + 1);
  const but = after.indexOf('but');
  if (but > 0) return pair(content(after.slice(but + 1)), content(after.slice(0, but)));
  if (before.length > 0) return pair(before, content(after));
  const rest = content(after);
  return rest.length >= 2 && rest.length % 2 === 0
    ? pair(rest.slice(rest.length / 2), rest.slice(0, rest.length / 2))
    : null;
}

function pair(right: readonly string[], wrong: readonly string[]): Correction | null {
  return right.length > 0 && wrong.length > 0 ? { right, wrong } : null;
}

/** The number with the correction made, or null when it is not clear where. */
export function correctDigits(digits: string, words: readonly string[]): string | null {
  const correction = correctionIn(words);
  if (correction !== null) {
    const right = digitsIn(correction.right);
    const wrong = digitsIn(correction.wrong);
    if (right !== '' && wrong !== '') return replaceOnly(digits, wrong, right);
  }
  // "the last four are zero one two four": the first four only counts.
  const runs = digitRunsIn(words).filter(
    ({ start, end }) => !(end - start === 1 && (words[start - 1] === 'last' || words[start - 1] === 'first')),
  );
  const said = runs.length === 1 ? (runs[0]?.digits ?? '') : '';
  if (said.length === 0 || said.length >= digits.length) return null;
  if ((words.includes('area') || words.includes('first')) && said.length === 3) return said + digits.slice(3);
  const atEnd = words.some((word) => word === 'last' || word === 'ends' || word === 'end' || word === 'ending');
  if (atEnd || said.length === 4 || said.length === 7) return digits.slice(0, -said.length) + said;
  return null;
}

/** `text` with its only occurrence of `wrong` replaced; null when there is none, or more than one. */
export function replaceOnly(text: string, wrong: string, right: string): string | null {
  const first = text.indexOf(wrong);
  if (wrong === '' || first < 0 || text.indexOf(wrong, first + 1) >= 0) return null;
  return text.slice(0, first) + right + text.slice(first + wrong.length);
}
