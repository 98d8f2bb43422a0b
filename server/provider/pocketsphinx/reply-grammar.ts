import type { ExpectedReply } from '../../agent/listen/recognizer.ts';

/** What an open question leaves so narrow that a grammar hears it better than a language model. */
export type GuidedReply = Exclude<ExpectedReply, { readonly kind: 'open' }>;

const digits = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
/**
 * "oh" is so short that it fits into "two" and "four": it has to be clearer than the others. Acoustic scores are so
 * large that a hundredth would not be felt; beyond this value a plain "oh" is lost as well.
 */
const ohWeight = 1e-6;
const yes = [
  'yes',
  'yeah',
  'yep',
  'correct',
  'right',
  "that's right",
  'that is right',
  'yes it is',
  "yes that's right",
];
const no = ['no', 'nope', 'wrong', "that's wrong", 'no it is not', "no it isn't", "no that's wrong", 'not quite'];
/** Short ways out of a dictation. Few, and none beside one or two digits, which sound like them. */
const waysOut = ['say that again', 'hold on', "i don't know", 'no thanks', 'i would rather not'];
/** A way out is so much less likely than what was asked for. */
const wayOutWeight = 0.05;
const fewDigits = 2;

/** The reply as a JSpeech Grammar Format document (W3C note of 5 June 2000). */
export function replyGrammar(reply: GuidedReply): string {
  return ['#JSGF V1.0;', 'grammar reply;', `<digit> = ${oneOf(digits)};`, ...rulesOf(reply), ''].join('\n');
}

function rulesOf(reply: GuidedReply): string[] {
  const { count } = reply;
  if (reply.kind === 'confirm-digits') {
    return [
      `<yes> = ${yes.join(' | ')};`,
      `<no> = ${no.join(' | ')};`,
      `<put-right> = [<no>] [it is | it's] ( <digit> not <digit> | ${anyDigits(count)} );`,
      'public <reply> = <yes> | <no> | <put-right>;',
    ];
  }
  const number = digitsExcept(count, reply.except) ?? anyDigits(count);
  if (count <= fewDigits) return [`public <reply> = ${number};`];
  return [`<out> = ${waysOut.join(' | ')};`, `public <reply> = /1/ ${number} | /${wayOutWeight}/ <out>;`];
}

const anyDigits = (count: number): string => Array.from({ length: count }, () => '<digit>').join(' ');

function oneOf(words: readonly string[]): string {
  return [...words.map((word) => `/1/ ${word}`), ...(words.includes('zero') ? [`/${ohWeight}/ oh`] : [])].join(' | ');
}

/** Digits that begin with none of `except`; null when nothing is left. */
function digitsExcept(count: number, except: readonly string[]): string | null {
  if (count === 0) return except.length > 0 ? null : '';
  if (except.length === 0) return anyDigits(count);
  const free: string[] = [];
  const paths: string[] = [];
  for (const [digit, word] of digits.entries()) {
    const rest = except.filter((start) => start.startsWith(String(digit))).map((start) => start.slice(1));
    if (rest.includes('')) continue;
    if (rest.length === 0) free.push(word);
    else {
      const path = digitsExcept(count - 1, rest);
      if (path !== null) paths.push(`( ${oneOf([word])} ) ${path}`);
    }
  }
  if (free.length > 0) paths.unshift(`( ${oneOf(free)} ) ${anyDigits(count - 1)}`);
  return paths.length === 0 ? null : `( ${paths.join(' | ')} )`;
}

/** Every word a grammar can hold. */
export const grammarWords: readonly string[] = [
  ...new Set(
    ['oh', ...digits, ...yes, ...no, ...waysOut, "it's", 'it is', 'not'].flatMap((phrase) => phrase.split(' ')),
  ),
];
