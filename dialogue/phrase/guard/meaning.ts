import { numberAt } from '../../capture/number-words.ts';
import { smallOrdinals } from '../../capture/number-names.ts';

/**
 * A sentence as a list of tokens that keeps what it states and drops how it is put: "a hundred and twenty nine dollars"
 * and "$129" are the same token. Two sentences with the same tokens state the same. Everything that is dropped or
 * merged here must leave the meaning as it was; nothing that could be spoken is left out.
 */
export function meaningOf(plain: string): string[] {
  const raw = scan(plain);
  const tokens: string[] = [];
  for (let index = 0; index < raw.length;) {
    const number = numberAt(raw, index);
    if (number === null) {
      tokens.push(...wordTokens(raw[index] ?? ''));
      index += 1;
    } else {
      // "0100" is part of a phone number, not a hundred.
      const [first = ''] = raw.slice(index);
      tokens.push(`n:${/^0\d/.test(first) ? raw.slice(index, number.end).join('') : number.value}`);
      index = number.end;
    }
  }
  return ranges(units(tokens)).filter((each, index, all) => !weightless.has(each) || amounts.has(all[index + 1] ?? ''));
}

/** The end of a sentence, as a token. */
export const stop = '.';

/** Words without a statement of their own. */
const weightless = new Set(['a', 'an', 'the', 'our', 'per', 'also']);
/** "Few" and "a few" are not the same. */
const amounts = new Set(['few', 'little']);

const token = new RegExp(
  [
    String.raw`\(?\b\d{3}\)?[-. ]{1,2}\d{3}[-. ]\d{4}\b`,
    String.raw`\$\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,.]*\d)`,
    String.raw`\$\d+(?:\.\d+)?(?![\d,]*\d)`,
    String.raw`\d{1,2}(?::\d{2})? ?[ap](?:\.m\.?|m\b)`,
    String.raw`\d{1,2}:\d{2}`,
    String.raw`\d+(?:st|nd|rd|th)\b`,
    String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,.]*\d)`,
    String.raw`\d*\.?\d+`,
    String.raw`\d+`,
    String.raw`[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)*`,
    String.raw`[^\s.,!?;:'"()-]`,
    // Where a sentence ends
    String.raw`[.!;]+(?=\s|$)`,
    // Between figures a dash may mean "to".
    String.raw`-(?= ?\$?\d)`,
  ].join('|'),
  'gu',
);

/** Words and figures; money, clock times and ordinals are tokens at once. */
function scan(plain: string): string[] {
  const text = plain.replaceAll(/\be-mail/g, 'email');
  const matches = [...text.matchAll(token)];
  const words = matches.map(({ 0: part, index: at }, index) => {
    if (/^[.!;]/.test(part) && !/\d/.test(part)) return stop;
    // "No sound is kept" and "No, sound is kept" state the opposite.
    const after = text.slice(at + part.length);
    if (/^(?:yes|no|not|never)$/.test(part) && /^\s*[,:;"()'-]/.test(after)) return `${part},`;
    if (part === '-') return dashToken(text.slice(0, at), matches[index - 1]?.[0] ?? '');
    if (/\d{3}[-. ]\d{4}$/.test(part)) return `phone:${part.replaceAll(/\D/g, '')}`;
    if (part.startsWith('$') && part.length > 1) return `usd:${Number(part.slice(1).replaceAll(',', ''))}`;
    const clock = /^(\d{1,2})(?::(\d{2}))? ?([ap])/.exec(part);
    if (clock !== null) return clockToken(Number(clock[1]), clock[2] ?? '00', clock[3] ?? '');
    if (/^\d+:/.test(part)) return `clock:${part}`;
    if (/^\d+(?:st|nd|rd|th)$/.test(part)) return `ord:${Number.parseInt(part, 10)}`;
    if (/^\d{1,3}(?:,\d{3})+/.test(part)) return part.replaceAll(',', '');
    return part.startsWith('.') ? `0${part}` : part;
  });
  return words.filter((word) => word !== '');
}

/** Before a figure: "8-10" is a range, "covid-19" a word, and what stands alone is a minus. */
function dashToken(before: string, previous: string): string {
  if (/^\$?\d/.test(previous)) return 'to';
  return /\p{L}$/u.test(before) ? '' : 'minus';
}

function clockToken(hour: number, minute: string, half: string): string {
  // "18 am" is nothing that a playbook says.
  if (hour < 1 || hour > 12) return `time:${hour}:${minute}${half}m`;
  return `time:${(hour % 12) + (half === 'p' ? 12 : 0)}:${minute}`;
}

const expanded: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    "can't": 'can not',
    cannot: 'can not',
    "won't": 'will not',
    "let's": 'let us',
    "i'm": 'i am',
    "it's": 'it is',
    "that's": 'that is',
    "there's": 'there is',
    "here's": 'here is',
    "what's": 'what is',
    "he's": 'he is',
    "she's": 'she is',
    thanks: 'thank you',
  }).map(([short, long]) => [short, long.split(' ')]),
);
const endings: readonly (readonly [string, string])[] = [
  ["n't", 'not'],
  ["'re", 'are'],
  ["'ll", 'will'],
  ["'ve", 'have'],
];

