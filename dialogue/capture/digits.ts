import { smallNumbers, spokenDigits, tens, valuesOf } from './number-names.ts';

const digitWords: ReadonlyMap<string, string> = new Map([
  ...spokenDigits.map((name, index): [string, string] => [name, String(index % 10)]),
  ['o', '0'],
  ['nought', '0'],
  ['niner', '9'],
]);
const teenValues = valuesOf(smallNumbers, 10);
const tenDigits = valuesOf(tens, 2);
/** Words that sound like a digit; taken for one only between two digits. */
const homophones: ReadonlyMap<string, string> = new Map([
  ['to', '2'],
  ['too', '2'],
  ['for', '4'],
  ['ate', '8'],
  ['won', '1'],
  ['tree', '3'],
  ['fife', '5'],
]);
const repeats: ReadonlyMap<string, number> = new Map([
  ['double', 2],
  ['triple', 3],
  ['treble', 3],
]);
/** "three zeros", "two fives": the count is small, and the digit is in the plural. */
const plurals: ReadonlyMap<string, string> = new Map(
  ['zeros', 'ones', 'twos', 'threes', 'fours', 'fives', 'sixes', 'sevens', 'eights', 'nines'].flatMap((name, digit) => [
    [name, String(digit)] as const,
    ...(digit === 0
      ? ([
          ['zeroes', '0'],
          ['ohs', '0'],
        ] as const)
      : []),
  ]),
);
const counts: ReadonlyMap<string, number> = new Map([
  ['two', 2],
  ['three', 3],
  ['four', 4],
]);
/** Words that may stand inside a dictated number. */
const glue: ReadonlySet<string> = new Set([
  'uh',
  'um',
  'er',
  'and',
  'then',
  'dash',
  'hyphen',
  'area',
  'code',
  'comma',
  'space',
  'dot',
]);

interface DigitRun {
  readonly digits: string;
  readonly start: number;
  readonly end: number;
}

/** What one word, or "double three", adds to a number: its digits and how many words it took. */
function digitsAt(words: readonly string[], index: number): { digits: string; length: number } | null {
  const word = words[index] ?? '';
  const times = repeats.get(word);
  if (times !== undefined) {
    const next =
      digitWords.get(words[index + 1] ?? '') ?? (/^\d$/.test(words[index + 1] ?? '') ? words[index + 1] : undefined);
    return next === undefined ? null : { digits: next.repeat(times), length: 2 };
  }
  const plural = plurals.get(words[index + 1] ?? '');
  const count = counts.get(word);
  if (plural !== undefined && count !== undefined) return { digits: plural.repeat(count), length: 2 };
  if (/^\d+$/.test(word)) return { digits: word, length: 1 };
  const digit = digitWords.get(word);
  if (digit !== undefined) {
    if (words[index + 1] === 'hundred' && digit !== '0') return { digits: `${digit}00`, length: 2 };
    if (words[index + 1] === 'thousand' && digit !== '0') return { digits: `${digit}000`, length: 2 };
    return { digits: digit, length: 1 };
  }
  const teen = teenValues.get(word);
  if (teen !== undefined)
    return words[index + 1] === 'hundred' ? { digits: `${teen}00`, length: 2 } : { digits: String(teen), length: 1 };
  const ten = tenDigits.get(word);
  if (ten === undefined) return null;
  const unit = digitWords.get(words[index + 1] ?? '');
  const joins = unit !== undefined && unit !== '0';
  if (joins && words[index + 2] === 'hundred') return { digits: `${ten}${unit}00`, length: 3 };
  return joins ? { digits: `${ten}${unit}`, length: 2 } : { digits: `${ten}0`, length: 1 };
}

/** Digits that were said in a row: "double three, oh" → 330. "twenty five" → 25. */
export function digitRunsIn(words: readonly string[]): DigitRun[] {
  const runs: DigitRun[] = [];
  let digits = '';
  let start = 0;
  let end = 0;
  const close = () => {
    if (digits !== '') runs.push({ digits, start, end });
    digits = '';
  };
  let index = 0;
  while (index < words.length) {
    const word = words[index] ?? '';
    const here = digitsAt(words, index);
    if (here !== null) {
      if (digits === '') start = index;
      digits += here.digits;
      index += here.length;
      end = index;
      continue;
    }
    const sounds = homophones.get(word);
    if (digits !== '' && end === index && sounds !== undefined && digitsAt(words, index + 1) !== null) {
      digits += sounds;
      end = index + 1;
    } else if (!(digits !== '' && glue.has(word))) close();
    index++;
  }
  close();
  return runs;
}

/** All digits of an utterance, in order. */
export function digitsIn(words: readonly string[]): string {
  return digitRunsIn(words)
    .map((run) => run.digits)
    .join('');
}
