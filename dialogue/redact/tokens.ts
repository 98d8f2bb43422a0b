import { digitRunsIn } from '../capture/digits.ts';

/** A word or a group of figures, lower case, and where it stands. */
export interface Token {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** Figures that were said or written in a row: from token to token, `to` exclusive. */
export interface Figures {
  readonly digits: string;
  readonly from: number;
  readonly to: number;
  /** "+44 …" is a phone number. */
  readonly plus: boolean;
}

const token = /\p{L}+(?:['’]\p{L}+)*|\d+/gu;
/** Between two groups of figures they say that these are two things: a date, a time, a sum. */
const apart = /[/:$€£@;?!#+(]/;
/** They join numbers in a list, and do not stand inside one. */
const joining: ReadonlySet<string> = new Set(['and', 'then', 'or']);
/** Stands for what is no part of any number. */
const barrier = '|';

export function tokensOf(text: string): Token[] {
  return [...text.matchAll(token)].map(({ index, 0: match }) => ({
    word: match.toLowerCase().replaceAll('’', "'"),
    start: index,
    end: index + match.length,
  }));
}

export function figuresIn(text: string, tokens: readonly Token[]): Figures[] {
  const addresses = [...text.matchAll(/\S+@\S+/g)].map(({ index, 0: match }) => [index, index + match.length] as const);
  const words: string[] = [];
  /** Of each word, its token. */
  const places: number[] = [];
  for (const [index, { word, start }] of tokens.entries()) {
    const between = text.slice(tokens[index - 1]?.end ?? 0, start);
    if (apart.test(between)) {
      words.push(barrier);
      places.push(index);
    }
    const inAddress = addresses.some(([from, to]) => start >= from && start < to);
    words.push(inAddress || joining.has(word) ? barrier : word);
    places.push(index);
  }
  return digitRunsIn(words).map(({ digits, start, end }) => {
    const from = places[start] ?? 0;
    const before = text.slice(tokens[from - 1]?.end ?? 0, tokens[from]?.start ?? 0);
    const plus = before.includes('+') || tokens[from - 1]?.word === 'plus';
    return { digits, from, to: (places[end - 1] ?? from) + 1, plus };
  });
}
