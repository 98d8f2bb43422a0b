import { dayNames, monthNames } from '../../dialogue/capture/calendar-names.ts';
import { isNumberWord } from '../../dialogue/capture/number-words.ts';
import { isKnownName } from '../../dialogue/capture/person-name.ts';

/** A word, a number or a sign, and where it stands in the text. */
export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export const tokensOf = (text: string): Token[] =>
  [...text.matchAll(/\p{L}+|\d+|[^\s\p{L}\d]/gu)].map(({ 0: token, index }) => ({
    text: token,
    start: index,
    end: index + token.length,
  }));

/** Words of a kind, as callers of any business use them. */
const gazetteer = new Map(
  Object.entries({
    'day-name': [...dayNames, ...dayNames.map((day) => day.slice(0, 3))],
    month: [...monthNames, ...monthNames.map((month) => month.slice(0, 3))],
    day: ['today', 'tonight', 'tomorrow', 'yesterday', 'weekend'],
    'day-part': ['morning', 'afternoon', 'evening', 'night', 'noon', 'midday', 'midnight', 'lunchtime'],
    holiday: ['christmas', 'easter', 'thanksgiving', 'halloween', 'eve', 'xmas', 'valentine', 'valentines'],
    unit: ['day', 'days', 'week', 'weeks', 'nights', 'month', 'months', 'year', 'years'],
    'clock-unit': ['hour', 'hours', 'minute', 'minutes', 'min', 'mins'],
    clock: ['am', 'pm', 'clock', 'half', 'quarter', 'past'],
    ordinal: ['st', 'nd', 'rd', 'th'],
    child:
      'kid kids child children son sons daughter daughters baby babies toddler toddlers infant infants teenager teenagers'.split(
        ' ',
      ),
    adult:
      'adult adults wife husband partner mother father parents mom mum dad grandmother grandfather grandparents girlfriend boyfriend colleague colleagues friend friends'.split(
        ' ',
      ),
    people: ['people', 'persons', 'person', 'guests', 'diners', 'family', 'couple'],
  }).flatMap(([kind, words]) => words.map((word): [string, string] => [word, kind])),
);
/** What a tagger sees of each token: itself, what it looks like, what it is known as, and its neighbours. */
export function tokenFeatures(tokens: readonly Token[], context: readonly string[]): string[][] {
  const views = tokens.map(viewOf);
  const view = (at: number) => views[at] ?? (at < 0 ? start : end);
  return tokens.map((token, at) => {
    const { word, kind, shape } = view(at);
    const features = ['bias', `w=${word}`, `k=${kind}`, `s=${shape}`];
    for (let size = 1; size <= Math.min(4, word.length); size++) {
      features.push(`pre=${word.slice(0, size)}`, `suf=${word.slice(-size)}`);
    }
    for (const offset of [-3, -2, -1, 1, 2, 3]) {
      const near = view(at + offset);
      features.push(`w${offset}=${near.word}`, `k${offset}=${near.kind}`);
    }
    features.push(
      `w-1,0=${view(at - 1).word} ${word}`,
      `w0,1=${word} ${view(at + 1).word}`,
      `w-2,-1=${view(at - 2).word} ${view(at - 1).word}`,
      `w1,2=${view(at + 1).word} ${view(at + 2).word}`,
      `k-1,0=${view(at - 1).kind} ${kind}`,
      `k0,1=${kind} ${view(at + 1).kind}`,
      `k-1,0,1=${view(at - 1).kind} ${kind} ${view(at + 1).kind}`,
      `w-1,k0=${view(at - 1).word} ${kind}`,
      `w-2,-1,k0=${view(at - 2).word} ${view(at - 1).word} ${kind}`,
      `k0,w1=${kind} ${view(at + 1).word}`,
      `joined=${tokens[at - 1]?.end === token.start}`,
    );
    const cues = cuesBefore(views.slice(0, at));
    features.push(`cue=${cues[0] ?? '^'}`, `cue,k0=${cues[0] ?? '^'} ${kind}`, `cues=${cues.join(' ')}`);
    for (const asked of context)
      features.push(`asked=${asked}`, `asked=${asked} k=${kind}`, `asked=${asked} w=${word}`);
    if (context.length === 0) features.push('asked=nothing', `asked=nothing k=${kind}`);
    return features;
  });
}

const articles = new Set(['the', 'a', 'an', 'my', 'our', 'your']);

/** The two nearest plain words before a token: "until the 29th of May" is "until" for all of the date. */
const cuesBefore = (views: readonly View[]): string[] =>
  views
    .filter(({ word, kind }) => kind.startsWith('word') && !articles.has(word))
    .slice(-2)
    .reverse()
    .map(({ word }) => word);

interface View {
  readonly word: string;
  /** A number, a day, a month, a first or last name, or what it looks like. */
  readonly kind: string;
  readonly shape: string;
}

const start: View = { word: '^', kind: '^', shape: '^' };
const end: View = { word: '$', kind: '$', shape: '$' };

function viewOf({ text }: Token): View {
  const word = text.toLowerCase();
  const shape = text
    .replaceAll(/\p{Lu}/gu, 'X')
    .replaceAll(/\p{Ll}/gu, 'x')
    .replaceAll(/\d/g, '9')
    .replaceAll(/x{2,}/g, 'xx');
  return {
    word: /^\d+$/.test(text) ? `#${text.length === 1 ? text : text.length}` : word,
    kind: kindOf(word, shape),
    shape,
  };
}

function kindOf(word: string, shape: string): string {
  if (/^\d/.test(word)) return `digits${word.length}${Number(word) <= 12 ? 'hour' : Number(word) <= 31 ? 'day' : ''}`;
  const kind = gazetteer.get(word);
  if (kind !== undefined) return kind;
  if (isNumberWord(word)) return 'number';
  const name = isKnownName(word) ? 'name' : 'word';
  return /\p{L}/u.test(word) ? `${name}${shape.startsWith('X') ? '-capital' : ''}` : word;
}
