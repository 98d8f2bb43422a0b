import { fitsNumberPlan, partLength } from '../capture/number-plan.ts';
import type { NumberInPieces } from '../state.ts';

/** After so many failures at a piece, half of it is asked for, and then one digit. */
export const failuresBeforePairs = 2;
const failuresBeforeDigits = 4;

export const noPieces: NumberInPieces = { confirmed: '', wrong: [], failures: 0 };

/** How many digits are asked for now. */
export function pieceLength({ confirmed, failures }: NumberInPieces): number {
  const part = partLength(confirmed.length);
  if (failures < failuresBeforePairs) return part;
  return Math.min(part, failures < failuresBeforeDigits ? 2 : 1);
}

/** What the open piece does not begin with. */
export function impossibleDigits(pieces: NumberInPieces): string[] {
  const { confirmed, wrong } = pieces;
  const length = pieceLength(pieces);
  const unassigned = ['0', '1'].filter((digit) => !fitsNumberPlan(confirmed + digit));
  return [...unassigned, ...wrong.filter((piece) => piece.length <= length)];
}
