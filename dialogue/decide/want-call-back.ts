import { update, type Draft } from './draft.ts';
import { maxMisses } from './ask-about.ts';

/** Opens the way to a call back; what was refused before may be asked once more. */
export function wantCallBack(draft: Draft, reason: string): void {
  update(draft, {
    callBack: { stage: 'wanted', reason },
    skipped: draft.state.skipped.filter((step) => step !== 'contact' && step !== 'name'),
    // Asked, and once more.
    missed: { ...draft.state.missed, contact: maxMisses('contact') - 2, name: maxMisses('name') - 2 },
  });
}