/** One word for all that mean the same here. */
const same: ReadonlyMap<string, string> = new Map(
  [
    ['usually', 'typically', 'normally', 'generally'],
    ['about', 'around', 'roughly', 'approximately'],
    ['get', 'receive'],
    ['start', 'starts', 'begin', 'begins'],
    ['cost', 'costs'],
    ['take', 'takes'],
    ['okay', 'ok'],
  ].flatMap(([first = '', ...others]) => others.map((other): [string, string] => [other, first])),
);
const ordinals: ReadonlyMap<string, number> = new Map(smallOrdinals.map((name, value) => [name, value]));

function wordTokens(word: string): readonly string[] {
  const long = expanded.get(word);
  if (long !== undefined) return long;
  for (const [ending, full] of endings) {
    if (word.endsWith(ending) && word.length > ending.length) return [word.slice(0, -ending.length), full];
  }
  const ordinal = ordinals.get(word);
  return [ordinal === undefined ? (same.get(word) ?? word) : `ord:${ordinal}`];
}

const dollars = new Set(['dollar', 'dollars', 'bucks']);

/** "129 dollars", "20 percent" and "8 a.m." as one token each. */
function units(tokens: readonly string[]): string[] {
  const joined: string[] = [];
  for (const each of tokens) {
    const before = joined.at(-1) ?? '';
    const number = /^n:(\d+(?:\.\d+)?)$/.exec(before)?.[1];
    if (number === undefined) joined.push(each);
    else if (dollars.has(each)) joined.splice(-1, 1, `usd:${number}`);
    else if (each === '%' || each === 'percent') joined.splice(-1, 1, `percent:${number}`);
    else if ((each === 'am' || each === 'pm') && Number(number) >= 1 && Number(number) <= 12)
      joined.splice(-1, 1, clockToken(Number(number), '00', each.slice(0, 1)));
    else joined.push(each);
  }
  return joined;
}

const valued = /^(?:n|usd|percent|time|clock):/;

/** "between 1 and 2", "from 1 to 2" and "1-2" are all "1 to 2"; dollars at its end are dollars at both. */
function ranges(tokens: readonly string[]): string[] {
  const result: string[] = [];
  tokens.forEach((each, index) => {
    const opens = valued.test(tokens[index + 1] ?? '') && valued.test(tokens[index + 3] ?? '');
    const middle = tokens[index + 2];
    if (opens && ((each === 'from' && middle === 'to') || (each === 'between' && middle === 'and'))) return;
    const closes = valued.test(tokens[index - 1] ?? '') && valued.test(tokens[index + 1] ?? '');
    result.push(each === 'and' && closes && tokens[index - 2] === 'between' ? 'to' : each);
  });
  return result.map((each, index) =>
    each.startsWith('n:') && result[index + 1] === 'to' && (result[index + 2] ?? '').startsWith('usd:')
      ? each.replace('n:', 'usd:')
      : each,
  );
}
