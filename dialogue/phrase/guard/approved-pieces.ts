import { displayPhone } from '../../capture/phone.ts';
import type { Bundle, Line } from '../../playbook/bundle.ts';
import type { State } from '../../state.ts';
import { promiseSentence, slotText } from '../values.ts';
import type { WordingKey } from '../wording.ts';
import { framing, joints } from './framing.ts';
import { meaningOf } from './meaning.ts';
import { simplified } from './plain-text.ts';

/** Something that may be said as it stands. */
export interface Piece {
  readonly id: string;
  /** What it states, as `meaningOf` has it. */
  readonly tokens: readonly string[];
  /** The facts it states. Courtesy states none. */
  readonly cites: readonly string[];
  /**
   * May only follow this piece, or the question it answers: "it takes an hour" says something else after another
   * sentence.
   */
  readonly after?: string;
}

export const framingId = 'framing';

/** Sentences of the engine that are true at any moment of a call. */
const alwaysTrue: readonly WordingKey[] = [
  'robot',
  'unsure',
  'hello',
  'welcome',
  'sorry',
  'take-your-time',
  'what-i-do',
  'what-else',
  'anything-else',
];

/** A line that begins so speaks of what was said before it. */
const pointsBack = new Set(['it', 'this', 'that', 'these', 'those', 'they', 'he', 'she', 'its', 'their', 'there']);
/** A shorter line says too little to stand alone. */
const minTokens = 3;

const withoutYes = (tokens: readonly string[]): readonly string[] => (tokens[0] === 'yes' ? tokens.slice(1) : tokens);

function standsAlone(tokens: readonly string[]): boolean {
  const said = withoutYes(tokens);
  return said.length >= minTokens && !pointsBack.has(said[0] ?? '');
}

/**
 * True for a fact whose first line says what it is about. "Yes, it is free." does not: to a question that the owner
 * never thought of it would be another statement.
 */
export function saysWhatItIsAbout(lines: readonly Line[]): boolean {
  const [first] = lines;
  return first !== undefined && standsAlone(meaningOf(simplified(first.text)));
}

/** @param id The fact or objection: what a first line that points back may answer. */
function linePieces(id: string, lines: readonly Line[], cites: readonly string[]): Piece[] {
  return lines.flatMap((line, index): Piece[] => {
    const tokens = meaningOf(simplified(line.text));
    const after = standsAlone(tokens) ? {} : { after: index === 0 ? id : `${id}/${index - 1}` };
    const piece: Piece = { id: `${id}/${index}`, tokens, cites, ...after };
    // A "yes" may be left out. It may never be put in.
    const shorter = withoutYes(tokens);
    return shorter.length === tokens.length ? [piece] : [piece, { ...piece, tokens: shorter }];
  });
}

function phrase(id: string, text: string): Piece {
  return { id, tokens: meaningOf(simplified(text)), cites: [] };
}

const made = new WeakMap<Bundle, readonly Piece[]>();

/** What is true in every call with this playbook. */
function ofBundle(bundle: Bundle): readonly Piece[] {
  const known = made.get(bundle);
  if (known !== undefined) return known;
  const { phone } = bundle.business;
  const pieces = [
    ...bundle.facts.flatMap((fact) => linePieces(`fact/${fact.id}`, fact.lines, [fact.id])),
    ...bundle.objections.flatMap((objection) =>
      objection.attempts.flatMap((attempt, index) =>
        linePieces(`objection/${objection.id}/${index}`, attempt.lines, attempt.cites),
      ),
    ),
    ...alwaysTrue.flatMap((key) => (bundle.wording[key] ?? []).map((line) => phrase(`wording/${key}`, line.text))),
    ...[...bundle.greeting, ...bundle.spokenDisclosure].map((line) => phrase('greeting', line.text)),
    ...(phone === undefined ? [] : [phrase('phone', `You can call us at ${displayPhone(phone)}`)]),
    ...[...framing, ...joints].map((text) => phrase(framingId, text)),
  ].filter((piece) => piece.tokens.length > 0);
  made.set(bundle, pieces);
  return pieces;
}

/** What this call's acts have made true: a booking that the calendar confirmed, a call back that is recorded. */
function ofCall(bundle: Bundle, state: State): Piece[] {
  const { booked } = state.appointment;
  const pieces: Piece[] = [];
  const wordings = (...keys: readonly WordingKey[]) => {
    for (const key of keys)
      for (const line of bundle.wording[key] ?? []) pieces.push(phrase(`wording/${key}`, line.text));
  };
  if (booked !== null) {
    const when = slotText(bundle, booked);
    wordings('booked', 'see-you', 'goodbye-booked');
    pieces.push(phrase('appointment', `You are booked for ${when}`));
    pieces.push(phrase('appointment', `Your appointment is on ${when}`));
    pieces.push(phrase('appointment', `Your appointment is ${when}`));
  }
  if (state.callBack.stage === 'recorded') {
    const byPhone = state.lead.phone !== undefined;
    wordings(byPhone ? 'call-back-promise' : 'mail-back-promise');
    const { by, promisedForMs } = state.callBack;
    if (by !== undefined)
      pieces.push(phrase('call-back', promiseSentence(bundle, by, byPhone ? 'call' : 'write', promisedForMs).text));
  }
  return pieces;
}

export function approvedPieces(bundle: Bundle, state: State): readonly Piece[] {
  return [...ofBundle(bundle), ...ofCall(bundle, state)];
}

const signs = new WeakMap<Bundle, ReadonlySet<string>>();

/** Characters that the playbook's own sentences use. */
export function signsOf(bundle: Bundle): ReadonlySet<string> {
  let known = signs.get(bundle);
  if (known === undefined) {
    const lines = [...bundle.facts.flatMap((fact) => fact.lines), ...Object.values(bundle.wording).flat()];
    const letters = lines.flatMap((line) => [...simplified(line.text)].filter((sign) => /\p{L}/u.test(sign)));
    signs.set(bundle, (known = new Set(letters)));
  }
  return known;
}
