import type { RedactedKind } from '../../contract/call-event.ts';
import { toE164 } from '../capture/phone.ts';
import { isCardNumber } from './card-number.ts';
import { endsClause, namedBefore, type NamedSecret, saysNothing, wordsOfSecret } from './named-secrets.ts';
import { type Figures, figuresIn, type Token, tokensOf } from './tokens.ts';
import { type TextSpan, writtenIdsIn } from './written-ids.ts';

/** What is remembered from one turn of the caller to the next. */
export interface RedactionState {
  /** Named at the end of the turn before, or begun there: it is expected at the beginning of this one. */
  readonly awaited: NamedSecret | null;
  /** Figures at the end of the turn before; where a thing that was named goes on, all of it so far. */
  readonly tail: string;
}

export const nothingRedacted: RedactionState = { awaited: null, tail: '' };

export interface Redaction {
  readonly state: RedactionState;
  readonly text: string;
  readonly found: readonly RedactedKind[];
}

interface Find extends TextSpan {
  readonly kind: RedactedKind;
}

const placeholders: Readonly<Record<RedactedKind, string>> = {
  'card-number': '[card number removed]',
  'card-code': '[card code removed]',
  'government-id': '[id number removed]',
  'bank-account': '[account number removed]',
  secret: '[secret removed]',
};

/** As it stands in a text. */
const placeholder = /\[(?:card number|card code|id number|account number|secret) removed\]/g;

export const holdsRedacted = (text: string): boolean => text.search(placeholder) >= 0;

/** What is left to be understood. */
export const withoutRedacted = (text: string): string => text.replaceAll(placeholder, ' ').trim();

/** Nothing that a sales call needs has so many figures in a row. */
const neverNeeded = 16;
/** Of a number that was named in the turn before. A shorter one, and what goes on after that, must stand alone. */
const minPiece = 3;
/** What is awaited comes among a turn's first words. */
const opening = 4;

/**
 * What a caller said, without card numbers, government ids, bank accounts and secrets: before it is understood, stored or sent.
 * Phone numbers, addresses, dates, times and sums stay. Pure.
 */
export function redact(before: RedactionState, text: string): Redaction {
  const tokens = tokensOf(text);
  const figures = figuresIn(text, tokens);
  const written = writtenIdsIn(text);
  const finds: Find[] = [
    ...written.governmentIds.map((span): Find => ({ ...span, kind: 'government-id' })),
    ...written.bankAccounts.map((span): Find => ({ ...span, kind: 'bank-account' })),
    ...figures.flatMap((run) => {
      const kind = kindOf(before, text, tokens, run);
      return kind === undefined ? [] : [{ ...spanOf(tokens, run), kind }];
    }),
    ...secretWords(before, text, tokens),
  ];
  // What was taken out already stays as it is.
  const kept = withoutOverlaps(finds).filter(({ start, kind }) => !text.startsWith(placeholders[kind], start));
  return {
    state: remembered(before, tokens, figures),
    text: replaced(text, kept),
    found: kept.map(({ kind }) => kind),
  };
}

function kindOf(
  before: RedactionState,
  text: string,
  tokens: readonly Token[],
  run: Figures,
): RedactedKind | undefined {
  const { digits, plus } = run;
  const named = namedBefore(tokens, run.from)?.secret;
  // "My card is in the car, call me at …": but a bank account may look like a phone number.
  if (isPhone(digits, plus) && (named === undefined || named.kind === 'card-number')) return undefined;
  if (isCardNumber(digits) || (digits.length >= neverNeeded && !isTwoPhones(digits))) return 'card-number';
  if (named && digits.length >= named.figures.min && digits.length <= named.figures.max) return named.kind;
  if (run.from >= opening) return undefined;
  if (before.awaited && isPieceOf(before.awaited, before.tail, text, tokens, run)) return before.awaited.kind;
  return before.tail !== '' && beginsWithCard(before.tail + digits) ? 'card-number' : undefined;
}

