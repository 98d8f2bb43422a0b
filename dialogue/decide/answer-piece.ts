import { correctDigits } from '../capture/correction.ts';
import { digitsIn } from '../capture/digits.ts';
import { fitsNumberPlan, numberLength } from '../capture/number-plan.ts';
import { toE164 } from '../capture/phone.ts';
import { acknowledgement, wording } from '../phrase/sentences.ts';
import type { Focus, NumberInPieces } from '../state.ts';
import { askPiece, readPieceBack } from './ask-piece.ts';
import { noPieces, pieceLength } from './number-pieces.ts';
import { contactByOtherMeans, refusedContact } from './answer-contact.ts';
import { answering, polarityScore, proceedGladly, type CallerTurn, type Candidate } from './candidate.ts';
import { skip, update, updateLead, type Draft } from './draft.ts';
import { proceed } from './proceed.ts';

/** After so many failures at one piece, or so many questions for pieces, the number is let go. */
const maxFailures = 6;
const maxQuestions = 24;

/** A few digits of a number, or all of it. Null for what they cannot be: another hearing may fit. */
export function answerPiece(
  { heard, taken }: CallerTurn,
  focus: Extract<Focus, { kind: 'number-piece' }>,
): Candidate | null {
  if (taken.includes('phone') || taken.includes('email')) return wholeSaid();
  const piece = digitsIn(heard.words);
  if (piece !== '') {
    if (piece.length !== pieceLength(focus) || !canBe(focus, piece)) return null;
    return answering('read-back', 'read-back-piece', 0.95, `${piece.length} digits of the number.`, (draft) =>
      readPieceBack(draft, { ...focus, kind: 'confirm-piece', piece }, []),
    );
  }
  return contactByOtherMeans(heard) ?? refusedContact(heard);
}

/** Some digits were read back: are they right? */
export function confirmPiece(
  { before, heard, taken }: CallerTurn,
  focus: Extract<Focus, { kind: 'confirm-piece' }>,
): Candidate | null {
  if (taken.includes('phone') || taken.includes('email')) return wholeSaid();
  const { piece: readBack } = focus;
  const score = polarityScore(heard);
  if (heard.polarity.answer !== 'yes') {
    const said = digitsIn(heard.words);
    const right = correctDigits(readBack, heard.words) ?? (said.length === readBack.length ? said : null);
    if (right === readBack && heard.polarity.answer === 'none') return agreed(focus, 0.9);
    const pieces = { ...focus, wrong: [...focus.wrong, readBack] };
    if (right !== null && right !== readBack && canBe(pieces, right)) {
      return answering('read-back', 'corrected-piece', 0.96, 'The caller corrected the digits.', (draft) =>
        readPieceBack(draft, { ...pieces, piece: right }, wording(draft.bundle, 'changed-it')),
      );
    }
  }
  switch (heard.polarity.answer) {
    case 'none':
      return null;
    case 'yes':
      if (before.focusHeard) return agreed(focus, score);
      return answering('read-back', 'read-back-again', score, 'The read-back was not heard to its end.', (draft) =>
        readPieceBack(draft, focus, []),
      );
    case 'no':
      return answering('ask', 'piece-denied', score, 'The caller says it is wrong.', (draft) =>
        pieceFailed(draft, { ...focus, wrong: [...focus.wrong, readBack] }, 'piece-wrong'),
      );
    default:
      return heard.polarity.answer satisfies never;
  }
}

/** What was heard is no answer: the piece again, a shorter one, or no number at all. */
export function pieceFailed(draft: Draft, pieces: NumberInPieces, why: 'piece-wrong' | 'piece-unclear'): void {
  const { bundle, state } = draft;
  const { confirmed, wrong } = pieces;
  const failures = pieces.failures + 1;
  if (failures >= maxFailures || (state.asked['number-piece'] ?? 0) >= maxQuestions) {
    skip(draft, 'contact');
    return proceed(draft, wording(bundle, 'must-skip'));
  }
  askPiece(draft, { kind: 'number-piece', confirmed, wrong, failures }, wording(bundle, why));
}

function wholeSaid(): Candidate {
  return answering('read-back', 'read-back-contact', 0.97, 'A whole number or address was said.', (draft) =>
    proceed(draft),
  );
}

function agreed({ confirmed, piece }: NumberInPieces & { readonly piece: string }, score: number): Candidate {
  return answering('ask', 'piece-confirmed', score, 'The caller agreed to the digits.', (draft) => {
    const digits = confirmed + piece;
    if (digits.length < numberLength) {
      const next: Focus = { ...noPieces, kind: 'number-piece', confirmed: digits };
      return askPiece(draft, next, acknowledgement(draft.bundle, draft.turn));
    }
    const phone = toE164(digits, false);
    if (phone === null)
      return askPiece(draft, { ...noPieces, kind: 'number-piece' }, wording(draft.bundle, 'number-incomplete'));
    updateLead(draft, { phone });
    update(draft, { phoneConfirmed: true, dictation: { digits: '', email: '' } });
    proceedGladly(draft);
  });
}

/** Not what the caller has denied, and what a number can have there. */
function canBe({ confirmed, wrong }: NumberInPieces, piece: string): boolean {
  return !wrong.some((denied) => piece.startsWith(denied)) && fitsNumberPlan(confirmed + piece);
}
