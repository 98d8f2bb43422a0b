import { wording } from '../phrase/sentences.ts';
import { say, update, type Draft } from './draft.ts';
import { finish } from './finish.ts';
import { stillWaiting } from './hand-over.ts';
import { askAbout } from './ask-about.ts';
import { proceed } from './proceed.ts';
import type { Handled } from './tool-answers.ts';

/** Nobody speaks: ask again, then offer a person, then end politely. */
export function callerSilent(draft: Draft): Handled {
  const { bundle, state } = draft;
  if (state.ended === null && state.waitingFor?.tool === 'transfer') return stillWaiting(draft);
  const times = state.silencesInARow + 1;
  update(draft, { silencesInARow: times });
  if (state.ended !== null) {
    draft.acts.push({ type: 'end', outcome: state.ended });
    return { rule: 'silent-after-goodbye', why: 'The goodbye was said.' };
  }
  if (state.typed) return nothingWritten(draft, times);
  if (times >= 3) {
    finish(draft, ['silent-goodbye']);
    return { rule: 'silence-ends-call', why: 'The caller was silent three times.' };
  }
  if (times === 2 && state.callBack.stage === 'none' && state.focus.kind !== 'anything-else') {
    askAbout(draft, { kind: 'offer-call-back' }, wording(bundle, 'silent-offer'));
    return { rule: 'silence-offers-call-back', why: 'The caller was silent twice.' };
  }
  if (state.focus.kind === 'none') proceed(draft, wording(bundle, 'still-there'));
  else askAbout(draft, state.focus, wording(bundle, 'still-there'));
  return { rule: 'silence-asks-again', why: 'The caller was silent.' };
}

/** The question still stands on the page, so it is not repeated, and who writes needs no line to be checked. */
function nothingWritten(draft: Draft, times: number): Handled {
  if (times >= 2) {
    finish(draft, ['silent-goodbye-typed']);
    return { rule: 'silence-ends-call', why: 'The visitor wrote nothing twice.' };
  }
  say(draft, 'reprompt', wording(draft.bundle, 'still-there'));
  return { rule: 'silence-asks-again', why: 'The visitor wrote nothing.' };
}