/** Whether figures at a turn's beginning are what was awaited, or go on with it. */
function isPieceOf(
  { figures }: NamedSecret,
  tail: string,
  text: string,
  tokens: readonly Token[],
  { digits, from, to }: Figures,
): boolean {
  if (tail.length + digits.length > figures.max) return false;
  if (tail === '' && digits.length >= minPiece) return true;
  return saysNothing(tokens.slice(0, from)) && endsClause(text, tokens, to);
}

const isPhone = (digits: string, plus: boolean): boolean => toE164(digits, plus) !== null;

/** Two numbers to call, said in one go. */
function isTwoPhones(digits: string): boolean {
  return [10, 11].some((at) => isPhone(digits.slice(0, at), false) && isPhone(digits.slice(at), false));
}

/** Said in two turns, perhaps with what comes after it: until when it is valid, and its code. */
function beginsWithCard(digits: string): boolean {
  return [13, 14, 15, 16, 17, 18, 19].some(
    (length) => (digits.length === length || digits.length >= length + 3) && isCardNumber(digits.slice(0, length)),
  );
}

function secretWords({ awaited, tail }: RedactionState, text: string, tokens: readonly Token[]): Find[] {
  const spans = tokens.flatMap((_, place) => {
    const named = namedBefore(tokens, place);
    const said = tokens[place - 1];
    if (named?.secret.words !== true || !said) return [];
    // "My password is …", "password: …"; a mere "password" is none yet.
    const told = named.at < place || /[:=]/.test(text.slice(said.end, tokens[place]?.start));
    const span = told ? wordsOfSecret(text, valueStart(text, said.end)) : undefined;
    return span && tokens[place] && span.start <= tokens[place].start ? [span] : [];
  });
  const first = awaited?.words === true && tail === '' ? wordsOfSecret(text, 0) : undefined;
  return [...(first ? [first] : []), ...spans.slice(-1)].map((span): Find => ({ ...span, kind: 'secret' }));
}

/** After the colon. */
const valueStart = (text: string, from: number): number => from + (/^\s*[:=]+/.exec(text.slice(from))?.[0].length ?? 0);

function remembered(before: RedactionState, tokens: readonly Token[], figures: readonly Figures[]): RedactionState {
  const last = figures.at(-1);
  const atEnd = last !== undefined && saysNothing(tokens.slice(last.to)) ? last : undefined;
  const tail = atEnd && !isPhone(atEnd.digits, atEnd.plus) ? atEnd.digits : '';
  const named = namedBefore(tokens, tokens.length)?.secret;
  if (named) return { awaited: named, tail: '' };
  if (!atEnd || tail === '') return { awaited: null, tail };
  // A number that was begun goes on, until it is as long as such a number is.
  const begun = namedBefore(tokens, atEnd.from)?.secret;
  if (begun) return { awaited: tail.length < begun.figures.whole ? begun : null, tail };
  const { awaited } = before;
  const sofar = before.tail + tail;
  const goesOn = awaited !== null && saysNothing(tokens.slice(0, atEnd.from)) && sofar.length < awaited.figures.whole;
  return goesOn ? { awaited, tail: sofar } : { awaited: null, tail };
}

function spanOf(tokens: readonly Token[], { from, to }: Figures): TextSpan {
  return { start: tokens[from]?.start ?? 0, end: tokens[to - 1]?.end ?? 0 };
}

/** The first of those that overlap, and of two that begin together the longer. */
function withoutOverlaps(finds: readonly Find[]): Find[] {
  const kept: Find[] = [];
  for (const find of [...finds].sort((a, b) => a.start - b.start || b.end - a.end))
    if (find.start >= (kept.at(-1)?.end ?? 0)) kept.push(find);
  return kept;
}

function replaced(text: string, finds: readonly Find[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, kind } of finds) {
    result += text.slice(at, start) + placeholders[kind];
    at = end;
  }
  return result + text.slice(at);
}
