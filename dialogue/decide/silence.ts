import { wording } from '../phrase/sentences.ts';
import { update, type Draft } from './draft.ts';
import { finish } from './finish.ts';
import { askAbout, proceed } from './proceed.ts';
import type { Handled } from './tool-answers.ts';

/** Nobody speaks: ask again, then offer a person, then end politely. */
export function callerSilent(draft: Draft): Handled {
  const { bundle, state } = draft;
  const times = state.silencesInARow + 1;
  update(draft, { silencesInARow: times });
  if (state.ended !== null) {
    draft.acts.push({ type: 'end', outcome: state.ended });
    return { rule: 'silent-after-goodbye', why: 'The goodbye was said.' };
  }
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
