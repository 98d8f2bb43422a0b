import { framingId, type Piece } from './approved-pieces.ts';

export interface Cover {
  readonly pieces: readonly Piece[];
}

/**
 * Cuts tokens into approved pieces without a rest; null when that cannot be done. Each place is visited once for each
 * piece that can end there, so the time grows with the length.
 *
 * @param before The piece that was spoken last.
 */
export function coverOf(tokens: readonly string[], pieces: readonly Piece[], before?: string): Cover | null {
  const byFirst = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const first = piece.tokens[0] ?? '';
    byFirst.set(first, [...(byFirst.get(first) ?? []), piece]);
  }
  const tried = new Set<string>();
  const from = (at: number, last: string | undefined): readonly Piece[] | null => {
    if (at === tokens.length) return [];
    const place = `${at} ${last ?? ''}`;
    if (tried.has(place)) return null;
    tried.add(place);
    const fitting = (byFirst.get(tokens[at] ?? '') ?? [])
      .filter((piece) => (piece.after === undefined || piece.after === last) && standsAt(tokens, at, piece))
      .sort((a, b) => b.tokens.length - a.tokens.length);
    for (const piece of fitting) {
      const rest = from(at + piece.tokens.length, isFraming(piece) ? last : piece.id);
      if (rest !== null) return [piece, ...rest];
    }
    return null;
  };
  const found = from(0, before);
  return found === null ? null : { pieces: found };
}

/** Courtesy between two lines does not part them. */
export const isFraming = (piece: Piece): boolean => piece.id === framingId;

function standsAt(tokens: readonly string[], at: number, piece: Piece): boolean {
  return piece.tokens.every((token, index) => tokens[at + index] === token);
}
