import type { RedactedKind } from '../../contract/call-event.ts';
import type { Token } from './tokens.ts';

/** Something that callers name before they say it. */
export interface NamedSecret {
  readonly kind: RedactedKind;
  readonly names: readonly (readonly string[])[];
  /** Fewer or more figures are something else. `whole`: no more of it is awaited in the next turn. */
  readonly figures: { readonly min: number; readonly whole: number; readonly max: number };
  /** It may be any words, as a password. Then something must say that it follows: "is", or a colon. */
  readonly words?: true;
}

const names = (...phrases: string[]): string[][] => phrases.map((phrase) => phrase.split(' '));

export const namedSecrets: readonly NamedSecret[] = [
  {
    kind: 'card-number',
    names: names('card', 'visa', 'mastercard', 'amex', 'american express', 'discover'),
    figures: { min: 6, whole: 15, max: 40 },
  },
  {
    kind: 'card-code',
    names: names('cvv', 'cvc', 'cvv two', 'c v v', 'c v c', 'security code'),
    figures: { min: 3, whole: 3, max: 4 },
  },
  {
    kind: 'government-id',
    names: names('ssn', 's s n', 'social', 'social security', 'itin', 'tax id', 'national insurance'),
    figures: { min: 4, whole: 9, max: 15 },
  },
  {
    kind: 'government-id',
    names: names('medicare', 'medicaid'),
    figures: { min: 4, whole: 11, max: 15 },
  },
  {
    kind: 'government-id',
    names: names(
      'passport',
      "driver's license",
      'drivers license',
      'driving license',
      'driving licence',
      'license number',
    ),
    figures: { min: 4, whole: 9, max: 20 },
  },
  {
    kind: 'bank-account',
    names: names('routing', 'sort code'),
    figures: { min: 6, whole: 9, max: 34 },
  },
  {
    kind: 'bank-account',
    names: names('account number', 'account no', 'bank account', 'checking account', 'savings account', 'iban'),
    figures: { min: 6, whole: 12, max: 34 },
  },
  {
    kind: 'secret',
    names: names('pin', 'pin code'),
    figures: { min: 3, whole: 4, max: 10 },
  },
  {
    kind: 'secret',
    names: names('passcode', 'one time code', 'verification code', 'otp'),
    figures: { min: 3, whole: 6, max: 10 },
  },
  {
    kind: 'secret',
    names: names('password', 'passphrase', 'secret word', 'api key'),
    figures: { min: 3, whole: 8, max: 40 },
    words: true,
  },
];

/** What may stand between the name and the thing. */
const between: ReadonlySet<string> = new Set(
  `is it's its are was number numbers no code the my our of on that's which um uh er so okay ok well here goes starts begins with
  would be`.split(/\s+/),
);

/** Ends a clause, or begins another one. */
const closing: ReadonlySet<string> = new Set('and then but please thanks thank that this yes yeah again'.split(' '));

/** Nothing but small words. */
export const saysNothing = (tokens: readonly Token[]): boolean => tokens.every(({ word }) => between.has(word));

/** Whether figures that end at `end` are a thing of their own: "45, and …", unlike "45 windows", "1600 Main Street". */
export function endsClause(text: string, tokens: readonly Token[], end: number): boolean {
  const next = tokens[end];
  if (!next) return true;
  return (
    /[,.;!?]/.test(text.slice(tokens[end - 1]?.end, next.start)) || between.has(next.word) || closing.has(next.word)
  );
}

/** What was named before this place, with nothing but small words after it. The latest, and of these the longest name. */
export function namedBefore(tokens: readonly Token[], place: number): { secret: NamedSecret; at: number } | undefined {
  for (let end = place; end > 0; end -= 1) {
    const found = namedSecrets
      .flatMap((secret) => secret.names.map((name) => ({ secret, name })))
      .filter(({ name }) => name.every((word, index) => tokens[end - name.length + index]?.word === word))
      .sort((a, b) => b.name.length - a.name.length)[0];
    if (found) return { secret: found.secret, at: end };
    const word = tokens[end - 1]?.word ?? '';
    // A letter may be the beginning of what follows: "passport A1234567".
    if (!between.has(word) && !/^\p{L}$/u.test(word)) return undefined;
  }
  return undefined;
}

/** Words that begin a remark on a password, not the password. */
const remarks: ReadonlySet<string> = new Set(
  'not wrong required needed too incorrect expired different what why how gone lost safe old new weak strong on in the a'.split(
    ' ',
  ),
);
const connectors: ReadonlySet<string> = new Set('and but so can could please thanks thank then'.split(' '));
const maxWords = 6;

/** Where a password stands in the text after it was named: to the end of the clause. Undefined: a remark, or nothing. */
export function wordsOfSecret(text: string, start: number): { start: number; end: number } | undefined {
  const words = [...text.slice(start).matchAll(/\S+/g)].slice(0, maxWords);
  const first = words[0]?.[0].toLowerCase().replaceAll(/[^\p{L}']/gu, '');
  if (first === undefined || remarks.has(first)) return undefined;
  const end = words.findIndex(({ 0: word }, index) => index > 0 && connectors.has(word.toLowerCase()));
  const clause = words.slice(0, end < 0 ? undefined : end);
  const stop = clause.findIndex(({ 0: word }) => /[,;]$/.test(word));
  const last = clause.at(stop < 0 ? -1 : stop);
  const from = words[0]?.index ?? 0;
  return last && { start: start + from, end: start + last.index + last[0].length };
}
