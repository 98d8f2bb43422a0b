import { digitsIn } from '../capture/digits.ts';
import type { State } from '../state.ts';
import type { Understanding } from '../understand/understand.ts';

/** Below this the dialogue does not act upon a guess. */
const guessFloor = 0.5;

/** The end of an e-mail address. */
export const topLevel = /\.(?:com|net|org|edu|gov|io|co|us|biz|info)$/;

/** "… dot com". */
export const endsLikeAnAddress = (words: readonly string[]): boolean =>
  words.at(-2) === 'dot' && topLevel.test(`.${words.at(-1) ?? ''}`);

/** Whether anything in an utterance means something where the call is. If not, the agent could only ask again. */
export function makesSense(state: State, heard: Understanding): boolean {
  if (heard.polarity.answer !== 'none' || Object.keys(heard.answers).length > 0) return true;
  if (heard.guesses.some((guess) => guess.confidence >= guessFloor)) return true;
  if (heard.phone !== null || heard.email !== null) return true;
  switch (state.focus.kind) {
    case 'name':
      return heard.name !== null;
    case 'contact':
    case 'confirm-phone':
    case 'confirm-email':
      return heard.correction || dictatedSince(state, heard) || endsLikeAnAddress(heard.words);
    case 'number-piece':
    case 'confirm-piece':
      return heard.correction || digitsIn(heard.words) !== '';
    case 'preference':
    case 'slot':
    case 'confirm-slot':
    case 'which-appointment':
    case 'change-how':
      return saysWhen(heard);
    case 'question':
    case 'want-appointment':
    case 'offer-call-back':
    case 'offer-fact':
    case 'identify':
    case 'good-time':
    case 'keep-appointment':
    case 'confirm-cancel':
    case 'anything-else':
    case 'none':
      return false;
    default:
      return state.focus satisfies never;
  }
}

/** Digits or parts of an address that were not there before. */
function dictatedSince({ dictation }: State, heard: Understanding): boolean {
  return heard.digits !== dictation.digits || heard.emailWords !== dictation.email;
}

function saysWhen({ when }: Understanding): boolean {
  const { preference, time, ordinal, monthDay, any, later, earlier } = when;
  return (
    time !== null ||
    ordinal !== null ||
    monthDay !== null ||
    any ||
    later ||
    earlier ||
    Object.keys(preference).length > 0
  );
}
