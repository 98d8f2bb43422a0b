import { displayPhone } from '../../capture/phone.ts';
import type { Bundle, Line } from '../../playbook/bundle.ts';
import type { State } from '../../state.ts';
import { promiseSentence, slotText } from '../values.ts';
import type { WordingKey } from '../wording.ts';
import { framing, joints, notKnowing } from './framing.ts';
import { meaningOf, stop } from './meaning.ts';
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
  /** Only the sentence's end, or a joint, may follow: nothing may hang on "I can't promise that". */
  readonly closes?: boolean;
}

export const framingId = 'framing';
export const jointId = 'joint';
export const stopId = 'stop';

/** Sentences of the engine that are true at any moment of a call. */
const alwaysTrue: readonly WordingKey[] = [
  'robot',
  'unsure',
  'hello',
  'welcome',
  'sorry',
  'take-your-time',
  'what-i-do',
];

/** A line that begins so speaks of what was said before it. */
const pointsBack = new Set(['it', 'this', 'that', 'these', 'those', 'they', 'he', 'she', 'its', 'their', 'there']);
/** A shorter line says too little to stand alone. */
const minTokens = 3;

/** A yes or no at the head of a line answers the owner's question. To another one it would be another statement. */
const yesOrNo = /^\s*(?:yes|no)\b\s*[,.!:;-]+\s*/i;

/** A line without its yes or no, as it may be said to a question that nobody foresaw. */
export function withoutYesOrNo(text: string): string {
  const rest = text.replace(yesOrNo, '');
  return rest === text || rest === '' ? text : rest.slice(0, 1).toUpperCase() + rest.slice(1);
}

/** A piece's own end is no part of it. */
function stated(text: string): string[] {
  const tokens = meaningOf(simplified(text));
  return tokens.at(-1) === stop ? tokens.slice(0, -1) : tokens;
}

const standsAlone = (tokens: readonly string[]): boolean =>
  tokens.length >= minTokens && !pointsBack.has(tokens[0] ?? '');

/**
 * True for a fact whose first line says what it is about. "Yes, it is free." does not: to a question that the owner
 * never thought of it would be another statement.
 */
export function saysWhatItIsAbout(lines: readonly Line[]): boolean {
  const [first] = lines;
  return first !== undefined && standsAlone(stated(withoutYesOrNo(first.text)));
}

/** @param id The fact or objection: what a first line that points back may answer. */
function linePieces(id: string, lines: readonly Line[], cites: readonly string[]): Piece[] {
  return lines.flatMap(({ text }, index): Piece[] => {
    const answered = index === 0 ? id : `${id}/${index - 1}`;
    const piece = (said: string, alone: boolean): Piece => {
      const tokens = stated(said);
      const after = alone && standsAlone(tokens) ? {} : { after: answered };
      return { id: `${id}/${index}`, tokens, cites, ...after };
    };
    const shorter = withoutYesOrNo(text);
    return shorter === text ? [piece(text, true)] : [piece(text, false), piece(shorter, true)];
  });
}

function phrase(id: string, text: string, closes = false): Piece {
  return { id, tokens: stated(text), cites: [], ...(closes ? { closes } : {}) };
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
    ...alwaysTrue.flatMap((key) =>
      (bundle.wording[key] ?? []).map((line) => phrase(`wording/${key}`, withoutYesOrNo(line.text), true)),
    ),
    ...[...bundle.greeting, ...bundle.spokenDisclosure].map((line) => phrase('greeting', line.text)),
    ...(phone === undefined ? [] : [phrase('phone', `You can call us at ${displayPhone(phone)}`)]),
    ...framing.map((text) => phrase(framingId, text)),
    ...notKnowing.map((text) => phrase(framingId, text, true)),
    ...joints.map((text) => phrase(jointId, text)),
    { id: stopId, tokens: [stop], cites: [] },
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
    const attempts = bundle.objections.flatMap((objection) => objection.attempts);
    const lines = [...bundle.facts, ...attempts].flatMap((said) => said.lines);
    const letters = lines.flatMap((line) => [...simplified(line.text)].filter((sign) => /[\p{L}?]/u.test(sign)));
    signs.set(bundle, (known = new Set(letters)));
  }
  return known;
}
