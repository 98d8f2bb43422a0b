import { framingId, jointId, stopId, type Piece } from './approved-pieces.ts';

/** What may come next: anything; only an end or a joint; no end, because something was joined on. */
type Next = 'any' | 'joint' | 'piece';

/**
 * Cuts tokens into approved pieces without a rest; null when that cannot be done. Each place is visited once for each
 * piece that can end there, so the time grows with the length.
 *
 * @param before The piece that was spoken last.
 */
export function coverOf(tokens: readonly string[], pieces: readonly Piece[], before?: string): readonly Piece[] | null {
  const byFirst = Map.groupBy(pieces, (piece) => piece.tokens[0] ?? '');
  const tried = new Set<string>();
  const from = (at: number, last: string | undefined, next: Next): readonly Piece[] | null => {
    if (at === tokens.length) return next === 'piece' ? null : [];
    const place = `${at} ${next} ${last ?? ''}`;
    if (tried.has(place)) return null;
    tried.add(place);
    const fitting = (byFirst.get(tokens[at] ?? '') ?? [])
      .filter((piece) => fits(piece, last, next) && standsAt(tokens, at, piece))
      .sort((a, b) => b.tokens.length - a.tokens.length);
    for (const piece of fitting) {
      const rest = from(at + piece.tokens.length, isCourtesy(piece) ? last : piece.id, afterIt(piece));
      if (rest !== null) return [piece, ...rest];
    }
    return null;
  };
  return from(0, before, 'any');
}

/** It does not part two lines, and states nothing. */
export const isCourtesy = ({ id }: Piece): boolean => id === framingId || id === jointId || id === stopId;

function fits(piece: Piece, last: string | undefined, next: Next): boolean {
  const joins = piece.id === jointId || piece.id === stopId;
  if ((next === 'joint' && !joins) || (next === 'piece' && joins)) return false;
  return piece.after === undefined || piece.after === last;
}

function afterIt(piece: Piece): Next {
  if (piece.id === jointId) return 'piece';
  return piece.closes === true ? 'joint' : 'any';
}

function standsAt(tokens: readonly string[], at: number, piece: Piece): boolean {
  return piece.tokens.every((token, index) => tokens[at + index] === token);
}
