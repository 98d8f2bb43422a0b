import type { Sentence } from '../../contract/act.ts';
import { numberLength } from '../capture/number-plan.ts';
import { wording } from '../phrase/sentences.ts';
import { digitsSentence } from '../phrase/values.ts';
import type { WordingKey } from '../phrase/wording.ts';
import type { Focus, NumberInPieces } from '../state.ts';
import { ask, type Draft } from './draft.ts';
import { failuresBeforePairs, pieceLength } from './number-pieces.ts';

function questionFor({ confirmed }: NumberInPieces, length: number): WordingKey {
  const first = confirmed === '';
  if (length === 1) return first ? 'first-digit' : 'next-digit';
  if (length === 2) return first ? 'first-two-digits' : 'next-two-digits';
  if (length === numberLength - confirmed.length) return 'last-piece';
  return first ? 'first-piece' : 'next-piece';
}

/** The keypad is offered once it has been hard, and then each time. */
export function askPiece(
  draft: Draft,
  focus: Extract<Focus, { kind: 'number-piece' }>,
  opening: readonly Sentence[],
): void {
  const { bundle, state } = draft;
  const begins = focus.confirmed === '' && focus.failures === 0;
  const keypad = state.line.keypad && focus.failures >= failuresBeforePairs;
  ask(draft, focus, [
    ...opening,
    ...(begins ? wording(bundle, 'number-in-pieces') : []),
    ...wording(bundle, questionFor(focus, pieceLength(focus))),
    ...(keypad ? wording(bundle, 'keypad-instead') : []),
  ]);
}

export function readPieceBack(
  draft: Draft,
  focus: Extract<Focus, { kind: 'confirm-piece' }>,
  opening: readonly Sentence[],
): void {
  const { bundle } = draft;
  ask(draft, focus, [...opening, digitsSentence(focus.piece), ...wording(bundle, 'is-that-right')], 'read-back');
}
